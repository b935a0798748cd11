"""What tests of cases share."""

import pytest

from linli.cases.tests import factories


@pytest.fixture
def place(db):
    """The small place of the factories."""
    factories.a_small_place()


@pytest.fixture(autouse=True)
def _own_files(settings, tmp_path):
    """Photos of a test go to a folder of its own."""
    options = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}
