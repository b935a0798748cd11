"""The pages that show the design system."""

from django.urls import path

from linli.design import views

app_name = "design"
urlpatterns = [
    path("", views.components, name="components"),
    path("staff/", views.staff, name="staff"),
    path("errors/<slug:code>/", views.error, name="error"),
]
