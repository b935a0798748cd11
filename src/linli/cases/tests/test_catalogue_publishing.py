"""Publishing: immutable versions, two people and seven days, switches, draft marks."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.cases.actions import catalogue as actions
from linli.cases.catalogue import queries, reading
from linli.cases.models import Proposal, Service, ServiceVersion
from linli.cases.tests.catalogue_files import HOSTILE, SHIPPED, asking, good
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.models import Entry
from linli.organisations.models import Duty
from linli.organisations.tests.factories import account, administrator, area, duty

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)


@pytest.fixture
def first():
    return administrator()


@pytest.fixture
def other():
    return account("second", is_administrator=True)


@pytest.fixture
def shipped():
    return actions.publish_shipped()


def proposed(by, **changes):
    """A changed question of the noise service, proposed by somebody."""
    raw = good(questions=asking("哪里的机器？")["questions"], **changes)
    (outcome,) = actions.publish({"noise.toml": raw}, by=by)
    assert outcome.state == "waiting"
    return Proposal.objects.get(version__number=outcome.number, version__service__code="noise")


def events():
    return [entry.event for entry in Entry.objects.order_by("id")]


class TestInstallation:
    def test_what_ships_is_published_without_waiting(self, shipped):
        assert {outcome.state for outcome in shipped} == {"published"}
        assert queries.current_versions().count() == len(SHIPPED)
        assert Proposal.objects.count() == 0
        assert set(events()) == {"service-published"}

    def test_a_second_start_changes_nothing(self, shipped):
        assert {outcome.state for outcome in actions.publish_shipped()} == {"unchanged"}
        assert ServiceVersion.objects.count() == len(SHIPPED)

    def test_a_start_does_not_undo_what_the_county_published(self, shipped, first):
        raw = good(within={"days": 9})
        actions.publish({"noise.toml": raw}, by=first)
        actions.publish_shipped()
        assert queries.current_version("noise").number == 2

    def test_a_new_question_of_a_new_release_waits(self, shipped, monkeypatch):
        changed = reading.canonical(good(questions=asking("哪里的机器？")["questions"]))
        raw = reading.json.loads(changed)
        monkeypatch.setattr(reading, "files", lambda: {"noise.toml": raw})
        assert [outcome.state for outcome in actions.publish_shipped()] == ["waiting"]
        assert Proposal.objects.get().proposed_by is None

    def test_an_empty_catalogue_gives_the_county_no_short_cut(self):
        assert [o.state for o in actions.publish({"a.toml": good()}, by=None)] == ["waiting"]

    def test_what_nobody_put_a_name_to_needs_two_people(self, shipped, first, other):
        proposal = proposed(None)
        actions.second(proposal, by=first)
        proposal.refresh_from_db()
        assert (proposal.proposed_by, proposal.seconded_by) == (first, None)
        with pytest.raises(Conflict, match="same-person"):
            actions.second(proposal, by=first)
        assert actions.second(proposal, by=other).version.usable_from is not None

    def test_for_what_a_release_brought_one_is_the_second(self, shipped, first, monkeypatch):
        raw = good(questions=asking("哪里的机器？")["questions"])
        monkeypatch.setattr(reading, "files", lambda: {"noise.toml": raw})
        monkeypatch.setattr(reading, "parse", lambda source: source)
        actions.publish_shipped()
        assert actions.second(Proposal.objects.get(), by=first).seconded_by == first


class TestVersions:
    def test_the_digest_is_of_the_canonical_form(self, shipped):
        version = queries.current_version("pothole")
        assert bytes(version.digest).hex() == reading.digest(version.body)
        assert version.definition == reading.read(
            reading.parse((reading.SHIPPED / "pothole.toml").read_bytes())
        )

    def test_another_deadline_counts_at_once_and_the_old_version_stays(self, shipped, first):
        old = queries.current_version("noise")
        (outcome,) = actions.publish({"noise.toml": good(within={"days": 9})}, by=first)
        assert outcome == actions.Outcome("noise", 2, actions.State.PUBLISHED)
        assert queries.current_version("noise").definition.within.amount == 9
        old.refresh_from_db()
        assert old.definition.within.amount == 3

    def test_what_counted_earlier_can_still_be_asked(self, shipped, first):
        before = timezone.now()
        actions.publish({"noise.toml": good(within={"days": 9})}, by=first)
        assert queries.current_version("noise", before).number == 1
        assert {v.number for v in queries.current_versions(before)} == {1}

    def test_all_or_none(self, shipped, first):
        files = {"noise.toml": good(within={"days": 9}), "bad.toml": good(code="b", duty="order")}
        with pytest.raises(actions.Refused) as refused:
            actions.publish(files, by=first)
        assert list(refused.value.problems) == ["bad.toml"]
        assert queries.current_version("noise").number == 1

    def test_a_countys_own_duty_is_known(self, shipped, first):
        duty("roads")
        raw = good(duty="yak-roads")
        with pytest.raises(actions.Refused):
            actions.publish({"a.toml": raw}, by=first)
        Duty.objects.create(code="yak-roads", names={"zh": "牦牛道"})
        assert actions.publish({"a.toml": raw}, by=first)[0].state == "published"

    def test_two_files_for_one_service_conflict(self, first):
        with pytest.raises(Conflict):
            actions.publish({"a.toml": good(), "b.toml": good()}, by=first)

    @pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
    def test_no_hostile_file_is_published(self, path, first):
        with pytest.raises(actions.Refused):
            actions.publish({path.name: path.read_bytes()}, by=first)
        assert not Service.objects.exists()

    def test_only_administrators_publish(self, shipped):
        with pytest.raises(Forbidden):
            actions.publish({"noise.toml": good(within={"days": 9})}, by=account("clerk"))


class TestTwoPeopleAndSevenDays:
    def test_a_changed_question_waits(self, shipped, first):
        proposed(first)
        assert queries.current_version("noise").number == 1
        assert [p.version.service.code for p in queries.waiting()] == ["noise"]
        assert events()[-2:] == ["service-published", "question-proposed"]

    @pytest.mark.parametrize(
        "changes",
        [
            {"description": {"zh": "请说说机器的声音。", "bo": "སྒྲ་བཤད་རོགས།", "en": "Tell us."}},
            {"visibility": "private", "duplicates": None},
            {"retention": {"texts": 1000}},
        ],
    )
    def test_other_words_or_a_longer_memory_wait_too(self, shipped, first, changes):
        (outcome,) = actions.publish({"noise.toml": good(**changes)}, by=first)
        assert outcome.state == "waiting"

    def test_a_question_taken_away_need_not_wait(self, shipped, first):
        (outcome,) = actions.publish({"noise.toml": good(questions=None)}, by=first)
        assert outcome.state == "published"

    def test_the_proposer_cannot_second(self, shipped, first):
        with pytest.raises(Conflict) as refused:
            actions.second(proposed(first), by=first)
        assert refused.value.code == "same-person"

    def test_nor_could_the_database_be_told_so(self, shipped, first):
        row = proposed(first)
        row.seconded_by, row.seconded_at = first, timezone.now()
        with pytest.raises(IntegrityError), transaction.atomic():
            row.save()

    def test_seconded_at_once_it_waits_for_its_seven_days(self, shipped, first, other):
        row = actions.second(proposed(first), by=other)
        usable = row.public_from + 7 * DAY
        assert queries.current_version("noise", usable - dt.timedelta(seconds=1)).number == 1
        assert queries.current_version("noise", usable).number == 2
        assert queries.waiting().count() == 1
        assert events()[-1] == "question-seconded"

    def test_seconded_after_the_seven_days_it_counts_at_once(self, shipped, first, other):
        row = proposed(first)
        Proposal.objects.filter(pk=row.pk).update(public_from=timezone.now() - 8 * DAY)
        actions.second(row, by=other)
        assert queries.current_version("noise").number == 2
        assert queries.waiting().count() == 0

    def test_seven_days_alone_are_not_enough(self, shipped, first):
        row = proposed(first)
        Proposal.objects.filter(pk=row.pk).update(public_from=timezone.now() - 80 * DAY)
        assert queries.current_version("noise").number == 1

    def test_what_was_seconded_once_is_closed(self, shipped, first, other):
        row = actions.second(proposed(first), by=other)
        with pytest.raises(Conflict):
            actions.second(row, by=account("third", is_administrator=True))

    def test_withdrawn_it_never_counts(self, shipped, first, other):
        row = actions.second(proposed(first), by=other)
        actions.withdraw(row, by=first)
        assert queries.current_version("noise", timezone.now() + 30 * DAY).number == 1
        assert queries.waiting().count() == 0
        with pytest.raises(Conflict):
            actions.withdraw(row, by=first)

    def test_a_definition_is_judged_again_when_seconded(self, shipped, first, other):
        row = proposed(first)
        ServiceVersion.objects.filter(pk=row.version_id).update(body=asking("您的宗教"))
        with pytest.raises(actions.Refused):
            actions.second(row, by=other)

    def test_only_administrators_second_and_withdraw(self, shipped, first):
        row, clerk = proposed(first), account("clerk")
        for act in (actions.second, actions.withdraw):
            with pytest.raises(Forbidden):
                act(row, by=clerk)


class TestSwitches:
    @pytest.fixture
    def places(self, shipped):
        area("pf/c1/t1")
        area("pf/c2")

    def offered(self, code):
        from linli.areas.queries import by_code

        return "noise" in {v.service.code for v in queries.services_at(by_code(code))}

    def flip(self, code, enabled, by):
        from linli.areas.queries import by_code

        actions.switch(Service.objects.get(code="noise"), by_code(code), enabled=enabled, by=by)

    def test_everything_is_offered_at_first(self, places):
        assert all(self.offered(code) for code in ("pf", "c1", "t1", "c2"))

    def test_a_switch_holds_below_and_nowhere_else(self, places, first):
        self.flip("c1", False, first)
        assert [self.offered(c) for c in ("pf", "c1", "t1", "c2")] == [True, False, False, True]

    def test_the_nearest_switch_counts(self, places, first):
        self.flip("pf", False, first)
        self.flip("t1", True, first)
        assert [self.offered(c) for c in ("pf", "c1", "t1", "c2")] == [False, False, True, False]

    def test_it_can_be_switched_on_again_and_says_so_once(self, places, first):
        for enabled in (False, False, True):
            self.flip("c1", enabled, first)
        assert self.offered("t1")
        assert events().count("service-switched") == 2

    def test_only_administrators_switch(self, places):
        with pytest.raises(Forbidden):
            self.flip("c1", False, account("clerk"))


class TestDraftMarks:
    def test_tibetan_ships_as_a_draft(self, shipped):
        version = queries.current_version("pothole")
        assert queries.is_draft(version, "bo")
        assert not queries.is_draft(version, "zh-hans")
        assert queries.drafts() == ["bo"]

    def test_one_mark_clears_all_texts_up_to_now(self, shipped, first):
        actions.clear_draft("bo", by=first)
        assert queries.drafts() == []
        assert not queries.is_draft(queries.current_version("pothole"), "bo")
        assert events()[-1] == "draft-mark-cleared"

    def test_what_is_published_later_is_a_draft_again(self, shipped, first):
        actions.clear_draft("bo", by=first)
        actions.publish({"noise.toml": good(within={"days": 9})}, by=first)
        assert queries.is_draft(queries.current_version("noise"), "bo")
        assert not queries.is_draft(queries.current_version("pothole"), "bo")

    def test_other_languages_carry_no_mark(self, first):
        with pytest.raises(Invalid):
            actions.clear_draft("en", by=first)

    def test_only_administrators_clear_it(self, shipped):
        with pytest.raises(Forbidden):
            actions.clear_draft("bo", by=account("clerk"))


def test_every_question_of_every_service_is_in_the_privacy_register(shipped):
    lines = {line.name: line for line in queries.register_lines()}
    for version in queries.current_versions():
        for question in version.definition.questions:
            line = lines[f"{version.service.code}.{question.code}"]
            told = (line.purpose, line.readers, line.erasure) if line.personal else (line.why,)
            assert all(part.get(lang) for part in told for lang in reading.LANGUAGES)


def test_services_come_in_catalogue_order(shipped):
    offered = queries.services_at(area("pf/c1"))
    groups = [version.definition.group for version in offered]
    assert list(dict.fromkeys(groups)) == list(reading.words()["groups"])
    assert [v.service.code for v in offered][:2] == ["pothole", "blocked-culvert"]
