"""A case comes in: number, promise, owner, opening record, receipt."""

import datetime as dt
import json
import uuid
from hashlib import sha256

import pytest
from django.utils import timezone
from PIL import Image

from linli.areas.tests.factories import area
from linli.cases import actions, follow, numbers, opening, photos, queries
from linli.cases.models import Case, Channel, Routing, State, Why
from linli.cases.routing import Where
from linli.cases.tests.factories import (
    IN_A1,
    OUTSIDE,
    a_case,
    a_receipt,
    fresh,
    help_for,
    person,
    sent,
    service,
)
from linli.engines.merkle import leaf_hash
from linli.kernel import vault
from linli.kernel.errors import Forbidden, Invalid, Missing
from linli.kernel.models import Account, CaseKey, Entry

pytestmark = pytest.mark.usefixtures("place")


def a_picture(colour=(200, 30, 30)):
    import io

    out = io.BytesIO()
    Image.new("RGB", (60, 40), colour).save(out, "JPEG")
    return photos.prepare(out.getvalue())


def test_a_report_has_number_owner_promise_and_area():
    receipt = a_receipt()
    case = receipt.case
    assert numbers.read(receipt.number) == case.number
    assert case.state == State.RECEIVED
    assert receipt.owner.code == "roads-a1"
    assert case.area.code == "A1"
    assert case.promises.get().due_at == case.first_due_at == case.due_at == receipt.due_at
    assert Routing.objects.get(case=case).why == Why.DUTY
    assert case.published is False
    assert case.triaged_at is None


def test_what_was_written_is_locked_with_the_key_of_the_case():
    words = "桥头的坑，第三根电线杆旁边"
    case = a_case(text=words, where=Where(*IN_A1, words="电线杆旁边"), answers={"size": "wheel"})
    assert queries.opening_of(case).text == words
    assert queries.opening_of(case).answers == {"size": "wheel"}
    assert queries.where_words(case) == "电线杆旁边"
    for column in (case.text_locked, case.where_locked):
        assert words.encode() not in bytes(column)
        assert "电线杆".encode() not in bytes(column)


def test_anybody_with_the_receipt_can_check_the_opening_record():
    """By the words of `cases.opening` and RFC 6962 alone."""
    picture = a_picture()
    receipt = a_receipt(
        text="水管裂了", answers={"size": ["甲", "乙"], "passable": 2}, photos=[picture]
    )
    photo = sha256(picture.jpeg).hexdigest()
    answers = '{"passable":2,"size":["甲","乙"]}'
    statement = f'{{"answers":{answers},"photos":["{photo}"],"text":"水管裂了"}}'.encode()
    assert sha256(receipt.salt + statement).digest() == receipt.digest
    body = json.loads(receipt.record)
    assert body["of"]["opening"] == receipt.digest.hex()
    assert body["of"]["number"] == receipt.number
    assert leaf_hash(receipt.record_salt + receipt.record) == receipt.leaf


def test_a_rewritten_text_shows():
    case = a_case(text="水浑")
    told = opening.opened_with("水清", {}, [])
    changed = opening.Opening(opening.unlock(case).salt, "水清", {}, ())
    recorded = Entry.objects.get(subject=case.pk, event="case-opened")
    digest = json.loads(bytes(recorded.body))["of"]["opening"]
    assert opening.unlock(case).digest.hex() == digest
    assert changed.digest.hex() != digest != told.digest.hex()


def test_the_opening_record_of_a_private_service_names_no_service_and_no_area():
    receipt = a_receipt("benefit-errand", where=Where(area=area("A1")))
    body = json.loads(receipt.record)["of"]
    assert body["service"] is None
    assert body["area"] is None
    assert b"benefit" not in receipt.record


def test_the_opening_record_of_a_public_service_names_its_version():
    assert json.loads(a_receipt().record)["of"]["service"] == "pothole/1"


def test_the_link_follows_from_the_key_and_only_its_digest_is_stored():
    receipt = a_receipt()
    assert follow.case_for(receipt.token) == receipt.case
    assert receipt.case.follow_digest == sha256(receipt.token.encode()).hexdigest()
    stored = [str(getattr(receipt.case, f.attname)) for f in Case._meta.local_fields]
    assert receipt.token not in stored


@pytest.mark.parametrize("token", ["", "x", "a" * 32, "A" * 32, "../../etc", "\0" * 32])
def test_a_guessed_link_is_missing(token):
    a_receipt()
    with pytest.raises(Missing):
        follow.case_for(token)


def test_two_cases_of_one_telephone_number_have_nothing_in_common():
    contact = ("phone", "0971-5550100")
    one, two = a_case(contact=contact), a_case(contact=contact)
    assert bytes(one.contact.sealed) != bytes(two.contact.sealed)
    assert one.contact.key != two.contact.key


def test_the_same_sending_twice_is_one_case():
    op = uuid.uuid4()
    first, second = a_receipt(op_id=op), a_receipt(op_id=op)
    assert first.case == second.case
    assert (first.token, first.salt) == (second.token, second.salt)
    assert Case.objects.count() == 1


def test_when_it_was_written_offline_is_kept_beside_when_it_came():
    written = timezone.now() - dt.timedelta(days=2)
    case = fresh(a_case(captured_at=written))
    assert case.captured_at == written
    assert case.received_at > written
    assert case.promises.get().started_at == case.received_at


def test_a_clock_that_is_ahead_is_not_believed():
    case = a_case(captured_at=timezone.now() + dt.timedelta(days=2))
    assert case.captured_at == case.received_at


def test_photos_are_kept_locked_and_in_order():
    pictures = [a_picture((10, 20, 30)), a_picture((90, 20, 30))]
    case = a_case(photos=pictures)
    rows = list(case.photos.all())
    assert [bytes(p.digest) for p in rows] == [p.digest for p in pictures]
    assert [photos.fetch(case.key, p.address) for p in rows] == [p.jpeg for p in pictures]


def test_staff_who_hold_a_post_may_enter_a_case_for_somebody():
    case = a_case(by=person("drolma"), channel=Channel.PHONE)
    entry = Entry.objects.get(subject=case.pk, event="case-opened")
    assert case.channel == "phone"
    assert entry.by == person("drolma")


@pytest.mark.parametrize("name", ["tenzin", "admin"])
def test_a_colleague_without_a_post_may_not(name):
    with pytest.raises(Forbidden):
        a_case(by=person(name))


def test_a_version_that_is_not_in_use_takes_no_case():
    version = service("pothole", keywords={"zh": ["坑洼"], "bo": ["ས་དོང་།"], "en": ["hole"]})
    version.usable_from = timezone.now() + dt.timedelta(days=1)
    version.save()
    with pytest.raises(Invalid, match="service-not-in-use"):
        a_case(version=version)


def test_help_for_another_takes_an_area_and_a_way_to_call_back():
    assert help_for().case.next_erasure_at is not None
    with pytest.raises(Invalid, match="contact-needed"):
        help_for(contact=None)
    with pytest.raises(Invalid, match="contact-needed"):
        help_for(contact=("email", "sonam@example.org"))
    for more in ({"text": "他住在桥边"}, {"photos": [a_picture()]}):
        with pytest.raises(Invalid, match="unknown-question"):
            help_for(**more)
    for where in (Where(*IN_A1), Where(area=area("A1"), words="红色屋顶")):
        with pytest.raises(Invalid, match="area-only"):
            a_case("help-for-another", where=where, contact=("phone", "1"))


def test_an_exact_service_wants_a_point_a_place_or_an_area_with_words():
    with pytest.raises(Invalid, match="place-needed"):
        a_case(where=Where(area=area("A1")))
    with pytest.raises(Invalid, match="half-a-point"):
        a_case(where=Where(lon=102.2))


def test_without_words_there_is_nothing_to_answer():
    with pytest.raises(Invalid, match="words-needed"):
        a_case(text=" \u200b")


def test_nothing_is_half_done_when_it_is_refused():
    with pytest.raises(Invalid):
        a_case(where=Where(1000.0, 2000.0))
    assert not Case.objects.exists()
    assert not CaseKey.objects.exists()
    assert not Entry.objects.filter(event="case-opened").exists()


def test_a_case_outside_the_territory_is_taken_too():
    case = a_case(at=OUTSIDE)
    assert case.area is None
    assert case.owner.code == "centre-p"


def test_the_receipt_is_gone_with_the_key():
    case = a_case()
    vault.destroy(case.key)
    with pytest.raises(Missing):
        actions.receipt(case)


def test_residents_have_no_accounts():
    before = Account.objects.count()
    actions.report(sent(contact=("email", "somebody@example.org")), by=None)
    assert Account.objects.count() == before


def test_what_turns_or_hides_a_text_goes_by_whatever_door_it_came():
    case = a_case(text="\u202e桥\0头\u200b ", answers={"size": "\u2066wheel\ufeff"})
    opened = queries.opening_of(case)
    assert opened.text == "桥头"
    assert opened.answers == {"size": "wheel"}


def test_a_megabyte_is_refused_and_so_are_answers_to_what_was_not_asked():
    with pytest.raises(Invalid, match="text-too-long"):
        a_case(text="坑" * 1_000_000)
    with pytest.raises(Invalid, match="text-too-long"):
        a_case(answers={"size": "x" * 5000})
    with pytest.raises(Invalid, match="unknown-question"):
        a_case(answers={"religion": "?"})
