"""What every page's template may use."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from linli.web import navigation


def site(request: HttpRequest) -> dict[str, Any]:
    """Facts of the deployment that base templates show, and the links they offer."""
    return {
        "EMERGENCY_NUMBERS": settings.EMERGENCY_NUMBERS,
        "DEMO": settings.DEMO,
        "BASE_MAP_TILES": settings.BASE_MAP_TILES,
        "BASE_MAP_CREDIT": settings.BASE_MAP_CREDIT,
        "ACCOUNT_URL": reverse("mfa_index"),
        "PUBLIC_LINKS": navigation.links(request, navigation.PUBLIC),
        "STAFF_LINKS": SimpleLazyObject(lambda: navigation.staff_links(request)),
        "FOOTER_LINKS": navigation.links(request, navigation.FOOTER),
    }
