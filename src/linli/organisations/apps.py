from importlib import import_module

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    name = "linli.organisations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic job."""
        import_module("linli.organisations.retention")
