"""What the tests of every room share."""

import pytest

from linli.kernel import rights


@pytest.fixture(autouse=True)
def signed_in_is_enough(request, monkeypatch):
    """`client.force_login` opens staff pages without a second factor.

    Not where the second factor itself is tested: `pytestmark = pytest.mark.second_factor`.
    """
    if "second_factor" not in request.keywords:
        monkeypatch.setattr(rights, "second_factor_required", lambda account: False)
