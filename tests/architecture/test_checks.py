"""Every check finds nothing in the house, and finds each breach that is planted for it."""

import pytest

from tests.architecture import (  # noqa: F401 - they fill CHECKS
    test_floors,
    test_furniture,
    test_migrations,
    test_pages,
    test_privacy_register,
    test_refusals,
    test_services,
    test_translations,
)
from tests.architecture.house import CHECKS

PLANTED = [(name, one) for name, check in CHECKS.items() for one in check.breaches]


@pytest.mark.parametrize("name", CHECKS)
def test_the_house_keeps_to_it(name):
    assert CHECKS[name].on_the_house() == []


@pytest.mark.parametrize(("name", "breach"), PLANTED, ids=lambda x: getattr(x, "says", x))
def test_a_planted_breach_is_seen(name, breach, tmp_path):
    found = CHECKS[name].on(breach, tmp_path)
    assert [line for line in found if breach.says in line] != [], found
