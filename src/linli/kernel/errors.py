"""One tree of errors, each with a stable code and an HTTP status.

    LinliError
    ├── Invalid      400  the input is wrong; `fields` says where
    ├── Missing      404  there is no such thing, or you may not know whether there is
    │   └── Forbidden     reads exactly like Missing, so that nobody learns by asking
    ├── Conflict     409  somebody else was faster, or the state has moved on
    ├── TooMany      429  slow down; guessing is not a way in
    └── Unavailable  503  a part of the service is down; nothing was half done

Messages are lazily translated and name no personal data, because they end up in logs.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Text = str | Promise


class LinliError(Exception):
    """Something a user may see: `code` for programs, `message` for people."""

    status = 500
    code = "error"
    message: Text = _("Something went wrong.")

    def __init__(
        self,
        code: str | None = None,
        message: Text | None = None,
        *,
        fields: Mapping[str, Any] | None = None,
    ) -> None:
        self.code = code or type(self).code
        self.message = message or type(self).message
        self.fields = dict(fields or {})
        super().__init__(self.code)

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class Invalid(LinliError):
    """The input cannot be used; `fields` maps a field to what is wrong with it."""

    status = 400
    code = "invalid"
    message = _("Something in what you entered needs changing.")


class Missing(LinliError):
    """There is no such thing here."""

    status = 404
    code = "not-found"
    message = _("There is nothing here, or it is not yours to see.")


class Forbidden(Missing):
    """Not allowed; to the outside the same as Missing."""


class Conflict(LinliError):
    """The state has moved on since the caller looked."""

    status = 409
    code = "conflict"
    message = _("Somebody else was faster. Look again and decide anew.")


class TooMany(LinliError):
    """Too many tries in a short time."""

    status = 429
    code = "too-many"
    message = _("Too many tries. Please wait a little.")


class Unavailable(LinliError):
    """A part of the service is not working; nothing was changed."""

    status = 503
    code = "unavailable"
    message = _("This part of the service is not available now.")
