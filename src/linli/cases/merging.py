"""Cases that tell of the same thing: which follows which, and the clocks they share."""

import datetime as dt

from django.db.models import Q, QuerySet

from linli.cases.models import Case, Merge, Promise


def together(case: Case) -> set[int]:
    """The case, whatever it is followed in, and whatever is followed in those, by primary key."""
    found: set[int] = set()
    new = {case.pk}
    while new:
        found |= new
        rows = Merge.objects.filter(Q(case__in=new) | Q(into__in=new), undone_at=None)
        new = {pk for pair in rows.values_list("case", "into") for pk in pair} - found
    return found


def leading(case: Case) -> Case:
    """The case that this one is followed in now; itself where it was not merged."""
    merge = case.merges.filter(undone_at=None).select_related("into__version__service").first()
    return leading(merge.into) if merge else case


def merged_into(case: Case) -> list[Case]:
    """Every case that is followed in this one, also by way of another."""
    rows = case.merged.filter(undone_at=None).select_related("case__key", "case__version")
    found = [row.case for row in rows]
    return found + [deeper for one in found for deeper in merged_into(one)]


def promises(case: Case) -> QuerySet[Promise]:
    """The promises of a case and of those that are followed in it."""
    group = [case.pk, *(other.pk for other in merged_into(case))]
    return Promise.objects.filter(case__in=group)


def current_due(case: Case) -> dt.datetime:
    """The deadline that is worked towards: the rework's, else the earliest of all promises."""
    rows = list(promises(case))
    rework = [p.due_at for p in rows if p.kind == Promise.Kind.REWORK and p.case_id == case.pk]
    return max(rework) if rework else min(p.due_at for p in rows)
