"""Key files: random bytes in files of mode 0600, outside the database and its backups."""

import os
import secrets
from pathlib import Path


def read_or_make(path: Path, size: int) -> bytes:
    """The key in `path`, made with `size` random bytes if there is none yet.

    Creation is exclusive: of two processes that start together, one makes the key and both read it.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return bytes.fromhex(path.read_text(encoding="ascii"))
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_bytes(size).hex())
    return bytes.fromhex(path.read_text(encoding="ascii"))
