"""What somebody holds is remembered inside `asked_once`, and nowhere else."""

import pytest

from linli.organisations import queries
from linli.organisations.models import Holding
from linli.organisations.tests.factories import account, area, post

pytestmark = pytest.mark.django_db


def test_inside_it_is_asked_once_and_outside_every_time(django_assert_num_queries):
    root = area("P")
    roads = post("roads", holder="norbu")
    centre = post(
        "centre", holder="norbu", kind="service-centre", answers=[("service-centre", root)]
    )
    norbu = account("norbu")

    def answers():
        found = [queries.holds(norbu, row) for row in (roads, centre)]
        return [*found, [row.code for row in queries.operator_areas(norbu)]]

    with queries.asked_once():
        first = answers()
        assert first == [True, True, [root.code]]
        Holding.objects.all().delete()
        with django_assert_num_queries(0):
            assert answers() == first
    assert answers() == [False, False, []]
