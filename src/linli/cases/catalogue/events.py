"""Facts about the catalogue."""

from datetime import datetime

from linli.kernel.events import Code, Digest, Event


class ServicePublished(Event):
    """A definition was frozen as a version; `usable_from` is None while it waits."""

    service: int
    code: Code
    number: int
    digest: Digest
    usable_from: datetime | None


class QuestionProposed(Event):
    """A version that asks something new was put on the public page."""

    service: int
    number: int
    public_from: datetime


class QuestionSeconded(Event):
    """A second person agreed to a proposed version."""

    service: int
    number: int
    usable_from: datetime


class ProposalWithdrawn(Event):
    """A proposed version will not come into use."""

    service: int
    number: int


class ServiceSwitched(Event):
    """A service was switched on or off for an area and everything below it."""

    service: int
    area: int
    enabled: bool


class DraftMarkCleared(Event):
    """A language's texts, up to now, were read by a native speaker."""

    mark: int
    language: Code
