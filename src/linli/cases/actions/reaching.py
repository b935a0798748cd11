"""Opening the contact of a case: every look is in the journal before it is given."""

from linli.cases import rules as may
from linli.cases.models import Case
from linli.kernel import contacts
from linli.kernel.actions import require
from linli.kernel.errors import Missing
from linli.kernel.models import Account


def look_at_contact(case: Case, *, why: contacts.Why, by: Account) -> str:
    """The telephone number or address in plain text; the reporter sees who looked, when and why.

    Not inside another action: the look must be committed before it is given.
    """
    case = Case.objects.select_related("contact__key").get(pk=case.pk)
    require(may.may_look_at_contact(by, case))
    if case.contact is None:
        raise Missing("erased")
    return contacts.look(case.contact, by=by, why=why)
