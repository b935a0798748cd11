"""What somebody has filled in so far, carried from page to page inside the page.

No session and no cookie: whoever writes a report leaves nothing here before it is sent. The draft
is signed, so that a page we did not make cannot bring odd values into it, and it never expires: a
form opened in the morning may be sent in the evening, from the next valley.
"""

import dataclasses
import uuid
from collections.abc import Mapping
from typing import Any

from django.core import signing

SALT = "linli.cases.draft"


@dataclasses.dataclass(frozen=True)
class Draft:
    """One report on its way. `nonce` is its one-time name: sent twice, it makes one case.

    version    primary key of the service's version that was shown
    lon, lat   degrees, WGS 84; both or neither
    place      code of a stored place
    area       code of an area
    where      the sender's words for it
    kept       what was typed on a later page while an earlier one is being changed
    photos     tickets of photos that have arrived (forms/held.py)
    """

    nonce: str = ""
    version: int = 0
    lon: float | None = None
    lat: float | None = None
    place: str = ""
    area: str = ""
    where: str = ""
    kept: Mapping[str, list[str]] = dataclasses.field(default_factory=dict)
    photos: tuple[str, ...] = ()

    def but(self, **changes: Any) -> "Draft":
        """The same draft with some things changed."""
        return dataclasses.replace(self, **changes)


def begin() -> Draft:
    """A new draft with a new one-time name."""
    return Draft(nonce=str(uuid.uuid4()))


def signed(draft: Draft) -> str:
    """The draft as the value of a hidden field."""
    return signing.dumps(dataclasses.asdict(draft), salt=SALT, compress=True)


def read(value: str) -> Draft | None:
    """The draft that `signed` wrote; None for anything else."""
    try:
        data = signing.loads(value, salt=SALT)
    except signing.BadSignature:
        return None
    return Draft(**{**data, "photos": tuple(data["photos"])})
