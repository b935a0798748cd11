"""The doors by which a definition comes: command line, upload; and the pages of the catalogue."""

import json

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from linli.cases import commands
from linli.cases.actions import catalogue as actions
from linli.cases.catalogue import queries, reading
from linli.cases.models import Proposal, Service, ServiceSwitch, ServiceVersion
from linli.cases.tests.catalogue_files import HOSTILE, SHIPPED, asking, expected, good
from linli.organisations.tests.factories import account, administrator, area

pytestmark = pytest.mark.django_db


@pytest.fixture
def shipped():
    return actions.publish_shipped()


@pytest.fixture
def keeper(client):
    by = administrator()
    client.force_login(by)
    return by


def run(*arguments):
    return CliRunner().invoke(commands.services, [str(a) for a in arguments])


def toml(**changes):
    """The noise service as a file with another deadline."""
    text = (reading.SHIPPED / "noise.toml").read_text("utf-8")
    for old, new in changes.items():
        text = text.replace(old, new)
    return text.encode()


class TestCommands:
    def test_what_ships_is_fine(self):
        result = run("check", "--json")
        assert result.exit_code == 0
        told = json.loads(result.stdout)
        assert told["ok"]
        assert len(told["files"]) == len(SHIPPED)

    @pytest.mark.parametrize("command", ["check", "publish"])
    def test_every_hostile_file_is_refused(self, command, tmp_path):
        for path in HOSTILE:
            (tmp_path / path.name).write_bytes(path.read_bytes())
        result = run(command, tmp_path, "--json")
        assert result.exit_code == 1
        told = json.loads(result.stdout)["files"]
        for path in HOSTILE:
            assert expected(path) <= {problem["code"] for problem in told[path.name]}, path.name
        assert not Service.objects.exists()

    def test_without_json_it_says_what_is_wrong(self, tmp_path):
        (tmp_path / "bad.toml").write_text("code = ")
        result = run("check", tmp_path)
        assert result.exit_code == 1
        assert "bad.toml" in result.stdout
        assert "not-toml" in result.stdout

    def test_publish_publishes_what_ships(self):
        result = run("publish", "--json")
        assert result.exit_code == 0
        assert {row["state"] for row in json.loads(result.stdout)["services"]} == {"published"}
        assert f"{len(SHIPPED)} unchanged" in run("publish").stdout

    def test_a_countys_folder_is_published_after_what_ships(self, tmp_path, settings):
        (tmp_path / "noise.toml").write_bytes(toml(**{"days = 3": "days = 4"}))
        settings.SERVICES_FOLDER = str(tmp_path)
        assert run("publish").exit_code == 0
        assert queries.current_version("noise").definition.within.amount == 4
        run("publish")
        assert ServiceVersion.objects.filter(service__code="noise").count() == 2

    def test_a_bad_county_file_is_said_and_linli_starts_all_the_same(
        self, tmp_path, settings, capsys
    ):
        (tmp_path / HOSTILE[0].name).write_bytes(HOSTILE[0].read_bytes())
        settings.SERVICES_FOLDER = str(tmp_path)
        commands.publish_at_start()
        assert HOSTILE[0].name in capsys.readouterr().out
        assert queries.current_versions().count() == len(SHIPPED)

    def test_a_folder_that_is_not_there_is_said(self, tmp_path, settings, capsys):
        settings.SERVICES_FOLDER = str(tmp_path / "nowhere")
        commands.publish_at_start()
        assert "nowhere" in capsys.readouterr().out
        assert run("check").exit_code == 2

    def test_a_call_that_is_not_understood(self, tmp_path):
        assert run("check", tmp_path / "nowhere").exit_code == 2
        assert run("check", tmp_path).exit_code == 2
        account("clerk")
        assert run("publish", "--by", "clerk").exit_code == 2


class TestUpload:
    def send(self, client, *files):
        sent = [SimpleUploadedFile(name, data) for name, data in files]
        return client.post("/desk/services/upload/", {"files": sent}, HTTP_ACCEPT_LANGUAGE="en")

    def test_every_hostile_file_is_refused(self, client, keeper):
        for start in range(0, len(HOSTILE), 40):
            paths = HOSTILE[start : start + 40]
            answer = self.send(client, *((path.name, path.read_bytes()) for path in paths))
            assert answer.status_code == 400
            told = answer.context["problems"]
            for path in paths:
                assert expected(path) <= {p.code for p in told[path.name]}, path.name
                assert path.name in answer.content.decode()
        assert not Service.objects.exists()

    def test_one_hostile_file_stops_the_good_ones(self, client, keeper, shipped):
        good_one = ("noise.toml", toml(**{"days = 3": "days = 4"}))
        answer = self.send(client, good_one, (HOSTILE[0].name, HOSTILE[0].read_bytes()))
        assert answer.status_code == 400
        assert list(answer.context["problems"]) == [HOSTILE[0].name]
        assert queries.current_version("noise").number == 1

    def test_a_good_file_is_published(self, client, keeper, shipped):
        answer = self.send(client, ("noise.toml", toml(**{"days = 3": "days = 4"})))
        assert answer.status_code == 302
        assert queries.current_version("noise").definition.within.amount == 4

    def test_a_large_file_is_refused_without_reading_it_all(self, client, keeper):
        assert b"too-big" in self.send(client, ("a.toml", b"#" * 2_000_000)).content

    def test_too_much_at_once_is_refused_unread(self, client, keeper):
        answer = self.send(client, *((f"{i}.toml", b"#" * 700_000) for i in range(10)))
        assert answer.status_code == 400
        assert "fewer files" in answer.content.decode()

    def test_without_the_token_nothing_is_published(self, keeper, shipped):
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(keeper)
        answer = self.send(strict, ("noise.toml", toml(**{"days = 3": "days = 4"})))
        assert answer.status_code == 403
        assert queries.current_version("noise").number == 1

    def test_nothing_chosen_is_said(self, client, keeper):
        assert client.post("/desk/services/upload/").status_code == 302

    def test_nobody_else_may(self, client, shipped):
        clerk = account("clerk")
        client.force_login(clerk)
        assert self.send(client, ("noise.toml", toml())).status_code == 404
        assert client.get("/desk/services/").status_code == 404


class TestPublicPages:
    @pytest.mark.parametrize(
        ("language", "words"),
        [
            ("zh-hans", ["路面坑洼破损", "5 个工作日内"]),
            ("bo", ["ལམ་ངོས་ཆག་སྐྱོན།", "draft-note"]),
            ("en", ["Pothole or broken road", "within 5 working days"]),
        ],
    )
    def test_the_catalogue(self, client, shipped, language, words):
        text = client.get("/services/", HTTP_ACCEPT_LANGUAGE=language).content.decode()
        assert all(word in text for word in words)
        assert ("draft-note" in text) == (language == "bo")

    def test_an_empty_catalogue_says_so(self, client):
        assert client.get("/services/").status_code == 200

    def test_a_proposal_is_on_the_public_page_with_its_day(self, client, shipped):
        actions.publish(
            {"a": good(questions=asking("哪里的机器？")["questions"])}, by=administrator()
        )
        text = client.get("/services/proposed/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "noise" in text
        assert "second person" in text
        assert "/services/proposed/" in client.get("/services/").content.decode()
        assert "哪里的机器" not in client.get("/services/").content.decode()

    def test_nothing_proposed(self, client):
        assert client.get("/services/proposed/").status_code == 200


class TestDesk:
    @pytest.fixture(autouse=True)
    def places(self, keeper, shipped):
        area("pf/c1")

    def test_it_switches_a_service_here_and_below(self, client):
        answer = client.post(
            "/desk/services/switch/", {"area": "c1", "service": "noise", "enabled": "0"}
        )
        assert answer["Location"] == "/desk/services/?area=c1"
        assert ServiceSwitch.objects.get().enabled is False
        page = client.get(answer["Location"], HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert page.count("switched off") == 1

    @pytest.mark.parametrize("wrong", [{"area": "c9"}, {"service": "none"}, {"area": "\0"}])
    def test_unknown_things_are_missing(self, client, wrong):
        sent = {"area": "c1", "service": "noise", "enabled": "0", **wrong}
        assert client.post("/desk/services/switch/", sent).status_code == 404

    def test_a_second_person_agrees_and_the_first_cannot(self, client, keeper):
        raw = good(questions=asking("哪里的机器？")["questions"])
        actions.publish({"a": raw}, by=keeper)
        row = Proposal.objects.get()
        client.post(f"/desk/services/proposals/{row.pk}/second/")
        row.refresh_from_db()
        assert row.seconded_by is None
        client.force_login(account("second", is_administrator=True))
        assert b"second/" in client.get("/desk/services/").content
        client.post(f"/desk/services/proposals/{row.pk}/second/")
        row.refresh_from_db()
        assert row.seconded_by.username == "second"
        client.post(f"/desk/services/proposals/{row.pk}/withdraw/")
        row.refresh_from_db()
        assert row.withdrawn_at <= timezone.now()

    def test_the_draft_mark_is_cleared(self, client):
        client.post("/desk/services/drafts/bo/clear/")
        assert queries.drafts() == []
        text = client.get("/services/", HTTP_ACCEPT_LANGUAGE="bo").content.decode()
        assert "draft-note" not in text

    def test_signed_out_it_asks_to_sign_in(self, client):
        client.logout()
        assert client.get("/desk/services/").status_code == 302

    def test_reading_pages_take_no_post(self, client):
        assert client.post("/services/").status_code == 405
