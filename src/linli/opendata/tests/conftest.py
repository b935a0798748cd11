"""What tests of opendata share."""

import pytest
from django.core.cache import cache

from linli.cases.tests import factories


@pytest.fixture
def place(db, settings, tmp_path):
    """The small place of the factories of cases, with keys and files of its own."""
    settings.KEYS = tmp_path / "keys"
    cache.clear()
    factories.a_small_place()
