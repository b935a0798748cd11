"""A clock that stands still, so that actions can be performed as if at another time.

Only the generator and its tests use it; it holds for the whole process while it is open.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch


@contextmanager
def standing_at(moment: datetime) -> Iterator[None]:
    """Within the block, `django.utils.timezone.now()` is `moment` (aware)."""
    with patch("django.utils.timezone.now", lambda: moment):
        yield
