"""What goes when: accusing reports at once, help for another in 72 hours, the rest in its time."""

import pytest
from django.apps import apps

from linli.cases import actions, jobs, opening, photos, queries
from linli.cases.actions import Said
from linli.cases.models import Authority, Case, Closing, State
from linli.cases.routing import Where
from linli.cases.tests.factories import (
    IN_A1,
    a_receipt,
    fresh,
    help_for,
    later,
    person,
    resolved,
)
from linli.cases.tests.test_intake import a_picture
from linli.kernel.contacts import Why
from linli.kernel.errors import Forbidden, Invalid, Missing
from linli.kernel.models import Contact, Entry

pytestmark = pytest.mark.usefixtures("place")
CONTACT = ("phone", "0971-5550123")


def files():
    return [p for p in photos.folder().rglob("*") if p.is_file()]


def a_full_case(code="pothole"):
    """A closed case with something in every column."""
    found = a_receipt(
        code, contact=CONTACT, photos=[a_picture()], where=Where(*IN_A1, words="老桥旁")
    )
    case = found.case
    actions.triage(case, public_text="桥头路面破损", publish=True, by=person("drolma"))
    actions.add_note(case, words="内部", by=person("tashi"))
    resolved(case)
    actions.confirm(case, token=found.token, said=Said("谢谢", 5, True))
    return found


def rows_about(case):
    """How many rows of any table still point at the case, itself apart."""
    return sum(
        model.objects.filter(**{field.name: case}).count()
        for model in apps.get_app_config("cases").get_models()
        for field in model._meta.local_fields
        if field.related_model is Case
    )


@pytest.mark.django_db(transaction=True)
def test_an_accusing_report_is_erased_with_its_key_and_only_the_count_stays():
    found = a_receipt(contact=CONTACT, photos=[a_picture()], where=Where(*IN_A1, words="老桥旁"))
    assert len(files()) == 1
    actions.add_note(found.case, words="像是举报邻居", by=person("drolma"))
    case = actions.mark_accusing(found.case, authority=Authority.POLICE, by=person("drolma"))
    assert case.key.destroyed_at is not None
    assert bytes(fresh(case).key.wrapped) == b""
    assert (case.state, case.closing) == (State.ERASED, Closing.ACCUSING)
    erased = ("text_locked", "where_locked", "lon", "lat", "place", "area", "contact", "office")
    assert {name: getattr(fresh(case), name) for name in erased} == dict.fromkeys(erased)
    assert (rows_about(case), files(), Contact.objects.count()) == (0, [], 0)
    assert Entry.objects.filter(event="case-marked-accusing").count() == 1


def test_its_link_shows_the_competent_authority_and_nothing_else():
    found = a_receipt(contact=CONTACT)
    actions.mark_accusing(found.case, authority=Authority.COURT, by=person("drolma"))
    page = queries.followed(found.token)
    assert page.erased
    assert page.case.authority == Authority.COURT
    assert (page.updates, page.notes, page.photos, page.promises) == ([], [], [], [])
    assert not page.may_answer


@pytest.mark.parametrize("name", ["tashi", "lin", "admin"])
def test_only_who_leads_marks(name):
    name = {"lin": "wangli"}.get(name, name)
    with pytest.raises(Forbidden):
        actions.mark_accusing(a_receipt().case, authority=Authority.POLICE, by=person(name))


def test_an_erased_case_reads_like_a_missing_one():
    case = a_receipt().case
    actions.mark_accusing(case, authority=Authority.POLICE, by=person("drolma"))
    with pytest.raises(Missing):
        actions.add_note(case, words="还在吗", by=person("drolma"))


def test_a_complaint_about_an_office_cannot_be_marked_away():
    from linli.cases.tests.test_routing import complaint

    case = complaint("roads-a1")
    for name in ("yangjin", "drolma", "pema"):
        with pytest.raises(Forbidden):
            actions.mark_accusing(case, authority=Authority.POLICE, by=person(name))


def test_help_for_another_is_gone_after_72_hours_without_agreement(monkeypatch):
    found = help_for()
    later(monkeypatch, hours=71)
    assert jobs.erase() == 0
    later(monkeypatch, hours=2)
    assert jobs.erase() == 1
    case = fresh(found.case)
    assert (case.state, case.closing) == (State.ERASED, Closing.NO_AGREEMENT)
    assert (case.text_locked, case.contact, case.key.destroyed_at is None) == (None, None, False)
    assert queries.followed(found.token).erased


def test_help_for_another_stays_when_that_person_agrees(monkeypatch):
    found = help_for()
    owner = found.case.owner.holdings.first().account
    case = actions.agree(found.case, by=owner)
    assert case.next_erasure_at is None
    later(monkeypatch, hours=100)
    assert jobs.erase() == 0
    assert fresh(case).contact is not None
    assert opening.unlock(fresh(case)) == opening.unlock(found.case)


def test_agreeing_is_only_for_help_asked_for_another():
    with pytest.raises(Invalid, match="not-for-another"):
        actions.agree(a_receipt().case, by=person("drolma"))


@pytest.mark.django_db(transaction=True)
def test_parts_of_a_closed_case_go_in_their_time(monkeypatch):
    found = a_full_case()
    later(monkeypatch, days=6)
    assert jobs.erase() == 0
    later(monkeypatch, days=2)  # 8
    assert jobs.erase() == 1
    case = fresh(found.case)
    assert (case.contact, Contact.objects.count()) == (None, 0)
    assert case.lon is not None
    later(monkeypatch, days=83)  # 91
    assert jobs.erase() == 1
    case = fresh(found.case)
    assert (case.lon, case.lat, case.where_locked, files()) == (None, None, None, [])
    assert queries.opening_of(case).text
    assert case.public_text
    later(monkeypatch, days=640)  # 731
    assert jobs.erase() == 1
    case = fresh(found.case)
    assert (case.text_locked, case.public_text) == (None, "")
    assert case.key.destroyed_at is not None
    assert [n.words for n in queries.notes_of(case)] == [None]
    assert case.next_erasure_at is None
    assert case.area.code == "A1"
    assert jobs.erase() == 0


def test_the_opening_record_can_be_checked_after_the_photos_are_gone(monkeypatch):
    found = a_full_case()
    later(monkeypatch, days=91)
    jobs.erase()
    assert opening.unlock(fresh(found.case)).digest == found.digest


def test_each_erasure_is_in_the_journal(monkeypatch):
    found = a_full_case()
    later(monkeypatch, days=731)
    jobs.erase()
    events = Entry.objects.filter(subject=found.case.pk, subject_kind="case")
    assert events.filter(event="part-erased").count() == 4
    assert events.filter(event="key-destroyed").count() == 1


def test_a_running_case_keeps_everything(monkeypatch):
    found = a_receipt(contact=CONTACT)
    later(monkeypatch, days=800)
    assert jobs.erase() == 0
    assert queries.opening_of(fresh(found.case)).text


def test_a_reopened_case_keeps_what_it_has(monkeypatch):
    found = a_receipt(contact=CONTACT)
    actions.decline(found.case, reason="no-means", words="没有经费", by=person("tashi"))
    later(monkeypatch, days=3)
    actions.contest(found.case, token=found.token)
    later(monkeypatch, days=90)
    assert jobs.erase() == 0
    assert fresh(found.case).contact is not None


@pytest.mark.django_db(transaction=True)
def test_looks_at_a_contact_are_shown_after_it_is_erased(monkeypatch):
    found = a_receipt(contact=CONTACT)
    actions.look_at_contact(found.case, why=Why.ASK_DETAILS, by=person("drolma"))
    resolved(found.case)
    actions.confirm(found.case, token=found.token)
    later(monkeypatch, days=8)
    jobs.erase()
    assert fresh(found.case).contact is None
    assert [look.by for look in queries.followed(found.token).looks] == [person("drolma")]


def test_a_photo_that_shows_somebody_is_removed_and_the_words_stay():
    found = a_receipt(photos=[a_picture(), a_picture((1, 2, 3))])
    first, second = found.case.photos.all()
    actions.remove_photo(first, by=person("drolma"))
    assert list(found.case.photos.all()) == [second]
    cleared = actions.clear_photo(second, by=person("kunga"))
    assert cleared.cleared_by == person("kunga")
    with pytest.raises(Forbidden):
        actions.clear_photo(second, by=person("tashi"))
    assert opening.unlock(fresh(found.case)).digest == found.digest
