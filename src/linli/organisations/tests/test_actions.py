"""Appointing, relieving, absence, and what a post answers for."""

import datetime as dt
import json

import pytest
from django.utils import timezone

from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.models import Entry
from linli.organisations import actions, duties, queries
from linli.organisations.models import Absence, Answering, Duty, Holding, Post
from linli.organisations.retention import forget_absences
from linli.organisations.tests.factories import (
    account,
    administrator,
    area,
    away,
    duty,
    organisation,
    post,
)

pytestmark = pytest.mark.django_db


def events():
    return list(Entry.objects.order_by("id").values_list("event", flat=True))


def test_duties_are_loaded_once_and_renewed():
    count = actions.load_duties(by=None)
    Duty.objects.filter(code="roads").update(names={})
    assert actions.load_duties(by=administrator()) == count == Duty.objects.count()
    roads = Duty.objects.get(code="roads")
    assert roads.names["bo"]
    assert roads.levels[0] == "township"
    assert Duty.objects.get(code="service-centre").sees_contacts


@pytest.mark.parametrize(
    "text",
    [
        "duties = 3",
        "[[duties]]\ncode='x'",
        "[[duties]]\ncode='x'\nname={zh='一',bo='',en='x'}\ncontacts=false\nlevels=[]",
        "[[duties]]\ncode='x'\nname={zh='一',bo='ཀ',en='x'}\ncontacts=false\nlevels=[]\n" * 2,
        "not toml at all",
    ],
)
def test_a_broken_list_of_duties_changes_nothing(tmp_path, text):
    path = tmp_path / "duties.toml"
    path.write_text(text)
    with pytest.raises(Invalid):
        actions.load_duties(path, by=None)
    assert not Duty.objects.exists()


def test_adding_and_staffing_a_post():
    admin, office = administrator(), organisation("office")
    made = actions.add_post(
        "desk-1", {"en": "Desk"}, organisation=office, phone="0900 555-0101", by=admin
    )
    holding = actions.appoint(account("dolma"), to=made, by=admin)
    assert queries.holds(account("dolma"), made)
    with pytest.raises(Conflict):
        actions.appoint(account("dolma"), to=made, by=admin)
    actions.relieve(holding, by=admin)
    assert not queries.holds(account("dolma"), made)
    with pytest.raises(Conflict):
        actions.relieve(holding, by=admin)
    assert events() == ["post-added", "post-appointed", "post-relieved"]


@pytest.mark.parametrize(
    ("code", "names", "phone"),
    [("with space", {"en": "x"}, ""), ("ok", {"en": "  "}, ""), ("ok", {"en": "x"}, "call Dolma")],
)
def test_a_bad_post_is_refused(code, names, phone):
    with pytest.raises(Invalid) as caught:
        actions.add_post(
            code, names, organisation=organisation("o"), phone=phone, by=administrator()
        )
    assert caught.value.fields
    assert not Post.objects.exists()


def test_a_code_is_used_once():
    admin = administrator()
    actions.add_organisation("o", {"en": "O"}, kind="department", by=admin)
    with pytest.raises(Conflict):
        actions.add_organisation("o", {"en": "O"}, kind="department", by=admin)


def test_absence_is_replaced_ended_and_never_journalled_in_detail():
    row = post("r", holder="dolma", answers=[("roads", area("pf"))])
    holding, dolma = Holding.objects.get(), account("dolma")
    until = timezone.now() + dt.timedelta(days=3)
    actions.set_absent(holding, until=until, by=dolma)
    actions.set_absent(holding, until=until + dt.timedelta(days=1), by=dolma)
    assert Absence.objects.count() == 1
    assert queries.duty_for(area("pf"), "roads").holder is None
    actions.end_absence(holding, by=dolma)
    assert not Absence.objects.exists()
    assert queries.duty_for(area("pf"), "roads").post == row
    with pytest.raises(Conflict):
        actions.end_absence(holding, by=dolma)
    bodies = [json.loads(bytes(e.body)) for e in Entry.objects.filter(event="post-cover-changed")]
    assert {tuple(b["of"]) for b in bodies} == {("post",)}


@pytest.mark.parametrize("days", [-1, 400])
def test_an_absence_has_sensible_dates(days):
    post("r", holder="dolma")
    until = timezone.now() + dt.timedelta(days=days)
    with pytest.raises(Invalid):
        actions.set_absent(Holding.objects.get(), until=until, by=account("dolma"))


def test_absences_are_forgotten_when_they_are_over():
    post("r", holder="dolma")
    post("s", holder="norbu")
    away("dolma")
    away("norbu", days=0)
    assert forget_absences() == 1
    assert Absence.objects.get().holding.account == account("dolma")


def test_answering_for_a_duty_and_leaving_it():
    admin, row, county = administrator(), post("r", holder="dolma"), area("pf/c1")
    answering = actions.answer_for(row, duty=duty("roads"), area=county, by=admin)
    assert queries.duty_for(county, "roads").post == row
    with pytest.raises(Conflict):
        actions.answer_for(row, duty=duty("roads"), area=county, by=admin)
    actions.stop_answering(answering, by=admin)
    assert queries.duty_for(county, "roads") is None
    assert Answering.objects.count() == 1  # who answered then is kept


def test_only_oversight_answers_for_inspection():
    admin, row = administrator(), post("r")
    with pytest.raises(Invalid):
        actions.answer_for(row, duty=duty(duties.INSPECTION), area=area("pf"), by=admin)
    row.oversight = True
    row.save()
    assert actions.answer_for(row, duty=duty(duties.INSPECTION), area=area("pf"), by=admin)


def test_strangers_are_refused_everything():
    stranger, row = account("stranger"), post("r", holder="dolma")
    holding, office = Holding.objects.get(), organisation("office")
    until = timezone.now() + dt.timedelta(days=1)
    tries = [
        lambda: actions.load_duties(by=stranger),
        lambda: actions.add_organisation("x", {"en": "X"}, kind="department", by=stranger),
        lambda: actions.add_post("x", {"en": "X"}, organisation=office, by=stranger),
        lambda: actions.set_office_contact(row, phone="1", counter={}, by=stranger),
        lambda: actions.appoint(stranger, to=row, by=stranger),
        lambda: actions.relieve(holding, by=stranger),
        lambda: actions.set_absent(holding, until=until, by=stranger),
        lambda: actions.end_absence(holding, by=stranger),
        lambda: actions.answer_for(row, duty=duty("roads"), area=area("pf"), by=stranger),
    ]
    for attempt in tries:
        with pytest.raises(Forbidden):
            attempt()
    assert set(events()) <= {"duties-loaded"}
