"""The figures of an area: counted, summed, and private ones hidden."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas.models import Level
from linli.areas.tests.factories import area
from linli.cases import actions as cases
from linli.cases.models import Case, DeclineReason, Promise
from linli.engines import figures as engine
from linli.kernel import sealer
from linli.kernel.jobs import JOBS
from linli.kernel.models import Entry
from linli.opendata import actions, area_figures, indexing, jobs, months
from linli.opendata.counting import read
from linli.opendata.models import LogNode, PrivateCount, PrivateMonth, Sum, Tally
from linli.opendata.tests.factories import a_case, fresh, heard, person, released

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


def moved(case, days):
    """The case was received, and everything about it happened, so many days earlier."""
    span = dt.timedelta(days=days)
    row = fresh(case)
    for name in ("received_at", "captured_at", "first_due_at", "due_at", "triaged_at",
                 "resolved_at", "closed_at"):  # fmt: skip
        if getattr(row, name):
            setattr(row, name, getattr(row, name) - span)
    row.save()
    for promise in row.promises.all():
        met = promise.met_at - span if promise.met_at else None
        Promise.objects.filter(pk=promise.pk).update(due_at=promise.due_at - span, met_at=met)
    return row


@pytest.fixture
def some(place):
    """One answered on time and confirmed, one open, one late, one declined, one contested."""
    admin, operator = person("admin"), person("drolma")
    answered = released()
    cases.resolve(answered, words="Filled.", by=person("tashi"))
    cases.confirm(fresh(answered), by=operator)
    released()
    moved(released(), 40)
    cases.decline(released(), reason=DeclineReason.OUTSIDE_REMIT, words="Road of the railway.",
                  by=operator)  # fmt: skip
    contested = released()
    cases.resolve(contested, words="Filled.", by=person("tashi"))
    cases.contest(fresh(contested), by=operator)
    a_case()  # nobody has read it: in no figure
    return admin


def test_the_figures_of_an_area(some):
    list(actions.rebuild_tallies(by=some))
    page = area_figures.page(area("A"))
    whole = page.whole
    assert whole.count.received == 5
    assert (whole.now.running, whole.now.late, whole.now.asked) == (3, 1, 0)
    assert (whole.count.answered, whole.count.on_time, whole.due) == (1, 1, 2)
    assert whole.on_time == 50.0
    assert (whole.count.reworked, whole.ever_answered, whole.rework) == (1, 2, 50.0)
    assert whole.median_days == 0
    assert (whole.confirmed, whole.unanswered, whole.outside_remit) == (100.0, 0.0, 20.0)
    assert sum(c.received for _, c in page.by_month) == 5
    assert len(page.by_month) == 13
    assert page.rule == "figures-1"


def test_parts_add_up_and_other_places_are_empty(some):
    list(actions.rebuild_tallies(by=some))
    page = area_figures.page(area("A"))
    parts = {part.code: found for part, found in page.parts}
    assert sum(f.count.received for f in parts.values()) == page.whole.count.received
    assert parts["A2"].on_time is None
    assert area_figures.page(area("B")).whole.count.received == 0
    assert area_figures.page(area("B")).whole.median_days is None


def test_reactions_keep_the_tallies_that_a_rebuild_makes(some):
    heard()
    present = months.first_day(timezone.now())

    def kept():
        row = Tally.objects.values().get(month=present, area=area("A1").pk)
        return {name: value for name, value in row.items() if name not in ("id", "received")}

    before = kept()
    list(actions.rebuild_tallies(by=None))
    assert kept() == before


def test_the_nightly_job_mends_what_events_missed(some):
    heard()
    assert JOBS["opendata.mend-tallies"].work() == 0
    present = months.first_day(timezone.now())
    Tally.objects.filter(month=present).update(received=99)
    Tally.objects.exclude(month=present).delete()
    Tally.objects.create(area=area("B"), month=present, received=7)
    assert JOBS["opendata.mend-tallies"].work() == 5  # cells, and the sums of two months
    assert JOBS["opendata.mend-tallies"].work() == 0
    after = list(Tally.objects.order_by("area", "month").values())
    list(actions.rebuild_tallies(by=None))
    again = list(Tally.objects.order_by("area", "month").values())
    assert [{**row, "id": 0} for row in after] == [{**row, "id": 0} for row in again]


def sums():
    return {(path, month): count for path, month, count in read(Sum.objects.all(), "path")}


def test_sums_follow_every_cell_up_to_the_whole(some):
    heard()
    kept = sums()
    assert {path for path, _ in kept} == {"P", "P/A", "P/A/A1"}
    list(actions.rebuild_tallies(by=None))
    assert sums() == kept
    for month in {month for _, month in kept}:
        actions.add_up(month)
    assert sums() == kept


def test_sums_that_went_wrong_are_mended(some):
    heard()
    kept = sums()
    Sum.objects.filter(path="P").update(received=1)
    Sum.objects.filter(path="P/A").delete()
    Sum.objects.create(path="P/B", month=months.first_day(timezone.now()), received=1)
    assert JOBS["opendata.mend-tallies"].work() == len({month for _, month in kept})
    assert sums() == kept


def test_a_sum_never_falls_below_nothing(place):
    case = released()
    heard()
    Sum.objects.update(received=0, days={"3": 1})
    Case.objects.filter(pk=case.pk).update(triaged_at=None, published=False)
    actions.count_again(case.area_id, months.first_day(case.received_at))
    assert not Sum.objects.exists()


def test_areas_without_a_page_have_no_sum(some):
    Level.objects.update_or_create(code="village", defaults={"depth": area("A").level.depth})
    heard()
    assert {path for path, _ in sums()} == {"P", "P/A"}
    assert area_figures.page(area("A")).parts == []


def test_after_a_bulk_load_everything_is_there(place, monkeypatch):
    released()
    while sealer.seal():
        pass
    monkeypatch.setattr(indexing, "BLOCK", 1)
    jobs.after_bulk_load()
    assert LogNode.objects.exists()


def test_a_cell_that_empties_goes(place):
    case = released()
    heard()
    assert Tally.objects.count() == 1
    Case.objects.filter(pk=case.pk).update(triaged_at=None, published=False)
    actions.count_again(case.area_id, months.first_day(case.received_at))
    assert not Tally.objects.exists()


def test_declining_late_mends_nothing(place):
    late = moved(released(), 40)
    cases.decline(late, reason=DeclineReason.NO_MEANS, words="No money.", by=person("drolma"))
    list(actions.rebuild_tallies(by=None))
    whole = area_figures.page(area("A")).whole
    assert (whole.due, whole.on_time) == (1, 0.0)


def test_a_page_costs_few_reads(some, django_assert_max_num_queries):
    list(actions.rebuild_tallies(by=some))
    root = area("P")
    with django_assert_max_num_queries(6):
        area_figures.page(root)
    with django_assert_max_num_queries(0):
        area_figures.page(root)


class TestPrivate:
    def some_private(self, counts):
        """So many private cases by area, received in the month before the last."""
        month = months.back(months.first_day(timezone.now()), 2)
        start = months.span(month)[0]
        for code, number in counts.items():
            for _ in range(number):
                case = a_case("benefit-errand")
                Case.objects.filter(pk=case.pk).update(area=area(code), received_at=start + DAY)
        return month

    def test_small_counts_and_what_gives_them_away_stay_hidden(self, place):
        month = self.some_private({"A1": 13, "A2": 3, "B": 12})
        actions.freeze_private(month)
        shown = dict(PrivateCount.objects.filter(service_code="").values_list("area_code", "count"))
        assert shown == {"P": 28, "A": 16, "B": 12}  # A1 would tell A2
        assert Entry.objects.filter(event="private-month-frozen").count() == 1

    def test_services_are_counted_for_the_whole_only(self, place):
        month = self.some_private({"A1": 12})
        actions.freeze_private(month)
        rows = PrivateCount.objects.exclude(service_code="")
        assert list(rows.values_list("area_code", "service_code", "count")) == [
            ("P", "benefit-errand", 12)
        ]

    def test_a_month_is_counted_once_and_never_again(self, place):
        month = self.some_private({"A1": 12})
        actions.freeze_private(month)
        self.some_private({"A1": 1})
        assert actions.freeze_private(month) == 0
        assert PrivateCount.objects.get(area_code="P", service_code="").count == 12

    def test_the_present_month_is_never_counted(self, place):
        with pytest.raises(Exception, match="not-found"):
            actions.freeze_private(months.first_day(timezone.now()))
        assert not PrivateMonth.objects.exists()

    def test_the_job_counts_every_month_that_is_over(self, place):
        self.some_private({"A1": 12})
        assert JOBS["opendata.freeze-private"].work() in (1, 2)
        assert JOBS["opendata.freeze-private"].work() == 0
        private = area_figures.private(area("P"), ["benefit-errand"])
        assert 12 in [n for _, n in private.by_month]
        assert area_figures.private(area("A1"), ["benefit-errand"]).by_service == []

    def test_nothing_under_eleven_is_ever_stored(self, place):
        month = self.some_private({"A1": 5, "A2": 4, "B": 3})
        actions.freeze_private(month)
        assert all(
            n >= engine.SMALLEST for n in PrivateCount.objects.values_list("count", flat=True)
        )


def test_months_know_their_ends():
    assert months.after(dt.date(2026, 12, 1)) == dt.date(2027, 1, 1)
    assert months.back(dt.date(2026, 1, 1), 1) == dt.date(2025, 12, 1)
    assert months.back(dt.date(2026, 3, 1), 14) == dt.date(2025, 1, 1)
    start, end = months.span(dt.date(2026, 2, 1))
    assert (end - start).days == 28
    assert months.first_day(end - dt.timedelta(microseconds=1)) == dt.date(2026, 2, 1)
    assert months.first_day(end) == dt.date(2026, 3, 1)
