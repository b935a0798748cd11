"""Somebody of the cast at a desk, signed in: what tests of the desk's pages share."""

import io
from html import unescape

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases.tests.factories import fresh, person


def signed_in(name):
    """A browser in English in which this person has passed the second factor."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(person(name))
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa"}]
    session.save()
    return client


def see(name, address, **fields):
    """The page as this person sees it."""
    return signed_in(name).get(address, fields)


def case_page(case):
    """The address of a case."""
    return f"/desk/cases/{case.number}/"


def do(name, case, verb, *, revision=None, **fields):
    """This person fills the form of a verb and sends it."""
    sent = {f"{verb}-{field}": value for field, value in fields.items()}
    sent[f"{verb}-revision"] = fresh(case).revision if revision is None else revision
    return signed_in(name).post(f"{case_page(case)}do/{verb}/", sent)


def text_of(answer):
    """The page without its entities."""
    return unescape(answer.content.decode())


def picture(name="a.jpg"):
    """A photo as a browser sends it."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
