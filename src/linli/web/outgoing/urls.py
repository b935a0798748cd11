"""Address of the page of written messages."""

from django.urls import path

from linli.web.outgoing import views

app_name = "messages"
urlpatterns = [path("", views.written, name="written")]
