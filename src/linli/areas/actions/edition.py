"""Every action of this room ends by giving the territory a new edition."""

import secrets

from django.db import transaction

from linli.areas import index
from linli.areas.models import Edition


def renew() -> int:
    """Give the territory a new random edition number, inside the caller's transaction.

    Random, not counted: a number that was rolled back is never seen again with other content.
    """
    number = secrets.randbits(48)
    if not Edition.objects.update(number=number):
        Edition.objects.create(pk=1, number=number)
    transaction.on_commit(index.forget)
    return number
