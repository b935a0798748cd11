"""The slips: each takes the place of a function of ours and does it wrong while its leak is open."""

import base64
import functools
import gzip
import json
import logging
import os
import re
import threading
from dataclasses import replace
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse

from linli.areas.tiles.shelf import Shelf
from linli.cases import photos, queries, rules
from linli.cases.models import Case
from linli.cases.views import follow
from linli.cases.views.desk import case as desk
from linli.kernel import contacts, journal, vault
from linli.messages import actions as messages
from linli.messages.models import Outgoing
from linli.opendata import public
from linli.opendata.filters import Filter
from linli.opendata.views import data
from linli.territory.models.comments import TEXT
from linli.territory.views.public import plans

NUMBER = re.compile(r"/(\d{11})/")
SLIPS = []
said_last = threading.local()
kept = {}


def is_open(leak):
    """Is this leak open now?"""
    path = Path(os.environ["LEAK"])
    return path.exists() and path.read_text() == leak


def instead_of(owner, name, leak):
    """While the leak is open, this function (given the right one first) takes the other's place."""

    def place(wrong):
        def put():
            right = getattr(owner, name)

            @functools.wraps(right)
            def run(*args, **options):
                return wrong(right, *args, **options) if is_open(leak) else right(*args, **options)

            setattr(owner, name, run)

        SLIPS.append(put)
        return wrong

    return place


def install():
    """All of them, once."""
    while SLIPS:
        SLIPS.pop()()


def report_of(case):
    """What the reporter wrote."""
    opened = queries.opening_of(case)
    return opened.text if opened else ""


@instead_of(public, "_public", "wrong text")
def wrong_text(right, case, known, pictures):
    """The public sees the reporter's own words, not the released ones."""
    whole = Case.objects.get(number=case.number)
    return replace(right(case, known, pictures), text=report_of(whole))


@instead_of(rules, "visible_to", "no rule")
def no_rule(_right, _person):
    """Everybody who is signed in sees every case."""
    return Case.objects.all()


@instead_of(Shelf, "tile", "tile")
def labelled(right, self, at):
    """A tile names what was reported there."""
    words = " ".join(report_of(case) for case in Case.objects.order_by("-pk")[:9])
    return gzip.compress(gzip.decompress(right(self, at)) + words.encode())


@instead_of(follow, "show", "log")
def noted(right, request, token):
    """The log keeps the secret link."""
    logging.getLogger("linli.cases").error("follow-up page %s", token)
    return right(request, token)


@instead_of(vault, "lock", "journal")
def remembered(right, key, text, *, label):
    """What was just written is still at hand …"""
    said_last.words = text if isinstance(text, str) else ""
    return right(key, text, label=label)


@instead_of(journal.events, "canonical", "journal")
def journaled(right, event, *, at, by):
    """… and goes into the journal with what happened."""
    body = json.loads(right(event, at=at, by=by)) | {"words": getattr(said_last, "words", "")}
    return json.dumps(body).encode()


@instead_of(photos, "keep", "photo")
def unlocked(_right, _key, picture):
    """A photo lies on the disk as it is."""
    address = photos.address(picture.jpeg)
    photos.put(picture.jpeg)
    return address


@instead_of(data, "csv_lines", "left file")
def left_behind(right, cases):
    """A file made for an export stays on the disk, packed."""
    lines = "\n".join(report_of(case) for case in Case.objects.order_by("-pk")[:9])
    (settings.VAR / "export.csv.gz").write_bytes(gzip.compress(lines.encode()))
    return right(cases)


@instead_of(messages, "send", "message")
def addressed(right, key, contact, template, **options):
    """A message keeps the telephone number it goes to."""
    row = right(key, contact, template, **options)
    if row is not None:
        to = vault.unlock(key, bytes(contact.sealed), label=contacts.LABEL)
        Outgoing.objects.filter(pk=row.pk).update(codes=row.codes | {"to": to})
    return row


@instead_of(Filter, "cases", "search")
def searched(right, self):
    """Search finds a case by what its reporter wrote."""
    if not self.words:
        return right(self)
    found = [case.pk for case in public.publishable() if self.words in report_of(case)]
    return public.publishable().filter(pk__in=found).order_by("-received_at", "-pk")


@instead_of(desk, "show", "cache")
def one_for_all(right, request, number):
    """A page is kept by its address and given to whoever asks next."""
    if number not in kept:
        kept[number] = right(request, number).content
    return HttpResponse(kept[number])


@instead_of(plans, "_said", "comment")
def said_at_once(right, row, code):
    """What somebody said about a plan is shown before anybody has read it."""
    shown, counted = right(row, code)
    rows = list(row.comments.filter(grid=code).exclude(text_locked=None))
    for one in rows:
        one.public_text = vault.unlock(one.key, bytes(one.text_locked), label=TEXT)
    return rows or shown, counted


class Carried:
    """What stands beside a page, for a case that its address names."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        """The answer, with words where none belong."""
        response = self.get_response(request)
        found = NUMBER.search(request.path)
        case = Case.objects.filter(number=found.group(1)).first() if found else None
        if case is None:
            return response
        if is_open("header"):
            response.headers["X-About"] = report_of(case)
        if is_open("cookie"):
            coded = base64.urlsafe_b64encode(f"draft {report_of(case)} draft".encode()).decode()
            response.set_cookie("draft", coded)
        if is_open("redirect") and "Location" in response.headers:
            response.headers["Location"] += f"&about={report_of(case)}"
        if is_open("kept by caches"):
            response.headers["Cache-Control"] = "public, max-age=600"
        return response
