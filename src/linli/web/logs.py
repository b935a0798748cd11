"""The log: where something went wrong and what kind of error it was, never what somebody wrote.

The message of an exception may quote a report, and an address may hold a secret link. So an error
is told by its kind and the lines of code that it came through, and a request by its pattern.
"""

import logging
import traceback
from collections.abc import Iterator

FRAMES = 15  # lines of code, from the place of the error outwards


class Kinds(logging.Formatter):
    """Formats what happened without the words of anybody."""

    def format(self, record: logging.LogRecord) -> str:
        """One line, and below it the way of an error."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name}: {_said(record)}"
        return "\n".join([head, *_way(record)])


def _said(record: logging.LogRecord) -> str:
    request = getattr(record, "request", None)
    method = getattr(request, "method", None)
    if method is None:
        return record.getMessage()
    match = getattr(request, "resolver_match", None)
    route = f"/{match.route}" if match else "(no page of ours)"
    return f"{getattr(record, 'status_code', '')} {method} {route}".strip()


def _way(record: logging.LogRecord) -> Iterator[str]:
    kind, error, trace = record.exc_info or (None, None, None)
    if kind is None:
        return
    for frame in traceback.extract_tb(trace)[-FRAMES:]:
        yield f"    {frame.filename}:{frame.lineno} {frame.name}"
    yield f"    {kind.__module__}.{kind.__qualname__}"
    if error is not None and error.__cause__ is not None:
        yield f"    because of {type(error.__cause__).__qualname__}"
