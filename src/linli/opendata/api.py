"""Public cases for other software, built from `PublicCase` like everything that leaves."""

from django.http import HttpRequest
from ninja import Router, Schema

from linli.kernel.errors import Missing
from linli.opendata.filters import Filter
from linli.opendata.formats import record
from linli.opendata.public import public_cases, publishable

router = Router(tags=["public cases"])
PAGE = 100


class CaseOut(Schema):
    """One public case. Points are rounded to about a hundred metres."""

    number: str
    service: str
    state: str
    closing: str
    text: str
    area: str
    place: str
    lon: float | None
    lat: float | None
    office: str
    received_at: str
    first_due_at: str
    due_at: str
    resolved_at: str | None
    closed_at: str | None
    reworks: int


@router.get("/cases", response=list[CaseOut], summary="Public cases, newest first")
def cases(
    request: HttpRequest, area: str = "", service: str = "", state: str = "", page: int = 1
) -> list[CaseOut]:
    """A hundred a page. Also `since` and `until` (days) and `q` (words of the released text)."""
    wanted = {**request.GET.dict(), "area": area, "service": service, "state": state}
    first = (max(page, 1) - 1) * PAGE
    rows = Filter.read(wanted).cases()[first : first + PAGE]
    return [CaseOut(**record(case)) for case in public_cases(rows)]


@router.get("/cases/{number}", response=CaseOut, summary="One public case")
def case(request: HttpRequest, number: str) -> CaseOut:  # noqa: ARG001
    """404 for a case that is not public, as for one that does not exist."""
    rows = publishable().filter(number=number.replace("-", ""))
    found = next(public_cases(rows), None)
    if found is None:
        raise Missing()
    return CaseOut(**record(found))
