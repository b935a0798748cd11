"""The room of cases."""

from django.apps import AppConfig


class CasesConfig(AppConfig):
    """Registers reactions and jobs when everything is loaded."""

    name = "linli.cases"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Import what registers itself."""
        from linli.cases import jobs, reactions  # noqa: F401
