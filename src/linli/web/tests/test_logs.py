"""What the log tells of an error, and what it never tells."""

import logging
import sys

import pytest
from django.urls import path

from linli.web.logs import Kinds


def fails(request, token):
    raise ValueError(f"cannot read: {request.POST.get('text')}")


urlpatterns = [path("fails/<str:token>/", fails)]


@pytest.fixture
def told(request):
    lines = []

    class Keep(logging.Handler):
        def emit(self, record):
            lines.append(self.format(record))

    handler = Keep()
    handler.setFormatter(Kinds())
    logging.getLogger().addHandler(handler)
    yield lines
    logging.getLogger().removeHandler(handler)


@pytest.mark.urls(__name__)
def test_an_error_is_in_the_log_without_words_and_without_the_secret_in_its_address(client, told):
    client.raise_request_exception = False
    client.post("/fails/secretlink/", {"text": "Sonam was here"})
    (line,) = told
    assert "500 POST /fails/<str:token>/" in line
    assert "test_logs.py" in line
    assert line.endswith("builtins.ValueError")
    assert "secretlink" not in line
    assert "Sonam" not in line


def test_a_kind_of_error_has_its_cause(told):
    try:
        try:
            int("Sonam")
        except ValueError as error:
            raise RuntimeError("about Sonam") from error
    except RuntimeError:
        logging.getLogger("linli").error("a job failed", exc_info=sys.exc_info())
    (line,) = told
    assert line.endswith("builtins.RuntimeError\n    because of ValueError")
    assert "Sonam" not in line


@pytest.mark.django_db
def test_what_does_not_exist_is_no_line(client, told):
    client.get("/nothing/")
    assert told == []


def test_the_terminal_speaks_so(settings):
    assert settings.LOGGING["formatters"]["kinds"]["()"] == f"{Kinds.__module__}.Kinds"
    assert settings.LOGGING["root"]["handlers"] == ["terminal"]
