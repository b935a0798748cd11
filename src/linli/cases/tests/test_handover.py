"""Exactly one owner: triage, assigning, hand-overs, helping units, declining."""

import pytest
from django.db import IntegrityError, transaction

from linli.areas.tests.factories import area
from linli.cases import actions, queries
from linli.cases.models import Closing, DeclineReason, Offer, Refusal, State, Why
from linli.cases.routing import Where
from linli.cases.tests.factories import (
    IN_A2,
    a_case,
    a_receipt,
    fresh,
    person,
    post,
    service,
)
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.organisations.models import Organisation

pytestmark = pytest.mark.usefixtures("place")


def offered(case=None, to="water-a", by="tashi"):
    return actions.offer(case or a_case(), to=post(to), words="是水管漏水冲坏的。", by=person(by))


def test_triage_opens_and_publishes():
    case = actions.triage(a_case(), public_text="桥头路面破损", publish=True, by=person("drolma"))
    assert case.state == State.OPEN
    assert case.published
    assert case.public_text == "桥头路面破损"


def test_nothing_of_a_private_service_is_published():
    case = a_case("benefit-errand", where=Where(area=area("A1")))
    for fields in ({"publish": True}, {"public_text": "养老金"}):
        with pytest.raises(Invalid, match="private-service"):
            actions.triage(case, by=person("drolma"), **fields)


@pytest.mark.parametrize("name", ["tashi", "tenzin", "admin", "dekyi"])
def test_only_who_leads_triages(name):
    with pytest.raises(Forbidden):
        actions.triage(a_case(), by=person(name))


def test_an_operator_of_another_area_does_not_triage():
    with pytest.raises(Forbidden):
        actions.triage(a_case(at=IN_A2), by=person("drolma"))


def test_assigning_by_hand_changes_the_owner_and_says_so():
    case = actions.assign(a_case(), to=post("water-a"), by=person("drolma"))
    assert case.owner == post("water-a")
    assert [r.why for r in case.routings.all()] == [Why.DUTY, Why.BY_HAND]


def test_assigning_twice_is_a_conflict():
    case = actions.assign(a_case(), to=post("water-a"), by=person("drolma"))
    with pytest.raises(Conflict, match="already-owner"):
        actions.assign(case, to=post("water-a"), by=person("drolma"))


def test_a_form_that_was_filled_for_an_older_state_is_a_conflict():
    case = a_case()
    actions.triage(case, by=person("drolma"), revision=case.revision)
    with pytest.raises(Conflict, match="case-changed"):
        actions.assign(case, to=post("water-a"), by=person("kunga"), revision=case.revision)


def test_a_handover_ends_only_when_the_other_side_accepts():
    offer = offered()
    case = fresh(offer.case)
    assert case.owner == post("roads-a1")
    case = actions.accept(offer, by=person("zhaomin"))
    assert case.owner == post("water-a")
    assert case.state == State.OPEN
    assert case.routings.last().why == Why.HANDED_OVER


def test_a_refused_handover_leaves_the_case_where_it_is():
    offer = offered()
    reason = Refusal.OUTSIDE_REMIT
    case = actions.refuse(offer, reason=reason, words="不是供水管", by=person("zhaomin"))
    assert case.owner == post("roads-a1")
    [(row, words, refusal)] = queries.offers_of(case)
    assert (row.state, row.refusal) == (Offer.State.REFUSED, reason)
    assert (words, refusal) == ("是水管漏水冲坏的。", "不是供水管")
    assert offered(case, to="roads-a").state == Offer.State.OPEN


def test_one_open_offer_a_case():
    offer = offered()
    with pytest.raises(Conflict, match="offer-open"):
        offered(offer.case, to="roads-a")
    with pytest.raises(IntegrityError), transaction.atomic():
        Offer.objects.create(
            case=offer.case, giver=offer.giver, taker=post("roads-a"), by=offer.by,
            offered_at=offer.offered_at,
        )  # fmt: skip


def test_only_the_owner_offers_and_only_the_other_side_answers():
    with pytest.raises(Forbidden):
        offered(by="zhaomin")
    offer = offered()
    for name in ("tashi", "wangli", "drolma", "admin"):
        with pytest.raises(Forbidden):
            actions.accept(offer, by=person(name))


def test_an_offer_is_answered_once():
    offer = offered()
    actions.accept(offer, by=person("zhaomin"))
    for answer in (actions.accept, lambda o, by: actions.refuse(o, reason="no-means", by=by)):
        with pytest.raises(Conflict, match="offer-answered"):
            answer(offer, by=person("zhaomin"))


def test_an_offer_can_be_taken_back():
    offer = offered()
    actions.withdraw_offer(offer, by=person("norbu"))
    with pytest.raises(Conflict, match="offer-answered"):
        actions.accept(offer, by=person("zhaomin"))


def test_assigning_withdraws_what_was_offered():
    offer = offered()
    actions.assign(offer.case, to=post("roads-a"), by=person("drolma"))
    offer.refresh_from_db()
    assert offer.state == Offer.State.WITHDRAWN


def test_a_helping_unit_has_a_task_of_its_own():
    case = a_case()
    help_ = actions.support(case, to=post("water-a"), task="关阀门", by=person("tashi"))
    assert fresh(case).owner == post("roads-a1")
    assert [w.words for w in queries.supports_of(case)] == ["关阀门"]
    with pytest.raises(Conflict, match="already-helping"):
        actions.support(case, to=post("water-a"), task="又一个", by=person("tashi"))
    with pytest.raises(Forbidden):
        actions.finish_support(help_, by=person("tashi"))
    assert actions.finish_support(help_, by=person("zhaomin")).done_at
    with pytest.raises(Conflict, match="already-done"):
        actions.finish_support(help_, by=person("zhaomin"))


def test_declining_needs_words_for_the_reporter():
    case = a_case()
    reason = DeclineReason.ALREADY_PLANNED
    with pytest.raises(Invalid, match="words-needed"):
        actions.decline(case, reason=reason, words="", by=person("tashi"))
    case = actions.decline(case, reason=reason, words="明年四月重铺。", by=person("tashi"))
    assert (case.state, case.closing) == (State.DECLINED, Closing.DECLINED)
    [update] = queries.updates_of(case)
    assert (update.words, update.row.reason) == ("明年四月重铺。", reason)


def test_a_declined_case_can_be_contested():
    receipt = a_receipt()
    reason = DeclineReason.OUTSIDE_REMIT
    actions.decline(receipt.case, reason=reason, words="不归我们管", by=person("tashi"))
    case = actions.contest(receipt.case, token=receipt.token)
    assert (case.state, case.closed_at, case.closing) == (State.OPEN, None, "")
    assert case.owner == post("roads-a")


def test_correcting_the_service_routes_it_anew():
    case = actions.change_service(a_case(), to=service("water-supply"), by=person("drolma"))
    assert case.owner == post("water-a")
    assert case.version == service("water-supply")
    assert case.routings.last().why == Why.SERVICE_CHANGED


def test_a_case_is_not_made_into_another_kind():
    with pytest.raises(Invalid, match="other-kind"):
        actions.change_service(a_case(), to=service("office-complaint"), by=person("drolma"))
    with pytest.raises(Invalid, match="other-kind"):
        actions.change_service(a_case(), to=service("help-for-another"), by=person("drolma"))


def test_correcting_to_a_private_service_takes_it_off_the_public_page():
    case = actions.triage(a_case(), public_text="路灯", publish=True, by=person("drolma"))
    case = actions.change_service(case, to=service("benefit-errand"), by=person("drolma"))
    assert (case.public, case.published, case.public_text) == (False, False, "")


def test_what_was_told_in_private_is_never_made_public():
    case = a_case("benefit-errand", where=Where(area=area("A1")))
    with pytest.raises(Invalid, match="private-service"):
        actions.change_service(case, to=service("pothole"), by=person("drolma"))


def test_a_case_is_not_corrected_to_a_version_that_is_not_in_use():
    version = service("street-light")
    version.usable_from = None
    version.save()
    with pytest.raises(Invalid, match="service-not-in-use"):
        actions.change_service(a_case(), to=version, by=person("drolma"))


def test_a_complaint_about_an_office_is_never_given_to_its_chain():
    office = Organisation.objects.get(code="roads-a1")
    case = a_case("office-complaint", where=Where(area=area("A1")), office=office)
    for act in (
        lambda: actions.assign(case, to=post("roads-a"), by=person("yangjin")),
        lambda: actions.offer(case, to=post("roads-p"), by=person("yangjin")),
        lambda: actions.support(case, to=post("roads-a1"), task="说明", by=person("yangjin")),
    ):
        with pytest.raises(Invalid, match="own-chain"):
            act()
