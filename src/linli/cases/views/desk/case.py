"""The page of one case for those who work on it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.areas.views import tiles_address
from linli.cases import actions, numbers, photos, queries
from linli.cases import rules as may
from linli.cases.forms.desk import LOOKS, LookForm, RefuseForm, TriageForm, VerbForm
from linli.cases.forms.questions import spoken
from linli.cases.models import RUNNING, Case, Offer, Photo, Promise, Refusal, State, Support
from linli.cases.models import Why as Routed
from linli.cases.replies import replies
from linli.cases.suggesting import suggestions
from linli.cases.views.desk.lists import TONES, speaks
from linli.cases.views.desk.verbs import BY_NAME, Verb, allowed
from linli.design.switching import filled, keeps_words
from linli.kernel import languages
from linli.kernel.actions import require
from linli.kernel.contacts import Why
from linli.kernel.errors import LinliError, Missing
from linli.kernel.models import Account
from linli.organisations import queries as organisations
from linli.organisations.explaining import sentences


@dataclass(frozen=True)
class Tool:
    """A verb with its form, folded until somebody opens it."""

    verb: Verb
    form: VerbForm
    open: bool = False
    error: str = ""

    @property
    def form_id(self) -> str:
        """The name of its form on the page."""
        return f"do-{self.verb.name}"

    @property
    def sends(self) -> str:
        """The look of the button that sends the form: what to press once it is open."""
        return "danger" if self.verb.kind == "danger" else "primary"


def case_of(request: HttpRequest, number: str) -> tuple[Case, Account]:
    """The case with this number and who asks; Missing where they may not see it."""
    by = request.user
    assert isinstance(by, Account)
    plain = numbers.read(number) or number
    rows = may.visible_to(by).filter(number=plain)
    case = rows.select_related(
        "key", "version__service", "area", "place", "owner__organisation", "contact", "office"
    ).first()
    if case is None:
        raise Missing()
    return case, by


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, number: str) -> HttpResponse:
    """Everything about one case that the reader may see, and what they may do."""
    case, by = case_of(request, number)
    return page(request, case, by)


@login_required
@require_POST
@keeps_words
def do(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do one thing with the case; what was typed comes back when it cannot be done."""
    case, by = case_of(request, number)
    verb = BY_NAME.get(name)
    if verb is None:
        raise Missing()
    form = filled(verb.form, request, case=case, prefix=name)
    if not form.is_valid():
        return page(request, case, by, opened=Tool(verb, form, True))
    try:
        verb.do(case, form.cleaned_data, by)
    except LinliError as error:
        # The reader may have lost sight of the case, and the answer must not tell them more.
        if not may.may_see(by, case):
            raise
        fresh, _by = case_of(request, number)
        return page(request, fresh, by, opened=Tool(verb, form, True, str(error.message)))
    messages.success(request, _("Done."))
    return back(request, case)


def back(request: HttpRequest, case: Case) -> HttpResponse:
    """To the case where it can still be seen, else to the desk."""
    assert isinstance(request.user, Account)
    if may.visible_to(request.user).filter(pk=case.pk).exists():
        return redirect("cases:desk-case", number=case.number)
    return redirect("cases:desk")


@login_required
@require_POST
@keeps_words
def answer_offer(request: HttpRequest, number: str, offer: int) -> HttpResponse:
    """Accept an offered case, or refuse it with a reason."""
    case, by = case_of(request, number)
    row = get_object_or_404(Offer, pk=offer, case=case)
    if request.POST.get("answer") == "accept":
        actions.accept(row, by=by)
        messages.success(request, _("You have it now."))
        return back(request, case)
    if request.POST.get("answer") == "withdraw":
        actions.withdraw_offer(row, by=by)
        return back(request, case)
    form = filled(RefuseForm, request, case=case, prefix="refuse")
    if not form.is_valid():
        return page(request, case, by, refuse=form)
    reason = Refusal(form.cleaned_data["reason"])
    actions.refuse(row, reason=reason, words=form.cleaned_data["words"], by=by)
    messages.success(request, _("It stays where it was."))
    return back(request, case)


@login_required
@require_POST
def finish_support(request: HttpRequest, number: str, support: int) -> HttpResponse:
    """A helping unit says that its task is done."""
    case, by = case_of(request, number)
    actions.finish_support(get_object_or_404(Support, pk=support, case=case), by=by)
    return back(request, case)


@login_required
@never_cache
@require_POST
def look(request: HttpRequest, number: str) -> HttpResponse:
    """Show the contact once, after the look is in the journal."""
    case, by = case_of(request, number)
    form = LookForm(request.POST, case=case, prefix="look")
    if not form.is_valid():
        return page(request, case, by)
    why = Why(form.cleaned_data["why"])
    contact = actions.look_at_contact(case, why=why, by=by)
    return page(request, case, by, contact=contact, contact_why=LOOKS[why])


@login_required
@require_POST
def judge_photo(request: HttpRequest, number: str, photo: int) -> HttpResponse:
    """Clear a photo for the public, or remove it."""
    case, by = case_of(request, number)
    row = _photo(case, photo)
    if request.POST.get("answer") == "clear":
        actions.clear_photo(row, by=by)
    else:
        actions.remove_photo(row, by=by)
    return back(request, case)


@login_required
@never_cache
@require_GET
def photo(request: HttpRequest, number: str, photo: int) -> HttpResponse:
    """One picture of the case, unlocked for who may see it."""
    case, by = case_of(request, number)
    row = _photo(case, photo)
    require(may.may_see_photo(by, row))
    return HttpResponse(
        photos.fetch(row.case.key, row.address),
        content_type="image/jpeg",
        headers={"Cache-Control": "private, no-store"},
    )


def _photo(case: Case, pk: int) -> Photo:
    for row in queries.photos_of(case):
        if row.pk == pk:
            return row
    raise Missing()


def page(
    request: HttpRequest, case: Case, by: Account, *, opened: Tool | None = None, **extra: Any
) -> HttpResponse:
    """The page, with one form open where something has to be put right."""
    with organisations.asked_once():
        context = about(case, by) | extra
        context["tools"] = tools(case, by, context["said"], opened)
    context.setdefault("refuse", RefuseForm(case=case, prefix="refuse"))
    context["replies"] = replies(case.language)
    context["page_address"] = reverse("cases:desk-case", args=[case.number])
    if opened:
        context["switch"] = {"form": opened.form_id, "step": "keep", "enter": "send"}
    wrong = opened and opened.form.is_bound
    status = 409 if opened and opened.error else 400 if wrong else 200
    return render(request, "cases/desk/case.html", context, status=status)


def about(case: Case, by: Account) -> dict[str, Any]:
    """What the page shows of a case."""
    opened = queries.opening_of(case)
    service = case.version.definition
    reads, because = may.may_read_notes(by, case), queries.why(case)
    return {
        "case": case,
        "service": service,
        "said": opened.text if opened else "",
        "answers": _answers(case, opened.answers if opened else {}),
        "where": queries.where_words(case),
        "photos": queries.photos_of(case),
        "turns": [
            (turn, Routed(turn.why).label, sentences(_codes(turn), turn.at))
            for turn in because.turns
        ],
        "suggested": suggestions(case) if may.may_assign(by, case) else [],
        "speaks": speaks(case.language),
        "tone": TONES.get(State(case.state), "neutral"),
        "deadlines": [(line, Promise.Kind(line.kind).label) for line in because.deadlines],
        "TILES": tiles_address(),
        "point": f"{case.lon},{case.lat}" if case.lon is not None else "",
        "additions": queries.additions_of(case),
        "updates": queries.updates_of(case),
        "notes": queries.notes_of(case) if reads else [],
        "pauses": queries.pauses_of(case),
        "offers": _offers(case, by),
        "supports": [
            (row, may.may_finish_support(by, row.row) and row.row.done_at is None)
            for row in queries.supports_of(case)
        ],
        "ratings": queries.answers_of(case, may.ratings_visible_to(by)),
        "likely": queries.likely_duplicates(case, by),
        "may_look": may.may_look_at_contact(by, case),
        "look": LookForm(case=case, prefix="look"),
        "may_judge": may.may_clear_photo(by, case),
        "must_leave": case.state in RUNNING and may.owns(by, case) and may.must_leave_it(by, case),
        "trail": [{"href": reverse("cases:desk"), "text": _("Desk")}],
    }


def _codes(turn: queries.Turn) -> list[list[str]]:
    return [[step.area, step.duty, step.post, step.found] for step in turn.steps]


def _answers(case: Case, given: Any) -> list[dict[str, str]]:
    service = case.version.definition
    return [
        {"key": languages.pick(q.text), "value": spoken(q, given[q.code])}
        for q in service.questions
        if q.code in given
    ]


def _offers(case: Case, by: Account) -> list[dict[str, Any]]:
    return [
        {
            "offer": offer,
            "words": words,
            "refused": refused,
            "may_answer": offer.state == Offer.State.OPEN and may.may_answer_offer(by, offer),
            "may_withdraw": offer.state == Offer.State.OPEN and may.may_offer(by, case),
        }
        for offer, words, refused in queries.offers_of(case)
    ]


def _one_main(verbs: Iterable[Verb]) -> Iterator[Verb]:
    """The verbs, of which only the first main one keeps the look of it."""
    seen = False
    for verb in verbs:
        main = verb.kind == "primary"
        yield replace(verb, kind="secondary") if main and seen else verb
        seen = seen or main


def tools(case: Case, by: Account, said: str, opened: Tool | None) -> dict[str, list[Tool]]:
    """The verbs that are allowed, by group; of several main ones the first is the next step."""
    found: dict[str, list[Tool]] = {"first": [], "owner": [], "more": []}
    for verb in _one_main(allowed(by, case)):
        if opened and opened.verb.name == verb.name:
            found[verb.group].append(opened)
            continue
        words = {"words": said} if issubclass(verb.form, TriageForm) else {}
        found[verb.group].append(Tool(verb, verb.form(case=case, prefix=verb.name, **words)))
    return found
