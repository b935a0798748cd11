"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.web.settings")
application = get_wsgi_application()

from linli.web.worker import start_thread  # noqa: E402 - needs the applications to be loaded

worker = start_thread()
