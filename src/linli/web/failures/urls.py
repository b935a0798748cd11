"""Addresses of the page of failures, below /desk/failures/."""

from django.urls import path

from linli.web.failures import views

app_name = "failures"
urlpatterns = [
    path("", views.failures, name="failures"),
    path("<int:pk>/", views.try_again, name="try-again"),
]
