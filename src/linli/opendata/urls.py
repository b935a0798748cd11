"""Addresses of what the public sees."""

from django.urls import path

from linli.opendata.views import areas, cases, data, log, register

app_name = "opendata"

urlpatterns = [
    path("areas/", areas.areas, name="areas"),
    path("areas/<str:code>/", areas.area, name="area"),
    path("map/", cases.on_map, name="map"),
    path("map/points.json", cases.points, name="points"),
    path("list/", cases.in_list, name="list"),
    path("list/<str:number>/", cases.one, name="case"),
    path("list/<str:number>/<int:pk>.jpg", cases.photo, name="photo"),
    path("open/", data.data, name="data"),
    path("open/cases.csv", data.as_csv, name="csv"),
    path("open/cases.geojson", data.as_geojson, name="geojson"),
    path("register/", register.register, name="register"),
    path("log/", log.log, name="log"),
    path("log/heads.json", log.heads, name="heads"),
    path("log/proof/<str:leaf>", log.proof, name="proof"),
    path("log/growth/<int:first>/<int:second>", log.growth, name="growth"),
]
