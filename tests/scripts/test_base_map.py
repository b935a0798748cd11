"""A deployment's own base map: asked for where it is set, and nobody else is asked for anything."""

import io
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import urlsplit

import pytest
from PIL import Image

from tests.serving import serving

pytestmark = pytest.mark.browser
ELSEWHERE = "http://127.0.0.2:9"  # nobody listens; the policy refuses before anybody could


class Tiles(ThreadingHTTPServer):
    """A base map: one colour, for every tile."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Tile)
        self.asked = []
        image = io.BytesIO()
        Image.new("RGB", (256, 256), (200, 30, 200)).save(image, "PNG")
        self.picture = image.getvalue()
        self.origin = f"http://127.0.0.1:{self.server_port}"


class Tile(BaseHTTPRequestHandler):
    def do_GET(self):  # noqa: N802 - the library's name
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "image/png")
        self.send_header("Access-Control-Allow-Origin", "*")
        self.end_headers()
        self.wfile.write(self.server.picture)

    def log_message(self, *_args):
        """Says nothing."""


@pytest.fixture(scope="module")
def tiles():
    with Tiles() as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture
def look(chromium):
    """Opens the map of a server; returns the page and every address that it asked for."""
    contexts = []

    def at(url):
        context = chromium.new_context(base_url=url, locale="en")
        contexts.append(context)
        page, asked = context.new_page(), []
        page.on("request", lambda request: asked.append(request.url))
        page.goto("/map/")
        page.locator("linli-map[data-ready]").wait_for()
        return page, asked

    yield at
    for context in contexts:
        context.close()


def origins(asked):
    """The servers that were asked; what lies in the page itself is nobody's."""
    parts = [urlsplit(url) for url in asked]
    return {f"{p.scheme}://{p.netloc}" for p in parts if p.scheme not in ("data", "blob")}


def refused(page, url):
    """Does the policy keep this page from asking that address?"""
    return page.evaluate(
        """url => new Promise(done => {
            document.addEventListener("securitypolicyviolation", () => done(true), {once: true});
            fetch(url, {mode: "no-cors"}).then(() => done(false), () => setTimeout(done, 500, false));
        })""",
        url,
    )


def test_a_base_map_is_asked_for_and_nobody_else(tiles, look, tmp_path):
    address = tiles.origin + "/base/{z}/{x}/{y}.png?key=abc"
    with serving(tmp_path, LINLI_BASE_MAP=address, LINLI_BASE_MAP_CREDIT="Our survey") as server:
        page, asked = look(server.url)
        assert tiles.asked
        assert all(
            path.startswith("/base/") and path.endswith(".png?key=abc") for path in tiles.asked
        )
        assert origins(asked) == {server.url, tiles.origin}
        assert page.locator(".maplibregl-ctrl-attrib").inner_text().strip() == "Our survey"
        assert not refused(page, f"{tiles.origin}/base/0/0/0.png")
        assert refused(page, f"{ELSEWHERE}/base/0/0/0.png")
        policy = page.request.get("/map/").headers["content-security-policy"]
        assert tiles.origin in policy
        assert policy.count("http") == 2, "images and tiles, and for nothing else"
        assert "abc" not in policy


def test_without_one_nothing_leaves_our_own_server(tiles, look, tmp_path):
    with serving(tmp_path) as server:
        page, asked = look(server.url)
        assert any(".mvt" in url for url in asked)
        assert origins(asked) == {server.url}
        assert refused(page, f"{tiles.origin}/base/0/0/0.png")
        assert "http" not in page.request.get("/map/").headers["content-security-policy"]
