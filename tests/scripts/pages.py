"""Addresses for the tests of scripts: a form, its receipt, a map, and what they ask for."""

from django.http import HttpResponse, JsonResponse
from django.template import engines
from django.urls import path

from linli.web.urls import urlpatterns as real

FORM = """{% extends "design/base.html" %}{% block title %}Form{% endblock %}{% block content %}
<form method="post" action="/test/receipt/" enctype="multipart/form-data"
      {% include "design/components/draft.html" with key="report" %}>{% csrf_token %}
  <label for="words">Words</label><textarea id="words" name="words"></textarea>
  <label><input type="radio" name="kind" value="a"> A</label>
  <label><input type="radio" name="kind" value="b"> B</label>
  <label for="phone">Phone</label><input id="phone" type="tel" name="phone">
  <label for="lon">Lon</label><input id="lon" name="lon">
  <label for="lat">Lat</label><input id="lat" name="lat">
  <input type="hidden" name="spot" value="">
  {% include "design/components/locate.html" with lon="lon" lat="lat" %}
  {% include "design/components/place_search.html" with label="Place" name="place" source="/test/places" code="spot" point="lon,lat" %}
  {% include "design/components/photos.html" with label="Photos" name="photos" max=2 %}
  {% if map %}{% include "design/components/map.html" with label="Where is it?" tiles="/test/{z}/{x}/{y}.mvt" bounds="100,33,102,34" pick="lon,lat" %}{% endif %}
  <button>Send</button>
</form>{% endblock %}
{% block scripts %}{% include "design/components/report_scripts.html" %}{% if map %}{% include "design/components/map_scripts.html" %}{% endif %}{% endblock %}"""

RECEIPT = """{% extends "design/base.html" %}{% block title %}Receipt{% endblock %}
{% block head %}{% include "design/components/draft_done.html" with key="report" %}{% endblock %}
{% block content %}<h1>Receipt</h1><p id="sizes">{{ sizes }}</p>{% endblock %}
{% block scripts %}{% include "design/components/report_scripts.html" %}{% endblock %}"""


def page(source, **context):
    """A view that shows a template written here."""

    def view(request):
        sizes = [f"{f.size} {f.content_type}" for f in request.FILES.getlist("photos")]
        template = engines["django"].from_string(source)
        return HttpResponse(template.render({**context, "sizes": ", ".join(sizes)}, request))

    return view


def places(request):
    """Two invented places, for whatever is asked."""
    found = [
        {"value": "place:one", "name": "Lower ford", "what": "Bridge", "inside": "Lake township",
         "lon": 101.25, "lat": 33.5},
        {"value": "area:two", "name": "Lower pasture", "what": "Village", "inside": "",
         "lon": None, "lat": None},
    ]  # fmt: skip
    return JsonResponse({"results": found if request.GET.get("q") == "lower" else []})


urlpatterns = [
    *real,
    path("test/form/", page(FORM)),
    path("test/map/", page(FORM, map=True)),
    path("test/receipt/", page(RECEIPT)),
    path("test/places", places),
    path("test/<int:z>/<int:x>/<int:y>.mvt", lambda request, z, x, y: HttpResponse(status=204)),
]
