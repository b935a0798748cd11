"""Writes the API's description to docs/openapi.json: `python -m linli.web.openapi`."""

import json
import os
from pathlib import Path

TARGET = Path(__file__).parents[3] / "docs" / "openapi.json"


def main() -> None:
    """Write the snapshot that the tests compare with."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
    django.setup()
    from linli.web.api import api

    text = json.dumps(api.get_openapi_schema(), indent=1, ensure_ascii=False, sort_keys=True)
    TARGET.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
