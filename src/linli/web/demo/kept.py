"""Answers that are kept because they are asked for again, but never so many that memory grows."""

from typing import TypeVar

Key = TypeVar("Key")
Answer = TypeVar("Answer")
MOST = 30_000


class Kept(dict[Key, Answer]):
    """Answers by question; all are forgotten when there are too many."""

    def __setitem__(self, key: Key, answer: Answer) -> None:
        """Keep one more."""
        if len(self) >= MOST:
            self.clear()
        super().__setitem__(key, answer)
