"""Addresses of the calendar page."""

from django.urls import path

from linli.web.calendars import views

app_name = "calendars"
urlpatterns = [
    path("", views.calendar, name="office"),
    path("<slug:code>/", views.calendar, name="calendar"),
    path("<slug:code>/day/", views.set_day, name="set_day"),
    path("<slug:code>/remove/", views.remove_day, name="remove_day"),
    path("<slug:code>/import/", views.import_days, name="import_days"),
    path("<slug:code>/week/", views.set_week, name="set_week"),
]
