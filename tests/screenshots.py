"""Pictures of every main page: three languages, two widths, light and dark. `make screenshots`.

They go to `screenshots/`, which git ignores: PAGE-LANGUAGE-WIDTH-SCHEME.png. Names of pages given
as arguments limit what is made.
"""

import os
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1]), str(Path(__file__).parents[1] / "src")]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")

from playwright.sync_api import sync_playwright  # noqa: E402

from tests.conftest import FLAGS  # noqa: E402
from tests.picturing import KINDS, LANGUAGES, SCHEMES, WIDTHS, House  # noqa: E402
from tests.serving import ROOT, serving  # noqa: E402

TALLEST = 4000  # pixels: the register is long


def take(house: House, folder: Path, names: list[str]) -> int:
    """Every picture; returns how many."""
    kinds = [kind for kind in KINDS if not names or kind.name in names]
    taken = 0
    for language, width, scheme in product(LANGUAGES, WIDTHS, SCHEMES):
        for who in sorted({kind.who for kind in kinds}):
            with house.reader(who, language, width, scheme) as page:
                for kind in (kind for kind in kinds if kind.who == who):
                    house.open(page, kind)
                    page.wait_for_timeout(400)  # tiles of the map
                    path = folder / f"{kind.name}-{language}-{width}-{scheme}.png"
                    height = page.evaluate("document.scrollingElement.scrollHeight")
                    clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST)}
                    page.screenshot(path=path, full_page=True, clip=clip)
                    taken += 1
        print(f"{language} {width} {scheme}: {taken}", flush=True)
    return taken


def main() -> None:
    """Serve a prefecture, open each page in each way, keep what is seen."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        sys.exit("No Chromium: install the package chromium, or name one with CHROMIUM=")
    folder = ROOT / "screenshots"
    folder.mkdir(exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as var,
        serving(Path(var)) as server,
        sync_playwright() as driver,
    ):
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        taken = take(House(server, browser), folder, sys.argv[1:])
        browser.close()
    print(f"{taken} pictures in {folder}")


if __name__ == "__main__":
    main()
