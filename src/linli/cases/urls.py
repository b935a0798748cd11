"""Addresses of the cases' pages."""

from django.urls import include, path

from linli.cases.views import desk_new, follow, receipt, resident

app_name = "cases"
urlpatterns = [
    path("report/", resident.choose, name="report"),
    path("report/<slug:code>/", resident.fill_in, name="report-where"),
    path("follow/", follow.find, name="follow-find"),
    path("f/<str:token>/", follow.show, name="follow"),
    path("f/<str:token>/receipt/", receipt.show, name="receipt"),
    path("f/<str:token>/photos/<int:number>.jpg", follow.photo, name="follow-photo"),
    path("desk/new/", desk_new.choose, name="desk-new"),
    path("desk/new/<slug:code>/", desk_new.fill_in, name="desk-where"),
    path("desk/new/receipt/<str:token>/", desk_new.receipt, name="desk-receipt"),
    path("desk/", include("linli.cases.views.desk.urls")),
]
