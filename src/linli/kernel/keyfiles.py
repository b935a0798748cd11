"""Key files: random bytes in files of mode 0600, outside the database and its backups."""

import os
import secrets
from pathlib import Path
from tempfile import NamedTemporaryFile


def read_or_make(path: Path, size: int) -> bytes:
    """The key in `path`, made with `size` random bytes if there is none yet.

    Of two processes that start together, one makes the key and both read it: it is written beside
    its name, with mode 0600, and gets its name only when it is whole, and only if that is free.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _make(path, size)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _make(path: Path, size: int) -> None:
    with NamedTemporaryFile("w", dir=path.parent, prefix=".", encoding="ascii") as file:
        file.write(secrets.token_bytes(size).hex())
        file.flush()
        os.fsync(file.fileno())
        try:
            os.link(file.name, path)
        except FileExistsError:
            return
