"""Addresses of this room; at the root of the service."""

from django.urls import path

from linli.areas import views

app_name = "areas"
urlpatterns = [
    path("tiles/areas.json", views.tile_json, name="tiles"),
    path("tiles/areas/<int:zoom>/<int:x>/<int:y>.mvt", views.tile, name="tile"),
    path("places/search", views.find, name="search"),
    path("areas/<str:code>.geojson", views.outline, name="outline"),
]
