"""The one API: the rooms' routers under /api/, errors as RFC 9457 problem details."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from linli.areas.api import router as areas
from linli.cases.api import router as cases
from linli.kernel.errors import LinliError
from linli.opendata.api import router as public
from linli.web.middleware import problem

api = NinjaAPI(
    title="Linli",
    version="1",
    description="Neighbourhood services: report a problem, and see how a place is doing.",
    docs_url=None,
)
api.add_router("/areas", areas)
api.add_router("", cases)
api.add_router("", public)


@api.exception_handler(LinliError)
def known(_request: HttpRequest, error: LinliError) -> HttpResponse:
    """An error that a program can act on."""
    return problem(error.status, error.code, str(error.message), error.fields)


@api.exception_handler(HttpError)
def no_json(_request: HttpRequest, error: HttpError) -> HttpResponse:
    """A body that is no JSON at all."""
    return problem(error.status_code, "unreadable", "")


@api.exception_handler(ValidationError)
def unreadable(_request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Input of the wrong shape: says where, and never repeats what was sent."""
    fields: dict[str, Any] = {".".join(map(str, e["loc"])): e["type"] for e in error.errors}
    return problem(400, "invalid", "", fields)
