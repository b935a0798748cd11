"""The row of a case while the bulk path holds it; times are seconds since 1970."""

from collections.abc import Sequence
from typing import Any

from linli.web.demo.story import Story
from linli.web.demo.tables import maybe

_TIMES = (
    "received_at", "captured_at", "triaged_at", "agreed_at", "resolved_at", "closed_at",
    "first_due_at", "due_at", "next_climb_at", "next_erasure_at",
)  # fmt: skip


class Row:
    """The columns of one case as attributes of the same names."""

    COLUMNS = (
        "id", "number", "op_id", "version_id", "public", "outside_chain", "office_id", "state",
        "channel", "language", "key_id", "text_locked", "where_locked", "public_text",
        "contact_id", "contact_ref", "follow_digest", "lon", "lat", "place_id", "area_id",
        "owner_id", "published", "closing", "authority", "reworks", "paused_seconds", "rung",
        "revision", *_TIMES,
    )  # fmt: skip

    def __init__(self, pk: int, key: int, story: Story) -> None:
        definition = story.terms.definition
        self.id, self.key_id, self.version_id = pk, key, story.terms.version
        self.number = self.follow_digest = self.public_text = self.closing = self.authority = ""
        self.op_id = None
        self.public, self.outside_chain = definition.public, definition.outside_chain
        self.office_id = story.office
        self.state, self.channel, self.language = "received", story.channel, story.language
        self.text_locked: bytes | None = None
        self.where_locked: bytes | None = None
        self.contact_id: int | None = None
        self.contact_ref: int | None = None
        self.lon, self.lat = story.lon, story.lat
        self.place_id = story.place.pk if story.place else None
        self.area_id = story.area.pk if story.area else None
        self.owner_id = story.given.post
        self.published = False
        self.reworks = self.paused_seconds = self.rung = self.revision = 0
        self.received_at, self.captured_at = story.received, story.captured
        self.triaged_at: int | None = None
        self.agreed_at: int | None = None
        self.resolved_at: int | None = None
        self.closed_at: int | None = None
        self.declined_for = ""
        self.first_due_at = self.due_at = story.due
        self.next_climb_at: int | None = None
        self.next_erasure_at: int | None = None

    def values(self) -> list[Any]:
        """The row in the order of `COLUMNS`."""
        found = self.__dict__
        plain = [found[name] for name in self.COLUMNS[: -len(_TIMES)]]
        return plain + [maybe(found[name]) for name in _TIMES]

    def change(self, **fields: Any) -> None:
        """As `cases.actions.row.change`: set, and count the revision."""
        self.__dict__.update(fields)
        self.revision += 1

    def close(self, closing: str, at: int) -> None:
        """The case ends."""
        self.change(state="closed", closing=closing, closed_at=at)

    def wipe(self, closing: str, authority: str, at: int) -> None:
        """As `cases.actions.erasing.wipe`, which erases the contact as a change of its own."""
        if self.contact_id is not None:
            self.change(contact_id=None)
        self.change(
            state="erased", closed_at=self.closed_at or at, closing=closing, authority=authority,
            lon=None, lat=None, place_id=None, area_id=None, office_id=None, where_locked=None,
            text_locked=None, public_text="", published=False, next_climb_at=None,
            next_erasure_at=None,
        )  # fmt: skip

    def erase(self, parts: Sequence[str]) -> None:
        """As `erase_parts`, each part of which is a change of its own, and so is the new time.

        Nothing outlives the texts: the key goes with them.
        """
        texts = "texts" in parts
        if self.contact_id is not None and (texts or "contact" in parts):
            self.change(contact_id=None)
        if texts or "point" in parts:
            self.change(lon=None, lat=None, where_locked=None)
        if texts:
            self.change(text_locked=None, public_text="")
        self.change()
