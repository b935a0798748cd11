"""The follow-up page: everything for whoever has the link, nothing for anybody else."""

import io
import re
from html import unescape

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from linli.cases import actions, photos
from linli.cases.models import Authority, Case, Photo, State, Update
from linli.cases.tests.factories import a_case, a_receipt, fresh, later, person, resolved
from linli.cases.views.tokens import TRIES, typed
from linli.kernel import contacts
from linli.kernel.errors import Missing
from linli.kernel.journal import record

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TEXT = "桥头路面有个大坑"


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path}},
    }
    settings.LANGUAGE_CODE = "en"
    cache.clear()


def picture(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return out.getvalue()


class Follower:
    """Somebody with a secret link and no cookies."""

    def __init__(self, receipt):
        self.case, self.address = receipt.case, f"/f/{receipt.token}/"

    def client(self):
        return Client(enforce_csrf_checks=True, headers={"accept-language": "en"})

    def look(self, more=""):
        response = self.client().get(self.address + more)
        self.page = unescape(response.content.decode(errors="replace"))
        return response

    def do(self, what, **fields):
        response = self.client().post(self.address, {"do": what, **fields})
        self.page = unescape(response.content.decode())
        self.case = fresh(self.case)
        return response


@pytest.fixture
def follower(place):
    made = [photos.prepare(picture())]
    return Follower(a_receipt(text=TEXT, contact=("phone", "0971-5550123"), photos=made))


def test_what_it_shows(follower):
    response = follower.look()
    for part in (
        TEXT,
        "Pothole",
        "Post roads-a1",
        "Nobody has looked at it",
        "On time",
        "received",
    ):
        assert part in follower.page
    assert "0971-5550123" not in follower.page
    assert {"private", "no-store"} <= set(response["Cache-Control"].split(", "))
    assert response["Referrer-Policy"] == "no-referrer"
    assert "noindex" in response["X-Robots-Tag"]


@pytest.mark.parametrize("token", ["x" * 32, "a" * 31, "A" * 32, "a" * 5000, "..", "%00"])
def test_a_wrong_token_reads_like_a_missing_page(token):
    wrong = Client().get(f"/f/{token}/")
    assert wrong.status_code == 404


def test_guessing_is_stopped_and_nothing_is_stored(follower):
    guesser = Client(REMOTE_ADDR="198.51.100.7")
    guesses = [chr(ord("a") + n) * 32 for n in range(TRIES + 3)]
    answers = [guesser.get(f"/f/{guess}/").status_code for guess in guesses]
    assert answers[:TRIES] == [404] * TRIES
    assert answers[TRIES:] == [429] * 3
    assert guesser.get(follower.address).status_code == 429
    assert Client(REMOTE_ADDR="198.51.100.8").get(follower.address).status_code == 200


def test_behind_a_proxy_of_this_machine_each_sender_counts_alone(follower):
    proxy = Client(REMOTE_ADDR="127.0.0.1")
    for _time in range(TRIES + 1):
        proxy.get(f"/f/{'a' * 32}/", headers={"x-forwarded-for": "203.0.113.5"})
    blocked = proxy.get(follower.address, headers={"x-forwarded-for": "203.0.113.5"})
    other = proxy.get(follower.address, headers={"x-forwarded-for": "203.0.113.6"})
    assert (blocked.status_code, other.status_code) == (429, 200)


def test_the_code_is_typed_from_paper(follower):
    code = follower.address.split("/")[2]
    spaced = " - ".join(code[n : n + 4] for n in range(0, 32, 4)).upper()
    response = follower.client().post("/follow/", {"code": spaced})
    assert (response.status_code, response["Location"]) == (302, follower.address)
    wrong = follower.client().post("/follow/", {"code": "abcd efgh"})
    assert wrong.status_code == 404
    assert "no report with this code" in wrong.content.decode()


class TestAnotherLanguageInTheMiddle:
    """The buttons of the languages send the form: what was typed stays, and nothing is done."""

    def test_of_the_answer_and_of_what_is_added(self, follower):
        resolved(follower.case)
        fields = {"solved": "no", "words": "还有一个坑", "satisfaction": "2", "more": "下雨积水"}
        response = follower.client().post(follower.address, {"step": "keep:bo", **fields})
        page = unescape(response.content.decode())
        assert response.status_code == 200
        assert response.cookies["django_language"].value == "bo"
        assert '<html lang="bo">' in page
        assert "还有一个坑</textarea>" in page
        assert "下雨积水</textarea>" in page
        assert re.search(r'value="no"[^>]* checked', page)
        assert '<option value="2" selected>' in page
        assert "error-summary" not in page
        assert fresh(follower.case).state == State.RESOLVED
        assert not follower.case.answers.exists()

    def test_of_a_code(self, follower):
        response = follower.client().post("/follow/", {"step": "keep:zh-hans", "code": "abcd ef"})
        assert response.status_code == 200
        assert 'value="abcd ef"' in response.content.decode()
        assert '<html lang="zh-Hans">' in response.content.decode()

    def test_the_enter_key_answers(self, follower):
        resolved(follower.case)
        follower.client().post(follower.address, {"step": "answer", "solved": "yes"})
        assert fresh(follower.case).state == State.CLOSED


def test_letters_and_digits_that_look_alike():
    assert typed("0O Il-18 B2") == "ooillbb2"


def test_staff_words_appear_and_internal_notes_only_after_closing(follower):
    tashi = person("tashi")
    actions.add_note(follower.case, words="内部备注：等沥青", by=tashi)
    actions.add_update(fresh(follower.case), words="明天动工", by=tashi)
    follower.look()
    assert "明天动工" in follower.page
    assert "等沥青" not in follower.page
    resolved(fresh(follower.case))
    follower.do("answer", solved="yes")
    follower.look()
    assert "等沥青" in follower.page


def test_solved(follower):
    resolved(follower.case)
    follower.look()
    assert "Is it solved?" in follower.page
    response = follower.do("answer", solved="yes", satisfaction="5", theirs="yes", words="谢谢")
    assert response.status_code == 303
    assert (follower.case.state, follower.case.closing) == (State.CLOSED, "confirmed")
    answer = follower.case.answers.get()
    assert (answer.satisfaction, answer.theirs, answer.entered_by) == (5, True, None)
    follower.look()
    assert "You said: solved" in follower.page
    assert "Send my answer" not in follower.page


def test_not_solved_goes_to_another_post(follower):
    before = follower.case.owner_id
    resolved(follower.case)
    follower.do("answer", solved="no", words="还是坑")
    assert follower.case.state == State.OPEN
    assert follower.case.owner_id != before
    follower.look()
    assert "Another post checks it now" in follower.page
    assert follower.page.count("clock__due") == 2  # the first promise, and that of the rework
    assert "还是坑" in follower.page


def test_an_answer_without_a_choice_keeps_the_words(follower):
    resolved(follower.case)
    response = follower.do("answer", words="还是坑")
    assert response.status_code == 400
    assert "还是坑" in follower.page
    assert follower.case.state == State.RESOLVED


def test_answering_twice_says_so(follower):
    resolved(follower.case)
    follower.do("answer", solved="yes")
    assert follower.do("answer", solved="no").status_code == 400
    assert follower.case.state == State.CLOSED


def test_after_the_silence_nobody_is_asked(follower, monkeypatch):
    resolved(follower.case)
    later(monkeypatch, days=15)
    actions.close_unanswered(fresh(follower.case))
    follower.look()
    assert "without an answer" in follower.page
    assert "Send my answer" not in follower.page


def test_who_looked_at_my_contact_when_and_why(follower):
    event = contacts.ContactSeen(contact=follower.case.contact_id, why=contacts.Why.CALL_BACK)
    record(event, by=person("drolma"))
    follower.look()
    assert "Drolma" in follower.page
    assert "to call back" in follower.page


def test_taking_the_contact_back(follower):
    assert follower.do("withdraw").status_code == 303
    assert follower.case.contact is None
    assert follower.do("withdraw").status_code == 303
    follower.look()
    assert "You left none" in follower.page


def test_adding_words_and_photos(follower):
    image = SimpleUploadedFile("a.jpg", picture("blue"), "image/jpeg")
    assert follower.do("add", more="坑变大了", photos=image).status_code == 303
    assert follower.case.photos.count() == 2
    follower.look("?done=add")
    assert "坑变大了" in follower.page
    assert "It was added." in follower.page


def test_what_is_typed_beside_is_given_back(follower):
    resolved(follower.case)
    beside = {"words": "灯还是不亮", "solved": "no", "satisfaction": "2"}
    for more in ("", "昨晚又黑了"):  # refused, then taken
        response = follower.do("add", more=more, **beside)
        assert response.status_code == (200 if more else 400)
        assert "灯还是不亮" in typed_in(follower, "words")
        assert 'value="no"' in chosen_in(follower)
    assert "It was added." in follower.page
    assert follower.case.state == State.RESOLVED
    follower.do("answer", more="还有一件事", words="灯还是不亮")
    assert "还有一件事" in typed_in(follower, "more")
    follower.do("answer", more="还有一件事", **beside)
    assert follower.case.state != State.RESOLVED
    assert "Your answer is recorded" in follower.page
    assert "Another post checks it now" in follower.page
    assert "Send my answer" not in follower.page
    assert "还有一件事" in typed_in(follower, "more")


def typed_in(follower, name):
    """What stands in a text field of the page."""
    return re.search(rf'<textarea[^>]*name="{name}"[^>]*>(.*?)</textarea>', follower.page, re.S)[1]


def chosen_in(follower):
    """The chosen answer."""
    return re.search(r'<input[^>]*name="solved"[^>]*checked[^>]*>', follower.page)[0]


def test_adding_nothing(follower):
    assert follower.do("add", more=" \u200b ").status_code == 400
    assert "write something" in follower.page


def test_adding_too_many_photos(follower):
    images = [SimpleUploadedFile(f"{n}.jpg", picture()) for n in range(5)]
    assert follower.do("add", photos=images).status_code == 303
    again = [SimpleUploadedFile(f"{n}.jpg", picture()) for n in range(5)]
    assert follower.do("add", more="more", photos=again).status_code == 400
    assert "At most five" in follower.page
    assert follower.case.photos.count() == 6


def test_own_photos_and_nobody_else_s(follower):
    (photo,) = Photo.objects.all()
    response = follower.look(f"photos/{photo.pk}.jpg")
    assert response["Content-Type"] == "image/jpeg"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert Image.open(io.BytesIO(response.content)).size == (40, 30)
    stranger = Follower(a_receipt())
    assert stranger.look(f"photos/{photo.pk}.jpg").status_code == 404
    follower.look()
    assert f"photos/{photo.pk}.jpg" in follower.page


def test_a_result_is_shown_once_somebody_saw_no_face_in_it(follower):
    picture_ = photos.prepare(picture("green"))
    actions.resolve(follower.case, words="done", by=person("tashi"), photo=picture_)
    row = Photo.objects.get(kind=Photo.Kind.RESULT)
    follower.look()
    assert f"photos/{row.pk}.jpg" not in follower.page
    assert follower.look(f"photos/{row.pk}.jpg").status_code == 404
    actions.clear_photo(row, by=person("drolma"))
    follower.look()
    assert f"photos/{row.pk}.jpg" in follower.page
    assert follower.look(f"photos/{row.pk}.jpg").status_code == 200


def test_erasing_needs_to_be_meant(follower):
    assert follower.do("erase").status_code == 400
    assert follower.case.text_locked is not None


def test_everything_is_erased_at_the_reporter_s_wish(follower):
    assert follower.do("erase", sure="on").status_code == 303
    case = Case.objects.get(pk=follower.case.pk)
    assert (case.state, case.closing, case.text_locked) == (State.ERASED, "withdrawn", None)
    assert case.key.destroyed_at is not None
    assert not Photo.objects.exists()
    assert follower.look().status_code == 200
    assert "This report was erased" in follower.page
    assert TEXT not in follower.page
    with pytest.raises(Missing):
        actions.erase_report(case, token=follower.address.split("/")[2])


def test_an_accusing_text_names_the_competent_authority(follower):
    actions.mark_accusing(follower.case, authority=Authority.POLICE, by=person("drolma"))
    follower.look()
    assert "the police" in follower.page
    assert TEXT not in follower.page
    assert follower.look("receipt/").status_code == 404


def test_a_joined_report_follows_the_other(follower):
    other = a_case()
    actions.merge(follower.case, into=other, by=person("drolma"))
    actions.add_update(fresh(other), words="两处一起修", by=person("tashi"))
    follower.look()
    assert "Others reported the same" in follower.page
    assert "两处一起修" in follower.page
    resolved(fresh(other))
    follower.look()
    assert "Is it solved?" in follower.page
    assert follower.do("answer", solved="no").status_code == 303


def test_a_question_to_the_reporter_stands_out(follower):
    update = {"words": "坑在桥的哪一边？", "kind": Update.Kind.QUESTION, "by": person("tashi")}
    actions.add_update(follower.case, **update)
    follower.look()
    assert "A question to you" in follower.page


def test_why_this_office(follower):
    follower.look()
    assert "Why this office?" in follower.page
    assert "it answers for this duty in this area" in follower.page
