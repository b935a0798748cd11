"""The dead-letter page: for administrators, without anybody's words, and trying again."""

import pytest
from django.utils import timezone

from linli.kernel import reactions, sealer
from linli.kernel.accounts import LanguageChosen
from linli.kernel.journal import record
from linli.kernel.models import Account, Entry, Failure, Sealed

pytestmark = pytest.mark.django_db
HERE = "/desk/failures/"


@pytest.fixture
def administrator(client, settings):
    settings.LANGUAGE_CODE = "en"
    account = Account.objects.create(username="lhamo", is_administrator=True, language="en")
    client.force_login(account)
    return client


@pytest.fixture
def failure(db):
    """One entry that a reaction gave up on."""
    account = Account.objects.create(username="dolma")
    record(LanguageChosen(account=account.pk, language="bo"), by=account)
    sealer.seal()
    return Failure.objects.create(
        reaction="tests.never", sealed=Sealed.objects.get(), tries=reactions.TRIES,
        error="KeyError", next_try=None,
    )  # fmt: skip


def test_it_says_what_failed_and_what_was_given_up(administrator, failure):
    page = administrator.get(HERE).content.decode()
    for words in ("tests.never", "language-chosen", "KeyError", "given up", "tried 8 times"):
        assert words in page


def test_nothing_failed(administrator):
    assert "Nothing failed" in administrator.get(HERE).content.decode()


def test_trying_again_is_journaled_and_due_at_once(administrator, failure):
    assert administrator.post(f"{HERE}{failure.pk}/").status_code == 302
    failure.refresh_from_db()
    assert failure.next_try <= timezone.now()
    assert failure.tries == 0
    entry = Entry.objects.get(event="reaction-retried")
    assert entry.by.username == "lhamo"
    assert administrator.post(f"{HERE}999/").status_code == 404


def test_a_retried_answer_that_works_leaves_the_page(administrator, failure, monkeypatch):
    answered = []
    working = reactions.Reaction("tests.never", (), lambda event, entry: answered.append(entry))
    monkeypatch.setattr(reactions, "REACTIONS", {"tests.never": working})
    reactions.react()
    assert answered == []
    administrator.post(f"{HERE}{failure.pk}/")
    reactions.react()
    assert len(answered) == 1
    assert not Failure.objects.exists()


def test_for_everybody_else_it_reads_like_missing(client, failure):
    assert client.get(HERE)["Location"].startswith("/sign-in/")
    client.force_login(Account.objects.get(username="dolma"))
    assert client.get(HERE).status_code == 404
    assert client.post(f"{HERE}{failure.pk}/").status_code == 404
    failure.refresh_from_db()
    assert failure.next_try is None
