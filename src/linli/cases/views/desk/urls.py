"""Addresses of the desk, below /desk/."""

from django.urls import path

from linli.cases.views.desk import case, lists

urlpatterns = [
    path("", lists.desk, name="desk"),
    path("board/", lists.board, name="desk-board"),
    path("board/points.geojson", lists.points, name="desk-points"),
    path("inbox/", lists.inbox, name="desk-inbox"),
    path("cases/<str:number>/", case.show, name="desk-case"),
    path("cases/<str:number>/look/", case.look, name="desk-look"),
    path("cases/<str:number>/do/<slug:name>/", case.do, name="desk-do"),
    path("cases/<str:number>/offers/<int:offer>/", case.answer_offer, name="desk-offer"),
    path("cases/<str:number>/supports/<int:support>/", case.finish_support, name="desk-finish"),
    path("cases/<str:number>/photos/<int:photo>.jpg", case.photo, name="desk-photo"),
    path("cases/<str:number>/photos/<int:photo>/", case.judge_photo, name="desk-judge-photo"),
]
