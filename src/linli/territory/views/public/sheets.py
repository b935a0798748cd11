"""A sheet of paper on which somebody without a telephone writes a comment, as PDF."""

import threading

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.kernel.errors import Missing, Unavailable
from linli.territory import exports, rules
from linli.territory.exports import fonts

KEPT = 3600  # seconds in memory
WAIT = 20  # seconds for whoever has the press
_press = threading.Lock()  # one is set at a time: everybody may ask, and it costs a process


@require_safe
def sheet(request: HttpRequest, pk: int, code: str = "") -> HttpResponse:
    """One page for a plan or one of its grids, in all languages, while comments are taken."""
    plan = rules.plans_visible_to(None).filter(pk=pk).first()
    if plan is None or not rules.may_comment(plan):
        raise Missing()
    if code and not plan.grids.filter(code=code).exists():
        raise Missing()
    address = request.build_absolute_uri(reverse("territory:plan", args=[pk]))
    key = f"plan-sheet:{pk}:{plan.revision}:{plan.comments_until}:{address}:{code}"
    body: bytes | None = cache.get(key)
    if body is None:
        if not (fonts.ready() and _press.acquire(timeout=WAIT)):
            raise Unavailable("not-printed", _("The sheet is being prepared. Try in a minute."))
        try:
            body = exports.sheets(plan, address=address, code=code)
        finally:
            _press.release()
        cache.set(key, body, KEPT)
    name = f"comment-{pk}-{code}.pdf" if code else f"comment-{pk}.pdf"
    headers = {"Content-Disposition": f'inline; filename="{name}"'}
    return HttpResponse(body, content_type="application/pdf", headers=headers)


urls = [
    path("grids/<int:pk>/sheet.pdf", sheet, name="plan-sheet"),
    path("grids/<int:pk>/<str:code>/sheet.pdf", sheet, name="grid-sheet"),
]
