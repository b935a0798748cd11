"""Linli's settings, with the leaks installed and none of them open."""

from linli.web.settings import *  # noqa: F403
from linli.web.settings import INSTALLED_APPS as OURS
from linli.web.settings import MIDDLEWARE as OUR_MIDDLEWARE

INSTALLED_APPS = [*OURS, "tests.house.leaking.apps.Leaking"]
MIDDLEWARE = ["tests.house.leaking.slips.Carried", *OUR_MIDDLEWARE]
