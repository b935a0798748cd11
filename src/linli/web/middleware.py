"""What happens around every page: the content security policy, and errors that people can read."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.utils.cache import has_vary_header, patch_vary_headers

from linli.kernel.errors import LinliError, Missing

GetResponse = Callable[[HttpRequest], HttpResponse]
API_PREFIX = "/api/"


def policy(tiles: str = "") -> str:
    """The content security policy: everything from our own machine, nothing inline.

    `tiles` is the address of a deployment's own base map, if it has one; its host may then be
    asked for tiles. See CSP Level 3 (W3C).
    """
    host = f"{urlsplit(tiles).scheme}://{urlsplit(tiles).netloc}" if "//" in tiles else ""
    directives = {
        "default-src": "'self'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": f"'self' data: blob: {host}",
        "font-src": "'self'",
        "connect-src": f"'self' {host}",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'none'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {' '.join(value.split())}" for name, value in directives.items())


class ContentSecurityPolicy:
    """Sends the policy with every response that has none of its own."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.value = policy(settings.BASE_MAP_TILES)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", self.value)
        return response


class Private:
    """Keeps every page of whoever is signed in out of caches, unless the page says otherwise.

    What a public page says depends on the cookie of its reader's language, and a cache has to know.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        if has_vary_header(response, "Accept-Language"):
            patch_vary_headers(response, ["Cookie"])
        return response


class Compression(GZipMiddleware):
    """Sends text compressed, for networks that are slow; pictures and fonts are so already."""

    TEXT = ("text/", "application/json", "application/geo+json", "image/svg+xml")

    def process_response(
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """The response, compressed where that helps."""
        if response.headers.get("Content-Type", "").startswith(self.TEXT):
            return super().process_response(request, response)
        return response


class Errors:
    """Turns errors into what the asker can use: a page, problem details under /api/, or a notice.

    A part of a page that HTMX asked for cannot be replaced by an error page: the notice goes to
    the top of the page instead. Whoever was signed out meanwhile is led to signing in.

    PostgreSQL refuses to look for a text with a NUL in it. Here is the one place for that: none of
    our addresses has one, and in a question it is left out, so that the page still answers.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path:
            return known(request, Missing())
        if "%00" in request.META["QUERY_STRING"]:
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
            request.GET = QueryDict(request.META["QUERY_STRING"])
        response = self.get_response(request)
        if "HX-Request" not in request.headers or "HX-Retarget" in response.headers:
            return response
        if response.headers.get("Location", "").startswith(str(settings.LOGIN_URL)):
            return HttpResponse(status=204, headers={"HX-Refresh": "true"})
        if response.status_code >= 400:
            return notice(request, LinliError(), response.status_code)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The answer to an error that we know; others go on to Django's own handling."""
        if isinstance(error, Http404) and request.path.startswith(API_PREFIX):
            return problem(404, "not-found", "")
        return known(request, error) if isinstance(error, LinliError) else None


def known(request: HttpRequest, error: LinliError) -> HttpResponse:
    """The answer to an error of ours, in the form that the asker can use."""
    if request.path.startswith(API_PREFIX):
        return problem(error.status, error.code, str(error.message), error.fields)
    if "HX-Request" in request.headers:
        return notice(request, error, error.status)
    return render(request, "design/error.html", {"error": error}, status=error.status)


def notice(request: HttpRequest, error: LinliError, status: int) -> HttpResponse:
    """An error as a notice at the top of the page that asked for a part of itself."""
    response = render(request, "design/error_notice.html", {"error": error}, status=status)
    response.headers["HX-Retarget"] = "#notices"
    response.headers["HX-Reswap"] = "innerHTML show:top"
    return response


def problem(
    status: int, code: str, detail: str, fields: dict[str, object] | None = None
) -> JsonResponse:
    """Problem details as RFC 9457 has them; `code` is stable, `detail` is for people."""
    body: dict[str, object] = {"type": "about:blank", "status": status, "code": code}
    if detail:
        body["title"] = detail
    if fields:
        body["errors"] = {name: str(value) for name, value in fields.items()}
    return JsonResponse(body, status=status, content_type="application/problem+json")
