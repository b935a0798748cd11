"""Addresses of the plan studio and of published plans; each part lists its own."""

from linli.territory.views import desk_comments
from linli.territory.views.public import plans, sheets
from linli.territory.views.studio.adopting import urls as adopting
from linli.territory.views.studio.urls import urls as studio

app_name = "territory"
urlpatterns = [*studio, *desk_comments.urls, *plans.urls, *sheets.urls, *adopting]
