"""Addresses of this room: who answers (public), coverage and posts (staff)."""

from django.urls import path

from linli.organisations.views import filling, posts, staff, who

app_name = "organisations"

urlpatterns = [
    path("who/", who.who, name="who"),
    path("desk/coverage/", staff.coverage, name="coverage"),
    path("desk/posts/", posts.posts, name="posts"),
    path("desk/posts/<int:pk>/", posts.post, name="post"),
    path("desk/posts/<int:pk>/appoint/", posts.appoint, name="appoint"),
    path("desk/posts/<int:pk>/answer/", posts.answer_for, name="answer"),
    path("desk/posts/<int:pk>/office/", posts.office, name="office"),
    path("desk/areas/<str:code>/post/", filling.fill, name="fill"),
    path("desk/areas/<str:code>/post/take/", filling.take, name="fill-by"),
    path("desk/holdings/<int:pk>/relieve/", posts.relieve, name="relieve"),
    path("desk/holdings/<int:pk>/absent/", posts.absent, name="absent"),
    path("desk/holdings/<int:pk>/back/", posts.back, name="back"),
    path("desk/answerings/<int:pk>/stop/", posts.stop, name="stop"),
]
