"""The journal, the sealer and the reactions."""

import json
from hashlib import sha256

import pytest
from django.utils import timezone

from linli.engines import merkle
from linli.kernel import reactions, sealer
from linli.kernel.contacts import ContactSeen, Why
from linli.kernel.events import Code, Event, canonical, parse
from linli.kernel.journal import record
from linli.kernel.models import Cursor, Entry, Failure, Pending, Sealed, SealerState, TreeHead

pytestmark = pytest.mark.django_db


def seen(number=1):
    return ContactSeen(contact=number, why=Why.CALL_BACK)


def test_an_entry_holds_canonical_bytes_salt_and_leaf():
    entry = record(seen(7), by=None)
    body = json.loads(bytes(entry.body))
    assert body["event"] == "contact-seen"
    assert body["of"] == {"contact": 7, "why": "call-back"}
    assert bytes(entry.leaf) == sha256(b"\x00" + entry.salt + entry.body).digest()
    assert parse(entry.body) == seen(7)


def test_free_text_cannot_be_an_event_field():
    with pytest.raises(TypeError, match="free text"):

        class Gossip(Event):
            words: str


def test_a_code_with_spaces_is_refused():
    class Tagged(Event):
        tag: int
        code: Code

    with pytest.raises(ValueError, match="free text"):
        canonical(Tagged(tag=1, code=Code("what he did")), at=timezone.now(), by=None)


def test_sealing_numbers_and_chains_in_order():
    entries = [record(seen(n), by=None) for n in range(5)]
    assert sealer.seal(limit=3) == 3
    assert sealer.seal() == 2
    assert sealer.seal() == 0
    chain = b""
    for number, entry in enumerate(entries, 1):
        chain = sha256(chain + entry.leaf).digest()
        sealed = Sealed.objects.get(number=number)
        assert (sealed.entry_id, bytes(sealed.chain)) == (entry.pk, chain)
    assert not Pending.objects.exists()
    state = SealerState.objects.get()
    assert state.size == 5


def test_the_signed_head_is_the_merkle_root_of_all_leaves():
    for n in range(11):
        record(seen(n), by=None)
    sealer.seal(limit=4)
    sealer.seal()
    head = sealer.sign_head()
    leaves = [bytes(e.leaf) for e in Entry.objects.order_by("id")]
    assert bytes(head.root) == merkle.root(leaves)
    sealer.signing_key().public_key().verify(
        head.signature, sealer.head_bytes(head.size, head.root)
    )
    assert sealer.sign_head() is None
    assert TreeHead.objects.count() == 1


@pytest.fixture
def registry(monkeypatch):
    monkeypatch.setattr(reactions, "REACTIONS", {})


def test_a_reaction_hears_each_sealed_event_once(registry):
    heard = []
    reactions.reaction("test.hear", ContactSeen)(lambda event, entry: heard.append(event.contact))
    record(seen(1), by=None)
    assert reactions.react() == 0  # not sealed yet
    sealer.seal()
    reactions.react()
    record(seen(2), by=None)
    sealer.seal()
    reactions.react()
    reactions.react()
    assert heard == [1, 2]


def test_a_failure_is_kept_and_does_not_hold_up_the_next(registry, monkeypatch):
    heard, broken = [], [True]

    def answer(event, entry):
        if event.contact == 1 and broken[0]:
            raise RuntimeError("0941-5551234 is a number that must not be kept")
        heard.append(event.contact)

    reactions.reaction("test.fragile", ContactSeen)(answer)
    record(seen(1), by=None)
    record(seen(2), by=None)
    sealer.seal()
    reactions.react()
    assert heard == [2]
    failure = Failure.objects.get()
    assert failure.error == "RuntimeError"
    assert "5551234" not in str(vars(failure))
    broken[0] = False
    Failure.objects.update(next_try=failure.sealed.entry.at)
    reactions.react()
    assert heard == [2, 1]
    assert not Failure.objects.exists()


def test_skipping_history(registry):
    heard = []
    reactions.reaction("test.late", ContactSeen)(lambda event, entry: heard.append(event.contact))
    record(seen(1), by=None)
    sealer.seal()
    reactions.skip_to_end()
    assert Cursor.objects.get().number == 1
    reactions.react()
    assert heard == []
