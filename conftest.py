"""What the tests of every room share."""

import pytest
from django.conf import settings

from linli.kernel import rights


@pytest.fixture(autouse=True)
def signed_in_is_enough(request, monkeypatch):
    """`client.force_login` opens staff pages without a second factor.

    Not where the second factor itself is tested: `pytestmark = pytest.mark.second_factor`.
    """
    if "second_factor" not in request.keywords:
        monkeypatch.setattr(rights, "second_factor_required", lambda account: False)


@pytest.fixture(scope="session")
def django_db_modify_db_settings(tmp_path_factory, django_db_modify_db_settings_parallel_suffix):
    """SQLite as in the world, a file with a write-ahead log: readers pass a writer there.

    In the memory database that tests get otherwise, threads share one cache, and a reader is
    refused ("table is locked") while somebody writes.
    """
    own = settings.DATABASES["default"]
    if own["ENGINE"].endswith("sqlite3"):
        own["TEST"] = {**own.get("TEST", {}), "NAME": str(tmp_path_factory.mktemp("db") / "linli")}
