"""The prefecture in the database: all of it, routed by the rooms' own questions."""

import csv
import datetime as dt

import pytest
from django.db import connection
from django.utils import timezone

from linli.areas import queries as areas
from linli.areas.models import Area, MapFeature, Place
from linli.cases.models import Case
from linli.engines.prefecture import build, staff
from linli.kernel.events import parse
from linli.kernel.models import Account, Entry, Pending, SealerState, TreeHead
from linli.kernel.sealer import seal
from linli.organisations import queries as organisations
from linli.organisations.actions import load_duties
from linli.organisations.models import Absence, Answering, Holding, Post, Team
from linli.web import installation
from linli.web.demo.cases import load_cases
from linli.web.demo.clock import standing_at
from linli.web.demo.staffing import duty_facts, load_offices
from linli.web.demo.territory import load_territory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 6, 1, 4, tzinfo=dt.UTC)


@pytest.fixture
def loaded():
    prefecture = build(seed=7, scale=0.02)
    with standing_at(NOW - dt.timedelta(days=380)):
        load_territory(prefecture)
        load_duties(by=None)
        administrator = Account.objects.create(username="administrator", is_administrator=True)
        offices = staff(prefecture, duty_facts())
        load_offices(offices, by=administrator, today=NOW)
    return prefecture, offices


def test_everything_is_in_the_database(loaded) -> None:
    prefecture, offices = loaded
    assert Area.objects.count() == len(prefecture.areas)
    assert Place.objects.count() == len(prefecture.places)
    assert MapFeature.objects.count() == len(prefecture.features)
    assert Post.objects.count() == len(offices.posts)
    assert Holding.objects.count() == len(offices.holdings)
    assert Answering.objects.count() == sum(len(post.answers) for post in offices.posts)
    assert Absence.objects.count() == sum(holding.absent for holding in offices.holdings)
    assert sum(Team.objects.values_list("size", flat=True)) == prefecture.size.team_members


def test_a_point_is_found_in_its_group(loaded) -> None:
    prefecture, _ = loaded
    for area in prefecture.level("group")[::9]:
        found = areas.area_at(*area.seat, NOW)
        assert found is not None
        assert found.code == area.code


def test_a_road_case_has_somebody_to_answer_it(loaded) -> None:
    prefecture, _ = loaded
    with standing_at(NOW):
        group = Area.objects.get(code=prefecture.level("group")[0].code)
        found = organisations.duty_for(group, "roads")
    assert found is not None


def test_nobody_generated_can_sign_in(loaded) -> None:
    for account in Account.objects.exclude(username="administrator"):
        assert not account.has_usable_password()


def test_the_journal_holds_the_events_and_can_be_sealed(loaded) -> None:
    _, offices = loaded
    names = list(Entry.objects.values_list("event", flat=True))
    assert names.count("post-added") == len(offices.posts)
    assert names.count("post-appointed") == len(offices.holdings)
    for entry in Entry.objects.all()[:200]:
        assert parse(bytes(entry.body)).name == entry.event
    while seal():
        pass
    assert not Pending.objects.exists()


def test_the_clock_goes_on_afterwards() -> None:
    with standing_at(NOW):
        assert timezone.now() == NOW
    assert timezone.now() != NOW


@pytest.mark.slow
def test_a_year_of_cases_with_its_truth_and_every_reference_in_place(loaded, tmp_path) -> None:
    with standing_at(NOW - dt.timedelta(days=380)):
        installation.install()
    while seal():
        pass
    told = []
    truth = tmp_path / "duplicates.csv"
    load_cases(300, seed=3, now=NOW, truth=truth, progress=told.append)
    assert Case.objects.count() == sum(told) == 300
    connection.check_constraints()
    assert not Pending.objects.exists()
    assert TreeHead.objects.get().size == SealerState.objects.get().size
    twins = list(csv.DictReader(truth.open(encoding="utf-8")))
    assert twins
    for line in twins:
        twin, first = (Case.objects.get(number=line[name]) for name in ("number", "first"))
        assert twin.version == first.version
        assert first.received_at < twin.received_at
    assert not Case.objects.filter(received_at__gt=NOW).exists()
    assert not Case.objects.filter(next_erasure_at__lte=NOW).exists()
    assert not Case.objects.filter(next_climb_at__lt=NOW).exists()
