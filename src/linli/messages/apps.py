from importlib import import_module

from django.apps import AppConfig


class MessagesConfig(AppConfig):
    name = "linli.messages"
    # "messages" alone is the label of django.contrib.messages
    label = "outgoing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the periodic job."""
        import_module("linli.messages.retention")
