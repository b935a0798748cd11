"""Puts the slips in their places when Linli starts."""

from django.apps import AppConfig


class Leaking(AppConfig):
    """Nothing of its own: no tables, no pages."""

    name = "tests.house.leaking"

    def ready(self):
        """Before the first page is asked for."""
        from tests.house.leaking import slips

        slips.install()
