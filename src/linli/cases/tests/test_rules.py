"""Who sees what: `may_see` and `visible_to` agree, whatever happened to a case."""

import contextlib

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linli.areas.tests.factories import area
from linli.cases import actions, rules
from linli.cases.models import Answer, Case
from linli.cases.routing import Where
from linli.cases.tests.factories import (
    IN_A1,
    IN_A2,
    IN_B,
    NAMES,
    OUTSIDE,
    POSTS,
    a_case,
    person,
    post,
    resolved,
)
from linli.kernel.errors import LinliError
from linli.organisations.models import Organisation

pytestmark = pytest.mark.usefixtures("place")
POINTS = {"A1": IN_A1, "A2": IN_A2, "B": IN_B, "outside": OUTSIDE}


def sees(name):
    """The cases that somebody sees, by both ways, which have to agree."""
    one = set(rules.visible_to(person(name)).values_list("pk", flat=True))
    other = {case.pk for case in Case.objects.all() if rules.may_see(person(name), case)}
    assert one == other, name
    return one


SLIPS = {
    "may_see": lambda right: lambda person, case: True,
    "visible_to": lambda right: lambda person: right(person).none(),
    "owns": lambda right: lambda person, case: True,
    "operates": lambda right: lambda person, case: False,
    "helps": lambda right: lambda person, case: True,
    "_in_chain": lambda right: lambda person, case: True,
}


@pytest.mark.parametrize("name", SLIPS)
def test_a_slip_in_either_of_the_two_is_seen(name, monkeypatch):
    a_case()
    monkeypatch.setattr(rules, name, SLIPS[name](getattr(rules, name)))
    with pytest.raises(AssertionError):
        list(map(sees, ("tashi", "drolma", "zhaomin")))


def complaint(office):
    found = Organisation.objects.get(code=office)
    return a_case("office-complaint", where=Where(area=area("A1")), office=found)


def one_step(case, step, who, to):
    """Try one action; what is not allowed or not possible changes nothing."""
    by, post_ = person(who), post(to)
    steps = {
        "triage": lambda: actions.triage(case, by=by),
        "assign": lambda: actions.assign(case, to=post_, by=by),
        "offer": lambda: actions.offer(case, to=post_, by=by),
        "accept": lambda: actions.accept(case.offers.last(), by=by),
        "support": lambda: actions.support(case, to=post_, task="看看", by=by),
        "resolve": lambda: actions.resolve(case, words="好了", by=by),
        "confirm": lambda: actions.confirm(case, by=by),
        "contest": lambda: actions.contest(case, by=by),
        "decline": lambda: actions.decline(case, reason="court", words="法院", by=by),
        "erase": lambda: actions.mark_accusing(case, authority="police", by=by),
    }
    with contextlib.suppress(LinliError, AttributeError):  # the latter: no offer to accept
        steps[step]()


STEP = st.tuples(
    st.sampled_from(["triage", "assign", "offer", "accept", "support", "resolve", "confirm",
                     "contest", "decline", "erase"]),
    st.sampled_from(sorted(NAMES)),
    st.sampled_from(sorted(POSTS)),
)  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from([*POINTS, "complaint"]),
    st.sampled_from(["roads-a1", "county-a", "inspection-p"]),
    st.lists(STEP, max_size=8),
)
def test_may_see_and_visible_to_agree(where, office, steps):
    with transaction.atomic():  # each example begins without the cases of those before it
        case = complaint(office) if where == "complaint" else a_case(at=POINTS[where])
        for step in steps:
            one_step(case, *step)
        for name in NAMES:
            sees(name)
            seen = {a for a in Answer.objects.all() if rules.may_see_rating(person(name), a)}
            assert set(rules.ratings_visible_to(person(name))) == seen
        transaction.set_rollback(True)


def test_an_operator_sees_her_areas_and_no_others():
    in_a1, in_a2, in_b, outside = (a_case(at=POINTS[p]).pk for p in POINTS)
    assert sees("drolma") == {in_a1}
    assert sees("lina") == {in_a1, in_a2}
    assert sees("pema") == {in_a1, in_a2, in_b, outside}


def test_a_handler_sees_the_cases_of_the_post_and_what_is_offered_to_it():
    case = a_case()
    assert sees("tashi") == sees("norbu") == {case.pk}
    assert sees("zhaomin") == set()
    offer = actions.offer(case, to=post("water-a"), by=person("tashi"))
    assert sees("zhaomin") == {case.pk}
    actions.accept(offer, by=person("zhaomin"))
    assert (sees("zhaomin"), sees("tashi")) == ({case.pk}, set())


def test_a_refused_offer_closes_the_eyes_again():
    offer = actions.offer(a_case(), to=post("water-a"), by=person("tashi"))
    actions.refuse(offer, reason="wrong-place", by=person("zhaomin"))
    assert sees("zhaomin") == set()


def test_a_helping_unit_sees_the_case():
    case = a_case()
    actions.support(case, to=post("water-a"), task="关阀门", by=person("tashi"))
    assert sees("zhaomin") == {case.pk}


@pytest.mark.parametrize("name", ["admin", "tenzin"])
def test_who_holds_no_post_sees_nothing(name):
    a_case()
    assert sees(name) == set()


def test_a_left_colleague_sees_nothing():
    a_case()
    person("tashi")
    type(person("tashi")).objects.filter(username="tashi").update(is_active=False)
    assert sees("tashi") == set()


def test_a_complaint_about_an_office_is_seen_by_nobody_of_its_chain():
    case = complaint("roads-a1")
    assert sees("yangjin") == {case.pk}
    for name in set(NAMES) - {"yangjin"}:
        assert sees(name) == set()


def test_nor_by_somebody_who_holds_a_post_on_both_sides():
    case = complaint("roads-a1")
    post("roads-p").holdings.create(account=person("yangjin"), since=case.received_at)
    assert sees("yangjin") == set()


def test_an_erased_case_is_seen_by_nobody():
    case = a_case()
    actions.mark_accusing(case, authority="police", by=person("drolma"))
    assert all(sees(name) == set() for name in NAMES)


def test_the_next_post_up_sees_a_contested_case_and_the_one_before_no_longer():
    case = resolved()
    actions.contest(case, by=person("drolma"))
    assert (sees("wangli"), sees("tashi")) == ({case.pk}, set())
