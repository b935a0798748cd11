"""What pages say about a definition: promises, privacy, kinds of answer, in words."""

from collections.abc import Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.catalogue.reading import Promise, Question, ServiceDefinition, words
from linli.kernel.languages import pick


def promise(within: Promise) -> str:
    """By when somebody answers, as "within 5 working days"."""
    always = within.calendar == "always"
    if within.unit == "hours" and always:
        text = ngettext(
            "within {n} hour, day or night", "within {n} hours, day or night", within.amount
        )
    elif within.unit == "hours":
        text = ngettext("within {n} working hour", "within {n} working hours", within.amount)
    elif always:
        text = ngettext("within {n} day", "within {n} days", within.amount)
    else:
        text = ngettext("within {n} working day", "within {n} working days", within.amount)
    return text.format(n=within.amount)


def group(definition: ServiceDefinition) -> str:
    """The name of the service's group."""
    return pick(words()["groups"][definition.group])


def answer_kind(question: Question) -> str:
    """What kind of answer a question takes."""
    kinds: Mapping[str, str] = {
        "string": _("a short text"),
        "text": _("a text"),
        "number": _("a number"),
        "datetime": _("a date"),
        "singlevaluelist": _("one of a list"),
        "multivaluelist": _("any of a list"),
    }
    return kinds[question.datatype]


def privacy(question: Question) -> str:
    """The question's line in the privacy register, as one sentence."""
    line, lists = question.privacy, words()
    if not line.personal:
        return _("Not personal: {why}.").format(why=pick(lists["whys"][line.why]))
    return _("Personal. For: {purpose}. Read by: {readers}. Erased: {erasure}.").format(
        purpose=pick(lists["purposes"][line.purpose]),
        readers=", ".join(pick(lists["readers"][code]) for code in line.readers),
        erasure=pick(lists["erasures"][line.erasure]),
    )
