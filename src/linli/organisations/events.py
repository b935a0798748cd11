"""Facts about organisations and posts. Who is away is not among them: see `PostCoverChanged`."""

from linli.kernel.events import Code, Event


class DutiesLoaded(Event):
    """The list of duties was read again."""

    duties: int  # how many


class OrganisationAdded(Event):
    """An organisation was added."""

    organisation: int
    code: Code


class PostAdded(Event):
    """A post was added."""

    post: int
    code: Code
    organisation: Code


class PostAppointed(Event):
    """Somebody was given a post, as holder or deputy."""

    post: int
    account: int
    deputy: bool


class PostRelieved(Event):
    """Somebody no longer holds a post."""

    post: int
    account: int


class PostCoverChanged(Event):
    """Somebody else acts in a post, or no longer does.

    It names nobody and no dates: the journal is for ever, and must not become an attendance list.
    """

    post: int


class DutyTaken(Event):
    """A post answers for a duty in an area, from now on or from the day the area begins."""

    post: int
    duty: Code
    area: Code


class DutyLeft(Event):
    """A post no longer answers for a duty in an area, or will not after all."""

    post: int
    duty: Code
    area: Code


class OfficeContactChanged(Event):
    """The public telephone or counter of a post was changed."""

    post: int
