"""Offices and posts: everything refers to something, and the gaps are there."""

import pytest

from linli.engines.prefecture import DutyFacts, Names, Offices, Prefecture, build, staff

LEVELS = {
    "service-centre": ("township", "county", "prefecture"),
    "neighbourhood": ("grid", "village", "township"),
    "roads": ("township", "county", "prefecture"),
    "gas": ("county", "prefecture"),
    "sanitation": ("village", "township", "county"),
    "inspection": ("county", "prefecture"),
    "ferries": ("county",),
}


@pytest.fixture(scope="module")
def prefecture() -> Prefecture:
    return build(seed=7, scale=0.05)


@pytest.fixture(scope="module")
def offices(prefecture: Prefecture) -> Offices:
    duties = [DutyFacts(c, Names(c, "ལས", c), levels) for c, levels in LEVELS.items()]
    return staff(prefecture, duties)


def test_everything_refers_to_something_that_comes_before(prefecture, offices) -> None:
    areas = {area.code for area in prefecture.areas}
    seen = {""}
    for organisation in offices.organisations:
        assert organisation.parent in seen
        assert organisation.code not in seen
        seen.add(organisation.code)
    assert all(post.organisation in seen for post in offices.posts)
    assert all(area in areas for post in offices.posts for _, area in post.answers)
    posts = {post.code for post in offices.posts}
    assert len(posts) == len(offices.posts)
    assert all(holding.post in posts for holding in offices.holdings)
    assert all(len(code) <= 40 for code in posts | seen)


def test_every_duty_has_its_posts_where_it_says(prefecture, offices) -> None:
    answered = {answer for post in offices.posts for answer in post.answers}
    for grid in prefecture.level("grid"):
        assert ("neighbourhood", grid.code) in answered
    for village in prefecture.level("village"):
        assert ("sanitation", village.code) in answered
    for township in prefecture.level("township"):
        assert ("roads", township.code) in answered
        assert ("gas", township.code) not in answered
    for county in prefecture.level("county"):
        assert ("ferries", county.code) in answered


def test_there_are_gaps_for_the_coverage_page_to_find(prefecture, offices) -> None:
    answered = {answer for post in offices.posts for answer in post.answers}
    counties = prefecture.level("county")
    assert ("gas", counties[0].code) in answered
    assert ("gas", counties[-1].code) not in answered
    held = [holding.post for holding in offices.holdings]
    assert len(set(held)) < len(offices.posts)
    assert any(holding.absent for holding in offices.holdings)
    assert any(holding.deputy for holding in offices.holdings)


def test_only_inspection_is_oversight(offices) -> None:
    for post in offices.posts:
        assert post.oversight == any(duty == "inspection" for duty, _ in post.answers)


def test_teams_and_their_members_are_exact(prefecture, offices) -> None:
    assert len(offices.teams) == prefecture.size.teams
    assert sum(team.size for team in offices.teams) == prefecture.size.team_members
    assert min(team.size for team in offices.teams) >= 6
    road_posts = [post for post in offices.posts if post.code.startswith("road-post-")]
    assert len(road_posts) == prefecture.size.road_posts
    assert all(post.team for post in road_posts)


def test_the_same_seed_gives_the_same_people(prefecture, offices) -> None:
    duties = [DutyFacts(c, Names(c, "ལས", c), levels) for c, levels in LEVELS.items()]
    assert staff(prefecture, duties) == offices
