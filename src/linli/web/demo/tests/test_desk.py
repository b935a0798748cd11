"""Every sample account that handles cases finds work on its desk."""

import pytest
from django.utils import timezone

from linli.cases import rules
from linli.cases.models import Case, Photo
from linli.engines.prefecture import build
from linli.kernel.models import Account
from linli.web.demo.build import settle_in
from linli.web.demo.desk import open_desk
from linli.web.demo.samples import open_samples, samples

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_every_desk_has_work(settings, tmp_path):
    settings.VAR, settings.KEYS, settings.DEMO = tmp_path, tmp_path / "keys", True
    prefecture = build(seed=7, scale=0.02)
    administrator = settle_in(prefecture, timezone.now())
    open_samples(samples(prefecture), by=administrator)
    open_desk(seed=7)

    def desk(name, **wanted):
        account = Account.objects.get(username=name)
        return rules.visible_to(account).filter(**wanted).distinct().count()

    assert desk("operator", state="received") == desk("clerk", state="received") == 2
    assert desk("roads", state="open", due_at__lt=timezone.now()) >= 1
    assert desk("roads", state="open", due_at__gt=timezone.now()) >= 1
    assert desk("roads", state="resolved") == 1
    assert desk("water", offers__state="open") == 2
    assert desk("grid", state="open", due_at__lt=timezone.now()) == 1
    assert desk("grid", state="open", offers=None, due_at__gt=timezone.now()) == 1
    assert desk("grid", offers__state="open") == desk("grid", state="resolved") == 1
    assert desk("water", supports__isnull=False, supports__done_at=None) == 1
    assert desk("verifier", state="open", reworks=1) == 1
    assert Photo.objects.filter(cleared_at=None).count() == 1
    assert not Case.objects.filter(state="received", published=True).exists()
    assert set(Account.objects.values_list("language", flat=True)) == {"zh-hans", "bo", "en"}
    assert set(Case.objects.values_list("language", flat=True)) == {"zh-hans", "bo", "en"}
    assert Account.objects.get(username="water").language == "en"
    assert desk("water", language="en", supports__isnull=False) == 1
