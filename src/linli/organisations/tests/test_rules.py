"""`may_…` agrees with the queryset beside it, for every account and every row."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from linli.kernel.models import Account
from linli.organisations import rules
from linli.organisations.models import Holding, Organisation, Post
from linli.organisations.tests.factories import START, account, organisation, post

PEOPLE = [f"person-{n}" for n in range(4)]


class TestRulesAgree(TestCase):
    @pytest.mark.slow
    @settings(max_examples=60, deadline=None)
    @given(
        parents=st.lists(st.none() | st.integers(0, 3), min_size=4, max_size=4),
        posts=st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from(["chief", "handler", "service-centre"]),
                st.booleans(),
                st.none() | st.integers(0, 3),
                st.none() | st.integers(0, 3),
            ),
            max_size=6,
        ),
        administrator=st.none() | st.integers(0, 3),
        left=st.none() | st.integers(0, 3),
    )
    def test_agree(self, parents, posts, administrator, left):
        for n, name in enumerate(PEOPLE):
            account(name, is_administrator=n == administrator, is_active=n != left)
        offices = [organisation(f"o{n}") for n in range(4)]
        for n, parent in enumerate(parents):
            Organisation.objects.filter(pk=offices[n].pk).update(
                parent=None if parent is None else offices[parent]
            )
        for n, (office, kind, oversight, holder, deputy) in enumerate(posts):
            post(
                f"p{n}",
                office=offices[office],
                kind=kind,
                oversight=oversight,
                holder=None if holder is None else PEOPLE[holder],
                deputy=None if deputy in (None, holder) else PEOPLE[deputy],
            )
        for by in Account.objects.all():
            staffable = {p for p in Post.objects.all() if rules.may_staff(by, p)}
            assert staffable == set(rules.staffable_by(by))
            settable = {h for h in Holding.objects.all() if rules.may_set_absence(by, h)}
            assert settable == set(rules.absences_settable_by(by))
            readable = {p for p in Post.objects.all() if rules.may_read_post(by, p)}
            assert readable == set(rules.readable_by(by)) >= staffable
            if not by.is_active:
                assert not staffable | settable
            if not rules.may_arrange(by):
                assert not any(p.oversight for p in staffable)


@pytest.mark.django_db
def test_a_head_of_office_staffs_the_office_and_those_below():
    top, beside = organisation("top"), organisation("beside")
    below = organisation("below", parent=top)
    own = post("head", kind="chief", holder="dolma", office=top)
    rows = {name: post(name, office=o) for name, o in [("t", top), ("b", below), ("x", beside)]}
    check = post("check", office=below, oversight=True)
    dolma = account("dolma")
    assert set(rules.staffable_by(dolma)) == {rows["t"], rows["b"]}
    assert not rules.may_staff(dolma, own)
    assert not rules.may_staff(dolma, check)
    Holding.objects.update(until=START)
    assert not rules.staffable_by(dolma).exists()


@pytest.mark.django_db
def test_colleagues_in_a_post_cover_for_each_other():
    post("r", holder="dolma", deputy="tashi")
    post("s", holder="norbu")
    dolmas = Holding.objects.get(account=account("dolma"))
    assert rules.may_set_absence(account("tashi"), dolmas)
    assert not rules.may_set_absence(account("norbu"), dolmas)
