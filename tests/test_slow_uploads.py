"""Forty phones that send photos at one kilobyte a second, and somebody who only wants a page."""

import html
import re
import socket
import threading
import urllib.parse
import urllib.request
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.slow

PHONES = 40
WHOLE = 3_000_000  # bytes that each phone announces; far more than it sends in this test
BOUNDARY = "linli-test"
HEAD = (
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="text"\r\n\r\n桥断了\r\n'
    f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="photos"; filename="a.jpg"\r\n'
    "Content-Type: image/jpeg\r\n\r\n"
).encode()
TAIL = f"\r\n--{BOUNDARY}--\r\n".encode()
FILL = WHOLE - len(HEAD) - len(TAIL)


class Phone:
    """One upload on its way."""

    def __init__(self, url):
        parts = urlsplit(url)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=30)
        self.left = FILL
        self.socket.sendall(
            f"POST /report/pothole/ HTTP/1.1\r\nHost: {parts.netloc}\r\n"
            f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
            f"Content-Length: {WHOLE}\r\nConnection: close\r\n\r\n".encode()
            + HEAD
        )

    def send(self, size):
        size = min(size, self.left)
        self.socket.sendall(bytes(size))
        self.left -= size

    def is_open(self):
        """Nothing has come back and nobody has hung up: the server is still reading."""
        self.socket.setblocking(False)
        try:
            return self.socket.recv(1, socket.MSG_PEEK) is None
        except BlockingIOError:
            return True
        finally:
            self.socket.setblocking(True)

    def finish(self):
        """Send the rest at once and return what the server says."""
        self.send(self.left)
        self.socket.sendall(TAIL)
        answer = b""
        while piece := self.socket.recv(65536):
            answer += piece
        return answer


@pytest.fixture
def phones(server):
    """The phones, each sending a kilobyte a second until the test is over."""
    found = [Phone(server.url) for _ in range(PHONES)]
    over = threading.Event()
    lock = threading.Lock()

    def drip():
        while not over.wait(1):
            with lock:
                for phone in found[1:]:
                    phone.send(1024)

    thread = threading.Thread(target=drip)
    thread.start()
    yield found
    over.set()
    thread.join()
    for phone in found:
        phone.socket.close()


def page(server, path):
    request = urllib.request.Request(server.url + path, headers={"Accept-Language": "en"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return answer.status, answer.read().decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [("/", "Report a problem"), ("/report/", "Is a life in danger"), ("/follow/", "Code from")],
)
def test_pages_answer_while_all_uploads_are_open(server, phones, path, words):
    for _time in range(5):
        status, text = page(server, path)
        assert status == 200
        assert words in text
    assert all(phone.is_open() for phone in phones)


def post(server, **fields):
    """Send a form; the address it leads to, and the page there."""
    data = urllib.parse.urlencode(fields).encode()
    address = server.url + "/report/ask-a-question/"
    with urllib.request.urlopen(address, data, timeout=60) as answer:
        return answer.url, answer.read().decode()


def draft_in(text):
    return html.unescape(re.search(r'name="draft" value="([^"]*)"', text)[1])


def test_somebody_else_s_report_is_taken_meanwhile(server, phones):
    _status, first = page(server, "/report/ask-a-question/")
    _url, second = post(server, draft=draft_in(first), step="where", words="at the ford")
    url, receipt = post(server, draft=draft_in(second), step="send", text="When does it open?")
    assert url.endswith("/receipt/")
    assert "secret__code" in receipt
    assert all(phone.is_open() for phone in phones)


def test_an_upload_that_gets_there_is_answered(server, phones):
    answer = phones[0].finish()
    assert answer.startswith(b"HTTP/1.1 200")
    assert all(phone.is_open() for phone in phones[1:])
