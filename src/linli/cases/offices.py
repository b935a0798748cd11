"""Which offices a complaint may be about: those that answer for something where it happened."""

from django.db.models import Q, QuerySet

from linli.areas.models import Area
from linli.organisations.models import Answering, Organisation
from linli.organisations.queries import during


def offices_at(area: Area | None) -> QuerySet[Organisation]:
    """Organisations with a post that answers now for the area or one above it, by code.

    Without an area, those that answer for the whole territory.
    """
    here = Q(area__code__in=area.path.split("/")) if area else Q(area__parent=None)
    rows = Answering.objects.filter(during(), here)
    return Organisation.objects.filter(pk__in=rows.values("post__organisation")).order_by("code")
