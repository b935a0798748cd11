"""Going on in another language in the middle of a form, with everything that was typed.

The buttons of `components/languages.html` send the page's form with step "keep:LANGUAGE" where the
page gives them `switch`. The view shows the page again: nothing is judged and nothing is done.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from django.conf import settings
from django.forms import BaseForm
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import translation

Filled = TypeVar("Filled", bound=BaseForm)
View = Callable[..., HttpResponseBase]


def asked(request: HttpRequest) -> tuple[str, str]:
    """The step that a form was sent with, and the language wanted for going on, or an empty one."""
    step, _colon, language = request.POST.get("step", "").partition(":")
    return step, language if language in dict(settings.LANGUAGES) else ""


def speak(request: HttpRequest, language: str) -> None:
    """From here on the request is answered in this language."""
    translation.activate(language)
    request.LANGUAGE_CODE = language


def remember(response: HttpResponseBase, language: str) -> None:
    """Whoever reads chose this language, for the pages that follow too."""
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, samesite="Lax")


def keeps_words(view: View) -> View:
    """A view whose page can be read on in another language; it fills its forms by `filled`."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **options: Any) -> HttpResponseBase:
        _step, language = asked(request)
        if language:
            speak(request, language)
        response = view(request, *args, **options)
        if language:
            remember(response, language)
        return response

    return answer


def only_reads_on(request: HttpRequest) -> bool:
    """The form was sent for its language alone: show it again, do nothing."""
    return bool(asked(request)[1])


def filled(kind: type[Filled], request: HttpRequest, **options: Any) -> Filled:
    """The form of a page: empty, sent, or with what was typed before the language changed."""
    if request.method != "POST":
        return kind(**options)
    if only_reads_on(request):
        return typed(kind, request, **options)
    return kind(data=request.POST, files=request.FILES, **options)


def typed(kind: type[Filled], request: HttpRequest, **options: Any) -> Filled:
    """The form as it was typed and not judged. Files cannot be given back to a browser."""
    form = kind(**options)
    words = {
        name: field.widget.value_from_datadict(request.POST, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }
    kept = {name: word for name, word in words.items() if word is not None}
    form.initial = {**(form.initial or {}), **kept}
    return form
