"""Every address of the service, room by room."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from linli.web.api import api
from linli.web.views import home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("api/", api.urls),
    path("language/", csrf_exempt(set_language), name="set_language"),
    path("design/", include("linli.design.urls")),
    path("", include("linli.web.signin.urls")),
    path("people/", include("linli.web.people.urls")),
    path("calendars/", include("linli.web.calendars.urls")),
    path("desk/failures/", include("linli.web.failures.urls")),
    path("desk/messages/", include("linli.web.outgoing.urls")),
    path("", include("linli.organisations.urls")),
    path("", include("linli.areas.urls")),
    path("", include("linli.cases.catalogue.urls")),
    path("", include("linli.cases.urls")),
    path("", include("linli.territory.urls")),
    path("", include("linli.opendata.urls")),
]
