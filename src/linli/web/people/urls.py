"""Addresses of the people page."""

from django.urls import path

from linli.web.people import views

app_name = "people"
urlpatterns = [
    path("", views.people, name="people"),
    path("open/", views.open_account, name="open"),
    path("<int:pk>/", views.person, name="person"),
    path("<int:pk>/<slug:what>/", views.change, name="change"),
]
