"""Addresses of the catalogue."""

from django.urls import path

from linli.cases.views import catalogue as views

app_name = "services"

urlpatterns = [
    path("services/", views.services, name="list"),
    path("services/proposed/", views.proposed, name="proposed"),
    path("desk/services/", views.desk, name="desk"),
    path("desk/services/switch/", views.switch, name="switch"),
    path("desk/services/upload/", views.upload, name="upload"),
    path("desk/services/proposals/<int:pk>/second/", views.second, name="second"),
    path("desk/services/proposals/<int:pk>/withdraw/", views.withdraw, name="withdraw"),
    path("desk/services/drafts/<slug:language>/clear/", views.clear_draft, name="clear-draft"),
]
