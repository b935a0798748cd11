"""Addresses of the plan studio and of published plans; each part lists its own."""

from django.urls import URLPattern

from linli.territory.views.studio.urls import urls as studio

app_name = "territory"
urlpatterns: list[URLPattern] = [*studio]
