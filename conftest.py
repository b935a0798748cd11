"""What the tests of every room share."""

import os
from pathlib import Path

import pytest
from django.test import TransactionTestCase
from hypothesis import settings

from linli.kernel import rights

# No test depends on how fast the machine is.
settings.register_profile("linli", deadline=None)
settings.load_profile("linli")

DATABASE = {"db", "transactional_db", "live_server", "django_db_setup"}  # fixtures that open one
HOUSE = Path(__file__).parent / "tests"  # its tests start servers, which open theirs


def pytest_collection_modifyitems(config, items):
    """Beside PostgreSQL, leave out what opens no database: it has run beside SQLite.

    pytest-django refuses a database to every test of the rooms and engines that is left out.
    """
    if not os.environ.get("LINLI_DATABASE", "").startswith("postgres"):
        return
    without = [item for item in items if not _opens_a_database(item)]
    config.hook.pytest_deselected(items=without)
    items[:] = [item for item in items if _opens_a_database(item)]


def _opens_a_database(item):
    own = getattr(item, "cls", None)
    of_the_house = HOUSE in item.path.parents and HOUSE / "architecture" not in item.path.parents
    return (
        item.get_closest_marker("django_db") is not None
        or bool(DATABASE & set(item.fixturenames))
        or (own is not None and issubclass(own, TransactionTestCase))
        or of_the_house
    )


@pytest.fixture(autouse=True, scope="session")
def static_files_are_found_once():
    """A server finds static files when it starts; a test's browser is a new server each time."""
    from linli.web.statics import StaticFiles

    found = StaticFiles(lambda request: None).files
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFiles, "add_files_from_finders", lambda self: self.files.update(found))
        yield


@pytest.fixture(autouse=True)
def signed_in_is_enough(request, monkeypatch):
    """`client.force_login` opens staff pages without a second factor.

    Not where the second factor itself is tested: `pytestmark = pytest.mark.second_factor`.
    """
    if "second_factor" not in request.keywords:
        monkeypatch.setattr(rights, "second_factor_required", lambda account: False)
