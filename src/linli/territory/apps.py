from importlib import import_module

from django.apps import AppConfig


class TerritoryConfig(AppConfig):
    name = "linli.territory"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register reactions and periodic jobs."""
        import_module("linli.territory.jobs")
        import_module("linli.territory.reactions")
        import_module("linli.territory.retention")
        import_module("linli.territory.telling")
