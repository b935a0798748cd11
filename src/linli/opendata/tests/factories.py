"""Public and private cases, made by the actions."""

from django.utils import timezone

from linli.cases import actions
from linli.cases.models import Case, Photo
from linli.cases.tests.factories import IN_A1, a_case, a_receipt, fresh, person, service
from linli.kernel import reactions, sealer

__all__ = ["a_case", "a_receipt", "fresh", "person", "service"]


def released(code="pothole", text="A hole before the bridge.", **fields):
    """A case that an operator read and released."""
    case = a_case(code, **fields)
    actions.triage(case, publish=True, public_text=text, by=person("drolma"))
    return fresh(case)


def cleared_photo(case):
    """A photo that somebody has looked at."""
    return Photo.objects.create(
        case=case, address="0" * 64, digest=b"0" * 32, width=8, height=8,
        added_at=timezone.now(), cleared_at=timezone.now(), cleared_by=person("drolma"),
    )  # fmt: skip


def heard():
    """Let the sealer and the reactions run to the end."""
    while sealer.seal():
        pass
    while reactions.react():
        pass


def backdate(case, **fields):
    """Move what a case says about times, as no action can."""
    Case.objects.filter(pk=case.pk).update(**fields)


POINT = IN_A1
