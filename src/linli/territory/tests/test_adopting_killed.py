"""A real process is killed while it adopts: the tree is as it was, and can be adopted then."""

import os
import signal
import subprocess
import sys

import pytest

# Each step runs in a process of its own, on a database in a file.
BEGIN = """
import datetime, django, hashlib
django.setup()
from django.utils import timezone
from linli.areas.actions import tree
from linli.areas.models import Area, Boundary
from linli.territory.actions import adopting
from linli.territory.models import Plan
day = timezone.localdate() + datetime.timedelta(days=10)
def say():
    rows = [*Area.objects.order_by("pk").values_list()]
    rows += Boundary.objects.order_by("pk").values_list()
    print(hashlib.sha256(repr(rows).encode()).hexdigest(), Plan.objects.get().state, flush=True)
"""
PREPARE = """
from django.core.management import call_command
call_command("migrate", verbosity=0)
from linli.territory.tests.adopted import a_published_plan
a_published_plan()
say()
"""
STOP_AFTER = """
import time
step = tree.{step}
def stopping(*args, **how):
    step(*args, **how)
    print("stopped", flush=True)
    time.sleep(600)
tree.{step} = stopping
adopting.adopt(Plan.objects.get(), since=day, by=None)
"""
ADOPT = "adopting.adopt(Plan.objects.get(), since=day, by=None); say()"


@pytest.fixture
def house(tmp_path):
    """The environment of a new installation with the embedded database."""
    env = {name: value for name, value in os.environ.items() if name != "LINLI_DATABASE"}
    return env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings", "LINLI_VAR": str(tmp_path)}


def told(house, code):
    """What a process says that does this, to its end."""
    command = [sys.executable, "-c", BEGIN + code]
    done = subprocess.run(command, env=house, check=True, capture_output=True, text=True)
    return done.stdout.split()


def killed(house, code):
    """Let a process begin this, and kill it where it stops."""
    command = [sys.executable, "-c", BEGIN + code]
    with subprocess.Popen(command, env=house, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "stopped\n"
        os.kill(process.pid, signal.SIGKILL)


@pytest.mark.slow
def test_a_process_killed_in_the_middle_of_adoption_changes_nothing(house):
    before = told(house, PREPARE)
    assert before[1] == "published"
    for step in ("close", "write"):
        killed(house, STOP_AFTER.replace("{step}", step))
        assert told(house, "say()") == before
    after = told(house, ADOPT)
    assert after[1] == "adopted"
    assert after[0] != before[0]
