"""The page of one case: every verb does what it says, for those who may, and loses no words."""

import datetime as dt
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.cases import actions, numbers, photos, queries
from linli.cases.actions import Said
from linli.cases.models import Channel, PauseReason, State
from linli.cases.tests.at_the_desk import (
    case_page,
    do,
    picture,
    see,
    signed_in,
    text_of,
)
from linli.cases.tests.factories import (
    IN_A2,
    OUTSIDE,
    a_case,
    a_post,
    a_receipt,
    fresh,
    help_for,
    person,
    post,
    resolved,
    service,
)
from linli.cases.views.desk.verbs import BY_NAME, VERBS
from linli.kernel.models import Entry
from linli.organisations.models import Holding

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
TOMORROW = (timezone.now() + dt.timedelta(days=3)).date().isoformat()


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


def paused():
    case = a_case()
    until = timezone.now() + dt.timedelta(days=2)
    actions.pause(case, reason=PauseReason.WEATHER, words="封山", until=until, by=person("tashi"))
    return case


def triaged():
    case = a_case()
    actions.triage(case, public_text="桥头有坑", publish=True, by=person("drolma"))
    return case


def merged():
    case, into = a_case(), a_case()
    actions.merge(case, into=into, by=person("drolma"))
    return case


def pk(code):
    return lambda: post(code).pk


# verb → who, the case, what they type, and the state in which the case is afterwards
WORKS = {
    "triage": ("drolma", a_case, {"public_text": "桥头有坑", "publish": "on"}, "open"),
    "text": ("drolma", triaged, {"public_text": "桥东有坑", "publish": "on"}, "open"),
    "resolve": ("tashi", a_case, {"words": "填平了"}, "resolved"),
    "update": ("tashi", a_case, {"kind": "progress", "words": "在路上"}, None),
    "note": ("tashi", a_case, {"words": "要带沙子"}, None),
    "assign": ("drolma", a_case, {"post": pk("roads-a")}, None),
    "offer": ("tashi", a_case, {"post": pk("roads-a"), "words": "是省道"}, None),
    "support": ("tashi", a_case, {"post": pk("water-a"), "task": "关水"}, None),
    "service": ("drolma", a_case, {"service": "street-light"}, None),
    "pause": ("tashi", a_case, {"reason": "weather", "until": TOMORROW, "words": "封山"}, "paused"),
    "resume": ("tashi", paused, {}, "open"),
    "decline": ("tashi", a_case, {"reason": "court", "words": "在法院"}, "declined"),
    "agree": ("drolma", lambda: help_for().case, {}, None),
    "confirm": ("drolma", resolved, {"words": "好了", "satisfaction": "5"}, "closed"),
    "contest": ("drolma", resolved, {"words": "没有好", "satisfaction": "1"}, "open"),
    "merge": ("drolma", triaged, {"into": lambda: a_case().number}, "merged"),
    "unmerge": ("drolma", merged, {}, None),
    "accusing": ("drolma", a_case, {"authority": "police", "sure": "on"}, "erased"),
}


def prepared(verb):
    """Who does it, the case, and the fields, made when asked for."""
    service("street-light")
    name, make, fields, state = WORKS[verb]
    case = make()
    return name, case, {k: v() if callable(v) else v for k, v in fields.items()}, state


def test_every_verb_is_tried():
    assert set(WORKS) == set(BY_NAME)
    assert len(BY_NAME) == len(VERBS)


@pytest.mark.parametrize("verb", WORKS)
def test_who_may_does_it(verb):
    name, case, fields, state = prepared(verb)
    done = Entry.objects.filter(by=person(name)).count()
    assert f"/do/{verb}/" in text_of(see(name, case_page(case)))
    answer = do(name, case, verb, **fields)
    assert answer.status_code == 302, text_of(answer)
    assert answer["Location"].startswith("/desk/")
    assert Entry.objects.filter(by=person(name)).count() > done
    if state:
        assert fresh(case).state == state


@pytest.mark.parametrize("verb", WORKS)
def test_elsewhere_it_reads_like_missing(verb):
    _name, case, fields, _state = prepared(verb)
    before, entries = fresh(case), Entry.objects.count()
    for name in ("dekyi", "tenzin", "admin"):
        assert do(name, case, verb, **fields).status_code == 404
        assert see(name, case_page(case)).status_code == 404
    sent = {f"{verb}-{key}": value for key, value in fields.items()}
    nobody = Client().post(f"{case_page(case)}do/{verb}/", sent)
    assert nobody.status_code == 302
    assert nobody["Location"].startswith("/sign-in/")
    assert fresh(case).revision == before.revision
    assert Entry.objects.count() == entries


def test_a_number_that_nobody_has_reads_the_same():
    case = a_case()
    strange, none = see("tenzin", case_page(case)), see("tenzin", "/desk/cases/23456789012/")
    assert strange.status_code == none.status_code == 404
    assert without_token(strange, case.number) == without_token(none, "23456789012")


def without_token(answer, number):
    """The page without what differs each time: the token of its forms, and its own number."""
    return re.sub(r'value="\w{64}"', "", text_of(answer)).replace(number, "")


@pytest.mark.parametrize("verb", ["triage", "assign", "accusing", "merge", "service", "confirm"])
def test_the_owner_alone_does_not_lead(verb):
    _name, case, fields, _state = prepared(verb)
    owner = "norbu"
    assert f"/do/{verb}/" not in text_of(see(owner, case_page(case)))
    before = fresh(case)
    answer = do(owner, case, verb, **fields)
    assert answer.status_code == 409
    assert fresh(case).revision == before.revision


@pytest.mark.parametrize("verb", ["resolve", "pause", "offer"])
def test_who_leads_does_not_do_the_owner_s_work(verb):
    _name, case, fields, _state = prepared(verb)
    assert f"/do/{verb}/" not in text_of(see("drolma", case_page(case)))
    assert do("drolma", case, verb, **fields).status_code == 409
    assert fresh(case).state == State.RECEIVED


@pytest.mark.parametrize(
    ("verb", "field"),
    [("resolve", "words"), ("note", "words"), ("pause", "until"), ("assign", "post"),
     ("accusing", "sure"), ("merge", "into")],
)  # fmt: skip
def test_a_form_that_is_not_complete_comes_back_open(verb, field):
    name, case, fields, _state = prepared(verb)
    del fields[field]
    answer = do(name, case, verb, **fields)
    assert answer.status_code == 400
    assert '<details class="tool" open>' in text_of(answer)
    assert fresh(case).state == State.RECEIVED or verb == "merge"


def test_an_old_page_keeps_what_was_typed():
    case = a_case()
    seen = case.revision
    actions.add_update(case, words="我们来了", by=person("drolma"))
    answer = do("tashi", case, "resolve", revision=seen - 1, words="填平了，也清了沟")
    page = text_of(answer)
    assert answer.status_code == 409
    assert "填平了，也清了沟" in page
    assert 'class="notice notice--error"' in page
    assert fresh(case).state != State.RESOLVED


@pytest.mark.parametrize("verb", ["resolve", "note", "update"])
def test_another_language_in_the_middle_keeps_the_words_and_does_nothing(verb):
    case = a_case()
    sent = {"step": "keep:bo", f"{verb}-words": "沥青下周一到"}
    answer = signed_in("tashi").post(f"{case_page(case)}do/{verb}/", sent)
    page = text_of(answer)
    assert answer.status_code == 200
    assert '<html lang="bo">' in page
    assert "沥青下周一到</textarea>" in page
    assert page.count('<details class="tool" open>') == 1
    assert f'form="do-{verb}"' in page
    assert fresh(case).revision == case.revision
    assert queries.notes_of(case) == queries.updates_of(case) == []


def test_another_language_in_the_middle_refuses_nothing():
    case = a_case(at=IN_A2)
    offer = actions.offer(case, to=post("roads-a1"), words="", by=person("wangli"))
    sent = {"step": "keep:bo", "refuse-words": "不归我们"}
    page = text_of(signed_in("tashi").post(f"{case_page(case)}offers/{offer.pk}/", sent))
    assert "不归我们</textarea>" in page
    offer.refresh_from_db()
    assert offer.state == "open"


def test_a_verb_that_is_none():
    assert do("drolma", a_case(), "destroy").status_code == 404
    case = a_case()
    assert signed_in("drolma").get(f"{case_page(case)}do/triage/").status_code == 405


def test_a_number_is_read_as_it_is_said():
    case = a_case()
    page = see("drolma", f"/desk/cases/{numbers.spoken(case.number)}/")
    assert page.status_code == 200
    assert case.owner.names["en"] in text_of(page)


def test_what_was_said_is_marked_with_its_language_and_never_markup():
    case = a_case(text="<script>alert(1)</script>", language="bo")
    page = see("drolma", case_page(case)).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert '<p class="said" lang="bo">' in page
    assert "writes Tibetan" in page


def test_sentences_to_begin_with_are_in_the_reporter_s_language():
    zh = text_of(see("tashi", case_page(a_case(language="zh-hans"))))
    bo = text_of(see("tashi", case_page(a_case(language="bo"))))
    assert "我们已派人前往" in zh
    assert "བརྡ་སྤྲོད" in bo
    assert "我们已派人前往" not in bo


def test_an_offer_is_accepted_or_refused_with_a_reason():
    case = a_case(at=IN_A2)
    offer = actions.offer(case, to=post("roads-a1"), words="是乡道", by=person("wangli"))
    address = f"{case_page(case)}offers/{offer.pk}/"
    assert "是乡道" in text_of(see("tashi", case_page(case)))
    assert signed_in("tashi").post(address, {"answer": "refuse"}).status_code == 200
    sent = {"answer": "refuse", "refuse-reason": "wrong-place", "refuse-words": "不是"}
    assert signed_in("tashi").post(address, sent).status_code == 302
    offer.refresh_from_db()
    assert offer.state == "refused"
    assert fresh(case).owner == post("roads-a")
    again = actions.offer(fresh(case), to=post("roads-a1"), by=person("wangli"))
    address = f"{case_page(case)}offers/{again.pk}/"
    assert signed_in("zhaomin").post(address, {"answer": "accept"}).status_code == 404
    assert signed_in("tashi").post(address, {"answer": "accept"}).status_code == 302
    assert fresh(case).owner == post("roads-a1")


def test_an_offer_is_taken_back():
    case = a_case(at=IN_A2)
    offer = actions.offer(case, to=post("roads-a1"), by=person("wangli"))
    address = f"{case_page(case)}offers/{offer.pk}/"
    assert signed_in("wangli").post(address, {"answer": "withdraw"}).status_code == 302
    assert see("tashi", case_page(case)).status_code == 404
    assert see("tashi", address).status_code == 405


def test_a_helping_unit_says_that_its_task_is_done():
    case = a_case()
    row = actions.support(case, to=post("water-a"), task="关水", by=person("tashi"))
    address = f"{case_page(case)}supports/{row.pk}/"
    assert "关水" in text_of(see("zhaomin", case_page(case)))
    assert signed_in("tashi").post(address).status_code == 404
    assert signed_in("zhaomin").post(address).status_code == 302
    row.refresh_from_db()
    assert row.done_at is not None


def test_photos_are_seen_with_the_case_cleared_or_removed():
    case = a_case(photos=photos.prepare_all([picture(), picture()]))
    one, two = case.photos.all()
    image = see("tashi", f"{case_page(case)}photos/{one.pk}.jpg")
    assert (image.status_code, image["Content-Type"]) == (200, "image/jpeg")
    assert "no-store" in image["Cache-Control"]
    assert see("zhaomin", f"{case_page(case)}photos/{one.pk}.jpg").status_code == 404
    other = a_case()
    assert see("tashi", f"{case_page(other)}photos/{one.pk}.jpg").status_code == 404
    judge = f"{case_page(case)}photos/{one.pk}/"
    assert signed_in("tashi").post(judge, {"answer": "clear"}).status_code == 404
    assert signed_in("drolma").post(judge, {"answer": "clear"}).status_code == 302
    one.refresh_from_db()
    assert one.cleared_by == person("drolma")
    judge = f"{case_page(case)}photos/{two.pk}/"
    assert signed_in("drolma").post(judge, {"answer": "remove"}).status_code == 302
    assert list(case.photos.all()) == [one]


def test_a_result_with_a_photo():
    case = a_case()
    answer = do("tashi", case, "resolve", words="填平了", photo=picture())
    assert answer.status_code == 302
    assert case.photos.get().kind == "result"
    other = a_case()
    wrong = do("tashi", other, "resolve", words="填平了", photo=not_a_picture())
    assert wrong.status_code == 409
    assert "填平了" in text_of(wrong)
    assert fresh(other).state == State.RECEIVED


def not_a_picture():
    return SimpleUploadedFile("a.jpg", b"<html>", "image/jpeg")


def test_the_verifier_sees_the_rating_and_the_unit_does_not():
    case = resolved()
    actions.contest(case, said=Said("还是老样子", 1, True), by=person("drolma"))
    assert "还是老样子" in text_of(see("wangli", case_page(case)))
    page = see("tashi", case_page(case))
    assert page.status_code == 404 or "还是老样子" not in text_of(page)


def test_who_ended_it_and_was_contested_is_told_to_leave_it_to_somebody_else():
    case = resolved()
    actions.contest(case, by=person("drolma"))
    case = actions.assign(case, to=post("roads-a1"), by=person("drolma"))
    page, other = (text_of(see(name, case_page(case))) for name in ("tashi", "norbu"))
    assert "Say that it is done" not in page
    assert "Somebody else checks it and ends it now" in page
    assert "Say that it is done" in other
    assert "Somebody else checks it and ends it now" not in other


def test_why_it_is_there_step_by_step_and_who_would_answer_now():
    Holding.objects.filter(post__code__startswith="roads-").delete()
    case = a_case()
    assert case.owner == post("centre-a1")
    page = text_of(see("drolma", case_page(case)))
    assert "nobody is there for this duty here" in page
    assert "the post “Post roads-a1” is empty" in page
    assert "answers for this here now" not in page
    a_post("roads-new", "roads-a1", "handler", "roads", "A1", "tashi")
    page = text_of(see("drolma", case_page(case)))
    assert "Who could take it" in page
    assert "answers for this here now" in page
    assert do("drolma", case, "assign", post=post("roads-new").pk).status_code == 302
    assert fresh(case).owner == post("roads-new")


def test_outside_the_territory():
    page = text_of(see("pema", case_page(a_case(at=OUTSIDE))))
    assert "outside the territory" in page


def test_how_it_came_in_and_that_the_contact_is_not_on_the_page():
    case = a_case(contact=("phone", "0971-5550123"), channel=Channel.PHONE)
    page = text_of(see("drolma", case_page(case)))
    assert "telephone" in page
    assert "5550123" not in page
    assert "Show the contact" in page
    assert "Show the contact" not in text_of(see("tashi", case_page(case)))


@pytest.mark.django_db(transaction=True)
def test_a_look_shows_the_contact_once_and_the_reporter_reads_who_looked():
    found = a_receipt(contact=("phone", "0971-5550123"))
    address = f"{case_page(found.case)}look/"
    answer = signed_in("drolma").post(address, {"look-why": "call-back"})
    assert "0971-5550123" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert "5550123" not in text_of(see("drolma", case_page(found.case)))
    (look,) = queries.followed(found.token).looks
    assert look.by == person("drolma")
    follow = text_of(Client(headers={"accept-language": "en"}).get(f"/f/{found.token}/"))
    assert "Drolma" in follow
    assert "to call back" in follow
    assert "5550123" not in text_of(signed_in("drolma").post(address, {"look-why": "curious"}))
    refused = signed_in("tashi").post(address, {"look-why": "call-back"})
    assert refused.status_code == 404
    assert len(queries.followed(found.token).looks) == 1


@pytest.mark.parametrize("name", ["drolma", "tashi"])
def test_what_the_reader_holds_is_asked_once(name, django_assert_max_num_queries):
    case = a_case()
    browser = signed_in(name)
    browser.get(case_page(case))  # what is kept between pages is warm from here on
    with django_assert_max_num_queries(49):
        answer = browser.get(case_page(case))
    assert answer.status_code == 200
