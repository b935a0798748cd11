"""Addresses of the plan studio, below /desk/grids/."""

from django.urls import URLPattern, path

from linli.territory.views.studio import (
    aiming,
    comparing,
    doing,
    exporting,
    grouping,
    importing,
    lists,
    live,
    page,
    publishing,
    titling,
)

_AT = "desk/grids/<int:pk>/"
urls: list[URLPattern] = [
    path("desk/grids/", lists.listing, name="desk-list"),
    path("desk/grids/begin/", lists.begin, name="desk-begin"),
    path("desk/grids/import/", importing.load, name="desk-import"),
    path("desk/grids/compare/", comparing.compare, name="desk-compare"),
    path(_AT, page.show, name="desk-plan"),
    path(_AT + "map.json", live.grids, name="desk-map"),
    path(_AT + "map.svg", live.picture_of, name="desk-picture"),
    path(_AT + "settlements.json", live.settlements, name="desk-settlements"),
    path(_AT + "best.json", live.best, name="desk-best"),
    path(_AT + "progress/", live.progress, name="desk-progress"),
    path(_AT + "run/", doing.run, name="desk-run"),
    path(_AT + "stop/", doing.stop, name="desk-stop"),
    path(_AT + "recount/", doing.recount, name="desk-recount"),
    path(_AT + "undo/", doing.undo, name="desk-undo"),
    path(_AT + "move/", doing.grid_verb, {"name": "move"}, name="desk-move"),
    path(_AT + "split/", doing.grid_verb, {"name": "split"}, name="desk-split"),
    path(_AT + "join/", doing.grid_verb, {"name": "join"}, name="desk-join"),
    path(_AT + "rename/", doing.grid_verb, {"name": "rename"}, name="desk-rename"),
    path(_AT + "fix/", doing.grid_verb, {"name": "lock"}, name="desk-fix"),
    path(_AT + "centre/", doing.grid_verb, {"name": "centre"}, name="desk-centre"),
    path(_AT + "tie/", doing.tie, name="desk-tie"),
    path(_AT + "release/<int:binding>/", doing.release, name="desk-release"),
    *publishing.urls,
    *titling.urls,
    *aiming.urls,
    *exporting.urls,
    *grouping.urls,
]
