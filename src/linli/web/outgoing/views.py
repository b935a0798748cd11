"""Messages that were written: which, in what words, about which case; never to whom."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from linli.cases.rules import visible_to
from linli.kernel.actions import require
from linli.kernel.models import Account
from linli.messages import queries as messages
from linli.organisations.models import Post
from linli.organisations.queries import is_operator

NEWEST = 1000  # looked through; the page shows those of the reader's own cases
SHOWN = 100


@login_required
@require_safe
def written(request: HttpRequest) -> HttpResponse:
    """The newest messages about cases that the operator may see."""
    by = request.user
    assert isinstance(by, Account)
    require(is_operator(by))
    keys = messages.newest_keys(NEWEST)
    mine = list(visible_to(by).filter(key__in=keys).values_list("key", flat=True))
    offices = dict(Post.objects.values_list("code", "names"))
    context = {"messages_written": messages.about(mine, offices, limit=SHOWN)}
    return render(request, "web/outgoing/written.html", context)
