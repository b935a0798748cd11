"""Cases that tell of the same thing: suggested, put together, and apart again."""

import datetime as dt

import pytest
import shapely

from linli.areas.actions import replace_features
from linli.areas.rows import FeatureRow
from linli.areas.tests.factories import area
from linli.cases import actions, merging, queries, rules
from linli.cases.models import DeclineReason, PauseReason, State
from linli.cases.queries import duplicates
from linli.cases.routing import Where
from linli.cases.tests.at_the_desk import case_page, see
from linli.cases.tests.factories import (
    IN_A1,
    IN_A2,
    a_case,
    a_receipt,
    fresh,
    later,
    person,
    resolved,
)
from linli.cases.tests.test_intake import a_picture
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.organisations.models import Duty

pytestmark = pytest.mark.usefixtures("place")
NEAR = (IN_A1[0] + 0.0002, IN_A1[1])  # about 18 m


def joined(**fields):
    """Two receipts of one pothole, the second merged into the first."""
    first, second = a_receipt(**fields), a_receipt(at=NEAR, photos=[a_picture()])
    actions.merge(second.case, into=first.case, by=person("drolma"))
    return first, second


def test_near_recent_and_alike_is_suggested_first():
    case = a_case(text="桥头有一个大坑")
    alike = a_case(at=NEAR, text="桥头的大坑还没有补")
    other = a_case(at=NEAR, text="路边石头滚下来")
    a_case(at=IN_A2, text="桥头有一个大坑")
    a_case("street-light", at=NEAR, text="桥头有一个大坑")
    found = queries.likely_duplicates(case, person("drolma"))
    assert [one.case for one in found] == [alike, other]
    assert found[0].metres == pytest.approx(18, abs=2)
    assert found[0].score > found[1].score


def test_suggestions_only_for_who_leads_and_never_for_private_services():
    case = a_case(text="坑")
    a_case(at=NEAR, text="坑")
    assert queries.likely_duplicates(case, person("tashi")) == []
    private = a_case("benefit-errand", where=Where(*IN_A1))
    a_case("benefit-errand", where=Where(*IN_A1))
    assert queries.likely_duplicates(private, person("drolma")) == []


def test_an_old_case_is_no_duplicate(monkeypatch):
    a_case()
    later(monkeypatch, days=61)
    assert queries.likely_duplicates(a_case(at=NEAR), person("drolma")) == []


def test_the_nearest_are_looked_at_however_many_are_newer(monkeypatch):
    monkeypatch.setattr(duplicates, "CANDIDATES", 2)
    case = a_case(text="坑")
    nearest = a_case(at=(IN_A1[0] + 0.00001, IN_A1[1]), text="坑")
    for _ in range(3):
        a_case(at=(IN_A1[0] + 0.0004, IN_A1[1]), text="坑")
    found = queries.likely_duplicates(case, person("drolma"))
    assert (len(found), found[0].case) == (2, nearest)


def test_what_lies_beyond_a_river_comes_last_and_is_said():
    case = a_case(text="坑")
    beyond = a_case(at=NEAR, text="坑")
    beside = a_case(at=(IN_A1[0] - 0.0004, IN_A1[1]), text="别的")
    found = queries.likely_duplicates(case, person("drolma"))
    assert [(one.case, one.parted) for one in found] == [(beyond, False), (beside, False)]
    lon, lat = IN_A1[0] + 0.0001, IN_A1[1]
    river = shapely.to_wkb(shapely.LineString([(lon, lat - 1), (lon, lat + 1)]))
    replace_features("river", [FeatureRow("river", "R", {}, river)], by=None)
    found = queries.likely_duplicates(case, person("drolma"))
    assert [(one.case, one.parted) for one in found] == [(beside, False), (beyond, True)]
    assert "beyond a river" in see("drolma", case_page(case)).content.decode()


def test_a_merge_carries_followers():
    first, second = joined()
    page = queries.followed(second.token)
    assert page.case == second.case
    assert page.leading == first.case
    actions.add_update(first.case, words="明天来修", by=person("tashi"))
    assert [u.words for u in queries.followed(second.token).updates] == ["明天来修"]


def test_who_did_the_work_opens_no_contact_of_those_who_followed():
    contact = ("phone", "0971-5550123")
    first, second = a_receipt(contact=contact), a_receipt(at=NEAR, contact=contact)
    Duty.objects.filter(code="roads").update(sees_contacts=True)
    actions.merge(second.case, into=first.case, by=person("drolma"))
    assert rules.may_look_at_contact(person("tashi"), fresh(second.case))
    resolved(fresh(first.case))
    for case in (fresh(first.case), fresh(second.case)):
        assert not rules.may_look_at_contact(person("tashi"), case)
        assert rules.may_look_at_contact(person("drolma"), case)


def test_a_merge_carries_photos():
    first, second = joined()
    assert [p.case for p in queries.photos_of(first.case)] == [second.case]


def test_another_reporters_photo_is_shown_only_when_cleared():
    first, second = joined()
    assert queries.followed(first.token).photos == []
    actions.clear_photo(second.case.photos.get(), by=person("drolma"))
    assert len(queries.followed(first.token).photos) == 1


def test_a_merge_carries_clocks(monkeypatch):
    old = a_receipt()
    later(monkeypatch, days=2)
    new = a_case(at=NEAR)
    actions.merge(old.case, into=new, by=person("drolma"))
    assert fresh(new).due_at == old.due_at < new.first_due_at == fresh(new).first_due_at
    assert len(queries.why(new).deadlines) == 2
    actions.unmerge(old.case, by=person("drolma"))
    assert fresh(new).due_at == new.due_at


def test_resolving_meets_the_promises_of_all_and_a_contest_takes_it_back():
    first, second = joined()
    resolved(first.case)
    assert second.case.promises.get().met_at is not None
    actions.contest(first.case, token=second.token)
    assert second.case.promises.get().met_at is None
    assert fresh(first.case).reworks == 1


def test_a_follower_may_contest_but_only_the_first_reporter_closes():
    first, second = joined()
    resolved(first.case)
    assert actions.confirm(first.case, token=second.token).state == State.RESOLVED
    assert actions.confirm(first.case, token=first.token).state == State.CLOSED
    assert first.case.answers.count() == 2


def test_what_is_declined_together_is_erased_in_time_and_kept_while_contested():
    first, second = joined()
    reason = DeclineReason.OUTSIDE_REMIT
    actions.decline(first.case, reason=reason, words="不归我们管", by=person("tashi"))
    assert fresh(second.case).next_erasure_at is not None
    actions.contest(first.case, token=first.token)
    assert fresh(second.case).next_erasure_at is None


def test_a_merge_can_be_undone():
    first, second = joined()
    case = actions.unmerge(second.case, by=person("kunga"))
    assert case.state == State.RECEIVED
    assert merging.merged_into(first.case) == []
    assert queries.followed(second.token).leading == second.case
    with pytest.raises(Conflict, match="not-merged"):
        actions.unmerge(second.case, by=person("drolma"))


def test_what_was_met_together_runs_on_apart():
    first, second = joined()
    resolved(first.case)
    case = actions.unmerge(second.case, by=person("drolma"))
    assert case.promises.get().met_at is None


def test_a_paused_case_goes_on_when_it_is_apart_again():
    first, second = a_case(), a_case(at=NEAR)
    actions.pause(
        second, reason=PauseReason.PARTS, words="等材料", by=person("tashi"),
        until=second.received_at + dt.timedelta(days=9),
    )  # fmt: skip
    actions.merge(second, into=first, by=person("drolma"))
    assert actions.unmerge(second, by=person("drolma")).state == State.OPEN


def test_no_circles_and_no_case_with_itself():
    first, second = joined()
    for case, into in ((first.case, first.case), (first.case, second.case)):
        with pytest.raises(Conflict):
            actions.merge(case, into=into, by=person("drolma"))


def test_chains_are_followed_to_their_end():
    first, second = joined()
    third = a_receipt(at=NEAR)
    actions.merge(first.case, into=third.case, by=person("drolma"))
    assert queries.followed(second.token).leading == third.case
    assert {c.pk for c in merging.merged_into(third.case)} == {first.case.pk, second.case.pk}


def test_private_cases_are_never_put_together():
    one, two = (a_case("benefit-errand", where=Where(area=area("A1"))) for _ in range(2))
    with pytest.raises(Invalid, match="private-service"):
        actions.merge(one, into=two, by=person("drolma"))


def test_only_who_leads_both_puts_them_together():
    for name in ("tashi", "admin"):
        with pytest.raises(Forbidden):
            actions.merge(a_case(), into=a_case(at=NEAR), by=person(name))
    with pytest.raises(Forbidden):
        actions.merge(a_case(), into=a_case(at=IN_A2), by=person("drolma"))


def test_erasing_the_one_leaves_the_other():
    first, second = joined()
    actions.mark_accusing(first.case, authority="police", by=person("drolma"))
    assert fresh(second.case).state == State.RECEIVED
    assert queries.followed(second.token).leading == second.case


def test_an_erased_follower_takes_its_clock_and_its_answers_along(monkeypatch):
    old = a_receipt()
    later(monkeypatch, days=2)
    new = a_case(at=NEAR)
    actions.merge(old.case, into=new, by=person("drolma"))
    resolved(fresh(new))
    actions.confirm(new, token=old.token, said=actions.Said("谢谢"))
    actions.mark_accusing(old.case, authority="police", by=person("drolma"))
    assert fresh(new).due_at == new.due_at
    assert not new.answers.exists()
    assert merging.merged_into(new) == []
