from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "linli.kernel"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from linli.kernel import lockout, retention, secondfactor  # noqa: F401 - their jobs
