"""Who signs in without a second factor: liaisons whose posts open no contacts."""

import pytest

from linli.kernel.models import Account
from linli.kernel.rights import second_factor_required
from linli.organisations.tests.factories import account, area, post

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]


def test_only_liaisons_whose_posts_open_no_contacts():
    post("liaison", holder="pema", kind="liaison")
    centre = [("service-centre", area("pf/c1"))]
    post("centre", holder="dolma", kind="service-centre", answers=centre)
    Account.objects.filter(username="pema").update(kind=Account.Kind.LIAISON)
    assert not second_factor_required(account("pema"))
    assert second_factor_required(account("dolma"))
    assert second_factor_required(account("norbu"))  # staff without a post
    post("second", deputy="pema", kind="service-centre", answers=centre)
    assert second_factor_required(account("pema"))
