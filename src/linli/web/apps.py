from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "linli.web"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from allauth.mfa.models import Authenticator

        # django-allauth would note when each second factor was last used: a record of who was at
        # work when. Nothing of ours keeps one.
        Authenticator.record_usage = lambda _factor: None
