"""The coverage page."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.kernel.actions import require
from linli.kernel.models import Account
from linli.organisations import coverage as covering
from linli.organisations import rules
from linli.organisations.models import Duty

VIEWS = ("gaps", "empty", "loads")
MOST = 9999


@login_required
def coverage(request: HttpRequest) -> HttpResponse:
    """Which area × duty has nobody, which post is empty, which posts cover a lot.

    Filters stand in the address. Nothing on it is a figure about a person.
    """
    assert isinstance(request.user, Account)
    require(rules.may_see_coverage(request.user))
    view = request.GET.get("view") if request.GET.get("view") in VIEWS else "gaps"
    root = areas.by_code(request.GET.get("area", "")) or areas.roots().first()
    duty = Duty.objects.filter(code=request.GET.get("duty", "")).first()
    more_than = _number(request.GET.get("more", ""), covering.A_LOT)
    lines = _lines(str(view), root, duty, more_than) if root else []
    context = {
        "view": view,
        "root": root,
        "above": areas.ancestors(root) if root else [],
        "below": areas.children(root) if root else [],
        "duty": duty,
        "duties": Duty.objects.all(),
        "more": more_than,
        "page": Paginator(lines, 50).get_page(request.GET.get("page")),
        "tabs": _tabs(request, str(view)),
        "may_fill": rules.staffs_any(request.user),
        "readable": set(rules.readable_by(request.user).values_list("pk", flat=True)),
    }
    return render(request, "organisations/coverage.html", context)


def _lines(view: str, root: Area, duty: Duty | None, more_than: int) -> list[object]:
    if view == "empty":
        return list(covering.empty_posts(root))
    if view == "loads":
        return list(covering.loads(root, more_than))
    return list(covering.gaps(root, duty))


def _number(text: str, otherwise: int) -> int:
    return min(int(text), MOST) if text.isdecimal() and len(text) < 6 else otherwise


def _tabs(request: HttpRequest, view: str) -> list[dict[str, object]]:
    texts = {
        "gaps": _("Nobody answers"),
        "empty": _("Nobody there"),
        "loads": _("Covers a lot"),
    }
    fields = request.GET.copy()
    fields.pop("page", None)
    tabs: list[dict[str, object]] = []
    for name, text in texts.items():
        fields["view"] = name
        tabs.append({"href": f"?{fields.urlencode()}", "text": text, "current": name == view})
    return tabs
