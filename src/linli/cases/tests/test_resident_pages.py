"""The resident's way through the pages: every step is a plain form, and nothing typed is lost."""

import html
import io
import json
import os
import re
from html import unescape

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.areas.models import Area
from linli.cases import follow, jobs, opening, photos
from linli.cases.actions import catalogue as switches
from linli.cases.forms import draft as drafts
from linli.cases.forms import held
from linli.cases.models import Case, Photo
from linli.cases.tests.factories import IN_A1, OUTSIDE, a_case, person, service
from linli.kernel import vault

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
HOLE = "/report/pothole/"
TEXT = "桥头路面有个大坑 <b>小心</b>"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    settings.LANGUAGE_CODE = "en"
    return tmp_path


class Resident:
    """A phone without cookies and without scripts, whose requests are checked for forgery."""

    def __init__(self, code="pothole"):
        for name in (code, "rubbish", "office-complaint"):
            service(name)
        self.address = f"/report/{code}/"
        self.draft = ""

    def client(self):
        return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    def get(self, address):
        return self.kept(self.client().get(address))

    def post(self, step, address=None, **fields):
        data = {"draft": self.draft, "step": step, **fields}
        return self.kept(self.client().post(address or self.address, data))

    def kept(self, response):
        self.page = unescape(response.content.decode())
        found = re.search(r'name="draft" value="([^"]*)"', self.page)
        self.draft = found.group(1) if found else ""
        return response

    def at(self, lon, lat, **fields):
        self.get(self.address)
        return self.post("where", lon=str(lon), lat=str(lat), **fields)

    def errors(self):
        box = re.search(r'id="errors">(.*?)</div>', self.page, re.S)
        return box.group(1) if box else ""


@pytest.fixture
def resident(place):
    return Resident()


def photo(name="a.jpg", colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")


def token_of(response):
    assert response.status_code == 303, response.content.decode()[:3000]
    return re.fullmatch(r"/f/(\w+)/receipt/", response["Location"]).group(1)


def test_the_first_screen_says_emergencies_first(resident, settings):
    page = resident.get("/report/").content.decode()
    for number in settings.EMERGENCY_NUMBERS:
        assert f'href="tel:{number}"' in page
        assert page.index(f"tel:{number}") < page.index("<h1")
    assert "What this is not for" in page


@pytest.mark.parametrize("words", ["hole", "路面有个坑", "ས་དོང་།", "POTHOLE road"])
def test_services_are_found_in_any_language(resident, words):
    resident.client().get("/report/")
    page = resident.client().get("/report/", {"q": words}).content.decode()
    assert 'href="/report/pothole/"' in page


def test_from_where_to_the_receipt_without_a_cookie(resident):
    assert "Tell us" in resident.at(*IN_A1, words="north of the bridge").content.decode()
    response = resident.post("send", text=TEXT, **{"q-passable": "yes", "photos": photo()})
    case = Case.objects.get()
    assert response.cookies == {}
    assert follow.case_for(token_of(response)) == case
    assert (case.lon, case.lat, case.area.code) == (*IN_A1, "A1")
    told = opening.unlock(case)
    assert (told.text, told.answers) == (TEXT, {"passable": "yes"})
    assert Photo.objects.get().digest == told.photos[0]


def test_sent_twice_makes_one_case(resident):
    resident.at(*IN_A1)
    draft = resident.draft
    first = resident.post("send", text="x", **{"q-passable": "yes"})
    resident.draft = draft
    second = resident.post("send", text="x", **{"q-passable": "yes"})
    assert first["Location"] == second["Location"]
    assert Case.objects.count() == 1


def test_two_forms_make_two_cases(resident):
    for _time in range(2):
        resident.at(*IN_A1)
        token_of(resident.post("send", text="x", **{"q-passable": "yes"}))
    assert Case.objects.count() == 2


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [
        (*OUTSIDE, "outside"),
        (IN_A1[1], IN_A1[0], "swapped|exchanged"),
        ("999", "34.2", "180"),
        ("102.2", "", "Both figures"),
        ("somewhere", "34.2", "Enter a number"),
        ("NaN", "34.2", "Enter a number"),
    ],
)
def test_a_point_that_cannot_be(resident, lon, lat, said):
    resident.at(lon, lat, words="north of the bridge")
    assert re.search(said, resident.errors()), resident.errors()
    assert "north of the bridge" in resident.page
    assert not Case.objects.exists()


def test_digits_of_any_script(resident):
    assert "Tell us" in resident.at("༡༠༢.༢", "３４．２").content.decode()


def test_nowhere_is_not_enough(resident):
    resident.get(HOLE)
    resident.post("where")
    assert "mark a point" in resident.errors()


def test_an_area_with_words_without_scripts(resident):
    resident.get(HOLE)
    resident.post("look", area="A")
    assert 'value="A1"' in resident.page
    resident.post("where", area=["A", "A1"], words="at the ford")
    assert "at the ford" in resident.page
    token_of(resident.post("send", text="x", **{"q-passable": "yes"}))
    assert Case.objects.get().area.code == "A1"


def test_a_place_by_its_name(resident):
    resident.get(HOLE)
    resident.post("find", find="A1")
    assert 'value="area:A1"' in resident.page
    resident.post("where", spot="area:A1", words="at the ford")
    token_of(resident.post("send", text="x", **{"q-passable": "yes"}))
    assert Case.objects.get().area.code == "A1"


@pytest.mark.parametrize("text", ["字" * 4001, "x" * 1_000_000])
def test_a_text_that_is_too_long_comes_back_whole(resident, text):
    resident.at(*IN_A1)
    response = resident.post("send", text=text, **{"q-passable": "slowly"})
    assert response.status_code == 200
    assert "too long" in resident.errors()
    assert text in resident.page
    assert re.search(r'value="slowly"[^>]*checked', resident.page)
    assert not Case.objects.exists()


def test_a_hostile_text_is_cleaned(resident):
    resident.at(*IN_A1)
    token_of(resident.post("send", text="a\0b \u202eevil\u202c z\u200bw", **{"q-passable": "yes"}))
    assert opening.unlock(Case.objects.get()).text == "ab evil zw"


def test_a_missing_answer_keeps_text_and_photos(resident, files):
    resident.at(*IN_A1)
    resident.post("send", text=TEXT, photos=[photo(), photo(colour="blue")])
    assert "Can vehicles still pass?" in resident.errors()
    assert TEXT in resident.page
    assert resident.page.count("Remove photo") == 2
    resident.post("send", text=TEXT, drop="0", **{"q-passable": "yes", "photos": photo("c.jpg")})
    assert Photo.objects.count() == 2
    assert not any((files / "held").iterdir())


def test_waiting_photos_cannot_be_read_on_the_disk(files):
    (ticket,) = held.hold([photos.prepare(photo().read())])
    (path,) = (files / "held").iterdir()
    assert b"\xff\xd8" not in path.read_bytes()[:4]
    assert ticket not in path.name
    assert held.fetch([ticket, "00" * 32])[0].width == 40


def test_six_photos_are_refused_and_the_text_stays(resident):
    resident.at(*IN_A1)
    resident.post("send", text=TEXT, photos=[photo() for _ in range(6)], **{"q-passable": "yes"})
    assert "At most five" in resident.errors()
    assert TEXT in resident.page


def test_a_page_that_calls_itself_a_photo(resident):
    resident.at(*IN_A1)
    page = SimpleUploadedFile("a.jpg", b"<html><script>alert(1)</script>", "image/jpeg")
    resident.post("send", text=TEXT, photos=page, **{"q-passable": "yes"})
    assert "not a photo" in resident.errors()
    assert TEXT in resident.page
    assert not Case.objects.exists()


def test_going_back_keeps_everything(resident):
    resident.at(*IN_A1)
    resident.post("back", text=TEXT, photos=photo(), **{"q-passable": "no", "reach": "phone",
                                                        "contact": "0971 555 0123"})  # fmt: skip
    assert f'value="{IN_A1[0]:.7f}"'.rstrip('0"') in resident.page or str(IN_A1[0]) in resident.page
    resident.post("where", lon=str(IN_A1[0]), lat=str(IN_A1[1]))
    assert TEXT in resident.page
    assert re.search(r'value="no"[^>]*checked', resident.page)
    assert "0971 555 0123" in resident.page
    assert "Remove photo 1" in resident.page


def test_a_contact_must_be_one(resident):
    resident.at(*IN_A1)
    answers = {"text": "x", "q-passable": "yes", "reach": "phone"}
    resident.post("send", **answers, contact="call my brother")
    assert "phone number" in resident.errors()
    token_of(resident.post("send", **answers, contact="（０９７１）555-0123"))
    assert Case.objects.get().contact is not None


def test_anonymous_is_the_default_and_drops_what_was_typed(resident):
    resident.at(*IN_A1)
    assert re.search(r'name="reach" value=""[^>]*checked', resident.page)
    token_of(resident.post("send", text="x", contact="0971-5550123", **{"q-passable": "yes"}))
    assert Case.objects.get().contact is None


def test_a_service_withdrawn_meanwhile(resident, place):
    resident.at(*IN_A1)
    pothole = service("pothole")
    area = Area.objects.get(code="A1")
    switches.switch(pothole.service, area=area, enabled=False, by=person("admin"))
    response = resident.post("send", text=TEXT, photos=photo(), **{"q-passable": "yes"})
    assert response.status_code == 410
    assert "not offered there" in resident.page
    assert not Case.objects.exists()
    resident.post("", address="/report/rubbish/")
    resident.post("where", address="/report/rubbish/", lon=str(IN_A1[0]), lat=str(IN_A1[1]))
    assert TEXT in resident.page
    assert "Remove photo 1" in resident.page


def test_a_form_that_changed_meanwhile(resident):
    resident.at(*IN_A1)
    service("pothole", within={"days": 9})
    resident.post("send", text=TEXT, **{"q-passable": "yes"})
    assert "has changed while you were writing" in resident.page
    assert TEXT in resident.page
    token_of(resident.post("send", text=TEXT, **{"q-passable": "yes"}))


def test_an_unknown_service_offers_the_others(resident):
    assert resident.get("/report/nothing/").status_code == 410


@pytest.mark.parametrize("typed", ["nan", "1e400", "-inf", "sNaN", "９e９９９"])
def test_figures_that_are_no_figures_are_refused_by_name(resident, typed):
    assert resident.post("where", lon=typed, lat="34.2").status_code == 200
    assert resident.errors()


def test_a_draft_that_is_not_ours_is_a_new_one(resident):
    resident.draft = "forged:draft"
    resident.post("where", lon=str(IN_A1[0]), lat=str(IN_A1[1]))
    assert "Tell us" in resident.page


def test_a_draft_cannot_be_written_by_hand():
    signed = drafts.signed(drafts.begin())
    assert drafts.read(signed) is not None
    assert drafts.read(signed[:-2] + "aa") is None


def test_help_for_another_asks_nothing_about_them(place):
    asking = Resident("help-for-another")
    asking.get(asking.address)
    assert "linli-map" not in asking.page
    assert 'name="lon"' not in asking.page
    asking.post("where", area=["A", "A1"], lon="102.2", lat="34.2", words="the blue tent")
    assert 'name="text"' not in asking.page
    assert 'name="photos"' not in asking.page
    asking.post("send", text="he is ill", reach="phone")
    assert "Your own phone number" in asking.errors()
    token_of(asking.post("send", text="he is ill", reach="phone", contact="0971-5550123"))
    case = Case.objects.get()
    assert (case.lon, case.where_locked) == (None, None)
    assert opening.unlock(case).text == ""


def test_answers_of_every_kind(place):
    kinds = {
        "words": {"datatype": "string"},
        "count": {"datatype": "number"},
        "since": {"datatype": "datetime"},
        "more": {"datatype": "text"},
        "side": {"datatype": "singlevaluelist"},
        "seen": {"datatype": "multivaluelist"},
    }
    values = [{"code": c, "name": {"zh": c}} for c in ("one", "two")]
    privacy = {"personal": False, "why": "thing"}
    questions = [
        {"code": code, "text": {"zh": code, "en": code}, "privacy": privacy, **kind,
         **({"values": values} if "list" in kind["datatype"] else {})}
        for code, kind in kinds.items()
    ]  # fmt: skip
    asking = Resident()
    service("pothole", questions=questions)
    asking.at(*IN_A1)
    token_of(asking.post("send", text="x", **{
        "q-words": " 路\u200b牌 ", "q-count": "１２，５", "q-since": "2026-05-01 14:30",
        "q-more": "a\r\nb", "q-side": "two", "q-seen": ["one", "two"],
    }))  # fmt: skip
    assert opening.unlock(Case.objects.get()).answers == {
        "words": "路牌", "count": 12.5, "since": "2026-05-01T14:30+08:00", "more": "a\nb",
        "side": "two", "seen": ["one", "two"],
    }  # fmt: skip


def test_the_receipt_holds_number_promise_owner_link_and_proof(resident):
    resident.at(*IN_A1)
    response = resident.post("send", text=TEXT, **{"q-passable": "yes"})
    token = token_of(response)
    answer = resident.get(response["Location"])
    case = Case.objects.get()
    told = opening.unlock(case)
    spoken = f"{case.number[:4]}-{case.number[4:8]}-{case.number[8:]}"
    for part in (spoken, "Post roads-a1", f"/f/{token}/", told.salt.hex(), told.digest.hex()):
        assert part in resident.page
    assert "Pothole" in resident.page
    assert TEXT not in resident.page
    assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", "))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]


def test_the_receipt_of_a_private_service_names_none(place):
    asking = Resident("office-complaint")
    asking.get(asking.address)
    asking.post("where", area=["A", "A1"])
    response = asking.post("send", text="x", **{"q-office": "the counter", "q-matter": "delay"})
    token = token_of(response)
    for address in (response["Location"], f"/f/{token}/"):
        asking.get(address)
        assert "Complaint" not in asking.page
        assert "complaint" not in asking.page


def test_a_complaint_goes_outside_the_chain_of_its_office(place):
    asking = Resident("office-complaint")
    asking.get(asking.address)
    asking.post("where", area=["A", "A1"])
    assert '<option value="roads-a1">' in asking.page
    token_of(
        asking.post(
            "send", text="x", office="roads-a1", **{"q-office": "counter", "q-matter": "delay"}
        )
    )
    case = Case.objects.get()
    assert case.office.code == "roads-a1"
    assert case.owner.code == "inspection-p"


def test_an_office_that_is_not_in_the_list(place):
    asking = Resident("office-complaint")
    asking.get(asking.address)
    asking.post("where", area=["A", "A1"])
    asking.post("send", text="x", office="made-up", **{"q-office": "c", "q-matter": "delay"})
    assert "Is the office in this list?" in asking.errors()


def test_files_that_no_case_knows_are_swept(files, place):
    made = photos.prepare(photo().read())
    known = a_case(photos=[made]).photos.get().address
    orphan, young = (photos.keep(vault.new_key(), made) for _ in range(2))
    for address in (known, orphan):
        os.utime(photos.folder() / address[:2] / address, (0, 0))
    assert jobs.sweep_photos() == 1
    left = {path.name for path in photos.folder().glob("??/*")}
    assert left == {known, young}


def test_waiting_photos_are_forgotten_after_a_day(files):
    old, young = held.hold([photos.prepare(photo().read()) for _ in range(2)])
    os.utime(held._path(old), (0, 0))
    assert held.forget_old() == 1
    assert len(held.fetch([old, young])) == 1


def test_the_proof_can_be_checked_by_hand(resident):
    from hashlib import sha256

    resident.at(*IN_A1)
    resident.get(resident.post("send", text="坑", **{"q-passable": "yes"})["Location"])
    salt, commitment, leaf, record, record_salt = (
        html.unescape(re.search(rf"<dt>{name}</dt><dd><code>([^<]+)", resident.page).group(1))
        for name in ("Salt", "Commitment", "Leaf", "Record", "Salt of the record")
    )
    sent = {"answers": {"passable": "yes"}, "photos": [], "text": "坑"}
    statement = json.dumps(sent, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert sha256(bytes.fromhex(salt) + statement.encode()).hexdigest() == commitment
    # The leaf is of a record that names this commitment: a rewritten one would have another leaf.
    assert commitment in record
    assert sha256(b"\0" + bytes.fromhex(record_salt) + record.encode()).hexdigest() == leaf


def test_what_is_asked_most_counts_public_cases_only(place):
    from django.core.cache import cache

    from linli.cases.views.choosing import offered, often_asked

    cache.clear()
    service("rubbish")
    for _time in range(2):
        a_case("pothole")
    a_case("office-complaint")
    assert [s.code for s in often_asked(offered())] == ["pothole"]


class TestAnotherLanguageInTheMiddle:
    """The buttons of the languages send the form of the step: nothing typed is lost."""

    def test_on_the_second_step(self, resident):
        resident.get(HOLE)
        response = resident.post("look:bo", words="渡口往上", find="桥", lon="95.1")
        assert response.cookies["django_language"].value == "bo"
        assert '<html lang="bo">' in resident.page
        assert "渡口往上</textarea>" in resident.page
        assert 'value="95.1"' in resident.page
        assert resident.errors() == ""

    def test_on_the_third_step_with_a_photo(self, resident):
        resident.at(*IN_A1)
        fields = {"q-size": "wheel", "reach": "phone", "contact": "139", "language": "en"}
        response = resident.post("keep:bo", text=TEXT, photos=photo(), **fields)
        assert response.cookies["django_language"].value == "bo"
        assert '<html lang="bo">' in resident.page
        assert TEXT in resident.page
        assert resident.errors() == ""
        kept = drafts.read(resident.draft)
        assert len(kept.photos) == 1
        assert kept.kept["contact"] == ["139"]
        assert kept.kept["language"] == ["bo"], "answers follow the reader's language"
        sent = resident.post("send", text=TEXT, **{"q-passable": "yes"})
        assert Photo.objects.filter(case=follow.case_for(token_of(sent))).count() == 1

    def test_answers_stay_in_the_language_that_was_chosen_for_them(self, resident):
        resident.at(*IN_A1)
        resident.post("keep:bo", text=TEXT, language="zh-hans")
        assert drafts.read(resident.draft).kept["language"] == ["zh-hans"]

    def test_an_invented_language_changes_nothing(self, resident):
        resident.at(*IN_A1)
        response = resident.post("keep:xx", text=TEXT)
        assert "django_language" not in response.cookies
        assert TEXT in resident.page

    def test_where_the_service_is_not_offered(self, resident):
        resident.at(*IN_A1)
        area, pothole = Area.objects.get(code="A1"), service("pothole")
        switches.switch(pothole.service, area=area, enabled=False, by=person("admin"))
        resident.post("send", text=TEXT)
        response = resident.post("gone:bo")
        assert response.status_code == 410
        assert '<html lang="bo">' in resident.page
        assert drafts.read(resident.draft).kept["text"] == [TEXT]


def test_a_nul_does_not_come_back(resident):
    resident.at(*IN_A1)
    resident.post("send", text="a\0b")
    assert "ab</textarea>" in resident.page
    assert "\0" not in resident.page
    assert "\0" not in resident.get(HOLE).content.decode()
    assert "\0" not in resident.post("find", find="c\0d").content.decode()
