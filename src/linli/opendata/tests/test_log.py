"""Receipts are proved against signed heads, from kept nodes and without them."""

import datetime as dt
import json
import subprocess
import sys

import pytest

from linli.cases.models import Case
from linli.engines import merkle
from linli.kernel import sealer
from linli.kernel.contacts import ContactSeen, Why
from linli.kernel.errors import Missing, Unavailable
from linli.kernel.journal import record
from linli.kernel.models import Entry, TreeHead
from linli.opendata import indexing, log
from linli.opendata.models import LogLeaf, LogNode
from linli.opendata.tests.factories import a_case, a_receipt

pytestmark = pytest.mark.django_db
SMALL = 3  # eight leaves a block, so that few entries make a tall tree


@pytest.fixture(params=[0, 1, 7, 99])
def grown(place, monkeypatch, request):
    """A log of many entries, sealed and signed twice; indexed up to so many blocks."""
    monkeypatch.setattr(indexing, "BLOCK", SMALL)
    monkeypatch.setattr(log, "BLOCK", SMALL)
    receipts = []
    for part in range(2):
        for number in range(20):
            record(ContactSeen(contact=number, why=Why.CALL_BACK), by=None)
        receipts += [a_receipt() for _ in range(3 + part)]
        while sealer.seal():
            pass
        sealer.sign_head(every=dt.timedelta(0))
    indexing.catch_up(request.param)
    return receipts


def leaves():
    return [bytes(e.leaf) for e in Entry.objects.order_by("sealed__number")]


def test_every_receipt_is_proved_as_the_reference_does(grown):
    head = TreeHead.objects.order_by("-size").first()
    every = leaves()
    for receipt in grown:
        proof = log.prove(receipt.leaf)
        assert proof.holds
        assert proof.head == head
        assert list(proof.path) == merkle.inclusion(every[: head.size], proof.number - 1)


def test_growth_is_proved_as_the_reference_does(grown):
    first, second = TreeHead.objects.order_by("size").values_list("size", flat=True)
    assert log.grown(first, second) == merkle.consistency(leaves()[:second], first)
    with pytest.raises(Missing):
        log.grown(second, first)
    with pytest.raises(Missing):
        log.grown(1, second)


def test_kept_nodes_are_those_of_the_tree(grown):
    every = leaves()
    for node in LogNode.objects.all():
        size = 1 << node.level
        part = every[node.position * size : (node.position + 1) * size]
        assert bytes(node.hash) == merkle.root(part)
    openings = Entry.objects.filter(event="case-opened").values_list("sealed__number", flat=True)
    assert set(LogLeaf.objects.values_list("number", flat=True)) <= set(openings)


def test_indexing_goes_on_where_it_stopped(place, monkeypatch):
    monkeypatch.setattr(indexing, "BLOCK", SMALL)
    monkeypatch.setattr(indexing, "BLOCKS", 2)
    for _round in range(9):
        for number in range(5):
            record(ContactSeen(contact=number, why=Why.CALL_BACK), by=None)
        sealer.seal()
        indexing.catch_up()
        assert LogNode.objects.filter(level=SMALL).count() == Entry.objects.count() >> SMALL
    every = leaves()
    assert LogNode.objects.filter(level=SMALL + 2).count() == Entry.objects.count() >> SMALL + 2
    for node in LogNode.objects.all():
        size = 1 << node.level
        assert bytes(node.hash) == merkle.root(every[node.position * size :][:size])


def test_what_is_not_in_the_log_is_missing_and_what_is_new_waits(place):
    with pytest.raises(Missing):
        log.prove(b"0" * 32)
    receipt = a_receipt()
    with pytest.raises(Missing):
        log.prove(receipt.leaf)
    sealer.seal()
    with pytest.raises(Unavailable):
        log.prove(receipt.leaf)


def test_a_rewritten_record_shows(place):
    receipt = a_receipt()
    sealer.seal()
    sealer.sign_head()
    entry = Entry.objects.get(leaf=receipt.leaf)
    assert merkle.leaf_hash(bytes(entry.salt) + bytes(entry.body)) == receipt.leaf
    Entry.objects.filter(pk=entry.pk).update(leaf=merkle.leaf_hash(b"something else"))
    with pytest.raises(Missing):
        log.prove(receipt.leaf)
    assert not log.prove(merkle.leaf_hash(b"something else")).holds


class TestPages:
    @pytest.fixture
    def receipt(self, place):
        receipt = a_receipt()
        a_case()
        sealer.seal()
        sealer.sign_head()
        return receipt

    def test_the_form_checks_a_leaf_and_its_record(self, client, receipt):
        fields = {"leaf": receipt.leaf.hex().upper()}
        page = client.post("/log/", fields, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "This report is in the log" in page
        fields |= {"salt": receipt.record_salt.hex(), "record": receipt.record.decode()}
        page = client.post("/log/", fields, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "the record was not rewritten" in page
        fields["record"] = fields["record"].replace("pothole", "street-light")
        page = client.post("/log/", fields, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "Salt and record do not give this leaf" in page

    @pytest.mark.parametrize("leaf", ["", "xyz", "00", "0" * 64, "ab" * 500, "\x00"])
    def test_wrong_leaves_get_words(self, client, receipt, leaf):
        page = client.post("/log/", {"leaf": leaf})
        assert page.status_code == 200
        assert "notice--error" in page.content.decode()

    def test_the_program_that_people_download_confirms_it(self, client, receipt, tmp_path):
        from linli.opendata import urls

        program = f"{urls.__file__.rpartition('/')[0]}/static/opendata/check_receipt.py"
        proof, heads = tmp_path / "proof.json", tmp_path / "heads.json"
        proof.write_bytes(client.get(f"/log/proof/{receipt.leaf.hex()}").content)
        heads.write_bytes(client.get("/log/heads.json").content)
        words = [sys.executable, program, receipt.leaf.hex(), str(proof), str(heads)]
        assert "Confirmed" in subprocess.run(words, capture_output=True, text=True).stdout
        words[2] = "00" * 32
        assert "NOT CONFIRMED" in subprocess.run(words, capture_output=True, text=True).stderr

    def test_heads_are_signed_with_the_published_key(self, client, receipt):
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        data = json.loads(client.get("/log/heads.json").content)
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(data["key"]))
        for head in data["heads"]:
            signed = head["size"].to_bytes(8, "big") + bytes.fromhex(head["root"])
            key.verify(bytes.fromhex(head["signature"]), signed)

    def test_proofs_say_what_is_wrong(self, client, receipt):
        assert client.get("/log/proof/zz").status_code == 400
        assert client.get(f"/log/proof/{'0' * 64}").status_code == 404
        assert client.get("/log/growth/1/2").status_code == 404

    def test_a_proof_tells_nothing_about_the_case(self, client, receipt):
        text = client.get(f"/log/proof/{receipt.leaf.hex()}").content.decode()
        case = Case.objects.get(pk=receipt.case.pk)
        assert set(json.loads(text)) == {"leaf", "index", "path", "head"}
        assert case.number not in text
