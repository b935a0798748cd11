"""What the tests of every room share."""

import pytest
from hypothesis import settings

from linli.kernel import rights

# No test depends on how fast the machine is.
settings.register_profile("linli", deadline=None)
settings.load_profile("linli")


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
