"""Addresses of the plan studio and of published plans; each part lists its own."""

from django.urls import URLPattern

app_name = "territory"
urlpatterns: list[URLPattern] = []
