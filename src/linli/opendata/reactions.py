"""What opendata does when something happens to a case: its cell is counted again."""

from linli.cases import events
from linli.cases.models import Case
from linli.kernel.events import Event
from linli.kernel.models import Entry
from linli.kernel.reactions import reaction
from linli.opendata import actions
from linli.opendata.months import first_day


@reaction(
    "opendata.tally",
    events.CaseTriaged,
    events.CaseRouted,
    events.CaseResolved,
    events.CaseDeclined,
    events.CaseConfirmed,
    events.CaseContested,
    events.CaseClosedUnanswered,
    events.CaseMerged,
    events.CaseUnmerged,
    events.CaseMarkedAccusing,
    events.ServiceChanged,
)
def tally(_event: Event, entry: Entry) -> None:
    """Count the case's area and month again; harmless when repeated."""
    case = Case.objects.filter(pk=entry.subject, area__isnull=False).first()
    if case is not None and case.area_id is not None:
        actions.count_again(case.area_id, first_day(case.received_at))
