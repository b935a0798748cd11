from importlib import import_module

from django.apps import AppConfig


class OpendataConfig(AppConfig):
    name = "linli.opendata"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register reactions and periodic jobs."""
        import_module("linli.opendata.reactions")
        import_module("linli.opendata.jobs")
