"""Stories performed through the actions, at their own times: what the bulk path must agree with."""

import datetime as dt
import heapq

from linli.areas.models import Area
from linli.cases import actions, follow
from linli.cases.actions import Sent, report
from linli.cases.actions.closing import Said
from linli.cases.models import (
    Authority,
    Case,
    DeclineReason,
    Offer,
    PauseReason,
    Refusal,
    ServiceVersion,
)
from linli.cases.routing import Where
from linli.kernel.events import parse
from linli.kernel.models import Account, Entry
from linli.kernel.reactions import REACTIONS
from linli.organisations.models import Organisation, Post
from linli.web.demo.clock import standing_at
from linli.web.demo.steps import Contest


def at_of(seconds):
    return dt.datetime.fromtimestamp(seconds, dt.UTC)


class Performer:
    """Performs stories in one order of time, and then what the erasing job would do."""

    def __init__(self, now):
        self.now = now
        self.cases, self.photos = {}, {}
        self.heard = Entry.objects.order_by("-pk").values_list("pk", flat=True).first()

    def perform(self, stories):
        scenes = [(s.received, i, -1, s) for i, s in enumerate(stories)]
        scenes += [
            (step.at, i, n, s) for i, s in enumerate(stories) for n, step in enumerate(s.steps)
        ]
        heapq.heapify(scenes)
        while scenes:
            at, _, n, story = heapq.heappop(scenes)
            with standing_at(at_of(at)):
                if n < 0:
                    self.cases[story.number] = self.open(story).pk
                else:
                    self.do(story, story.steps[n])
                self.react()
        self.erase()

    def react(self):
        """What the worker would do at once: answer what was recorded, with messages."""
        for entry in Entry.objects.filter(pk__gt=self.heard).order_by("pk"):
            for reaction in REACTIONS.values():
                if reaction.name.startswith("cases.") and entry.event in reaction.events:
                    reaction.answer(parse(bytes(entry.body)), entry)
            self.heard = entry.pk

    def erase(self):
        while True:
            due = Case.objects.filter(pk__in=self.cases.values(), next_erasure_at__lte=self.now)
            case = due.order_by("next_erasure_at").first()
            if case is None:
                return
            with standing_at(case.next_erasure_at):
                actions.erase_parts(case, by=None)

    def open(self, story):
        area = Area.objects.get(pk=story.asked_area.pk) if story.asked_area else None
        sent = Sent(
            version=ServiceVersion.objects.get(pk=story.terms.version),
            text=story.text,
            where=Where(story.lon, story.lat, story.place, area, story.words),
            answers=story.answers,
            photos=story.photos,
            contact=("phone", story.contact) if story.contact else None,
            language=story.language,
            channel=story.channel,
            captured_at=at_of(story.captured),
            office=Organisation.objects.get(pk=story.office) if story.office else None,
        )
        by = Account.objects.get(pk=story.by) if story.by else None
        case = report(sent, by=by).case
        self.photos[case.pk] = list(case.photos.order_by("pk"))
        return case

    def do(self, story, step):
        case = Case.objects.get(pk=self.cases[story.number])
        by = Account.objects.get(pk=step.by) if step.by else None
        getattr(self, step.verb.value)(case, step.what, by)

    def triage(self, case, what, by):
        publish, text = what
        actions.triage(case, by=by, public_text=text, publish=publish)

    def accuse(self, case, what, by):
        actions.mark_accusing(case, authority=Authority(what), by=by)

    def agree(self, case, what, by):
        actions.agree(case, by=by)

    def lapse(self, case, what, by):
        actions.erase_parts(case, by=None)

    def clear(self, case, what, by):
        actions.clear_photo(self.photos[case.pk][what], by=by)

    def remove(self, case, what, by):
        actions.remove_photo(self.photos[case.pk][what], by=by)

    def correct(self, case, what, by):
        to = ServiceVersion.objects.get(pk=what.terms.version)
        actions.change_service(case, to=to, by=by)

    def note(self, case, what, by):
        actions.add_note(case, words=what, by=by)

    def update(self, case, what, by):
        actions.add_update(case, words=what, by=by)

    def offer(self, case, what, by):
        taker, words = what
        actions.offer(case, to=Post.objects.get(pk=taker), words=words, by=by)

    def accept(self, case, what, by):
        actions.accept(Offer.objects.get(case=case, state="open"), by=by)

    def refuse(self, case, what, by):
        actions.refuse(Offer.objects.get(case=case, state="open"), reason=Refusal(what), by=by)

    def support(self, case, what, by):
        helper, task = what
        actions.support(case, to=Post.objects.get(pk=helper), task=task, by=by)

    def helped(self, case, what, by):
        actions.finish_support(case.supports.get(done_at=None), by=by)

    def pause(self, case, what, by):
        reason, words, until = what
        actions.pause(case, reason=PauseReason(reason), words=words, until=at_of(until), by=by)

    def resume(self, case, what, by):
        actions.resume(case, by=by)

    def decline(self, case, what, by):
        reason, words = what
        actions.decline(case, reason=DeclineReason(reason), words=words, by=by)

    def resolve(self, case, what, by):
        actions.resolve(case, words=what.words, photo=what.photo, by=by)

    def confirm(self, case, what, by):
        token = "" if by else follow.token(case.key)
        said = Said(what.words, what.satisfaction, what.theirs)
        actions.confirm(case, said=said, token=token, by=by)

    def contest(self, case, what: Contest, by):
        token = "" if by else follow.token(case.key)
        said = Said(what.said.words, what.said.satisfaction, what.said.theirs)
        actions.contest(case, said=said, token=token, by=by)

    def close(self, case, what, by):
        actions.close_unanswered(case, by=None)

    def climb(self, case, what, by):
        assert actions.climb(case, by=None) is not None

    def top(self, case, what, by):
        assert actions.climb(case, by=None) is None

    def merge(self, case, what, by):
        actions.merge(case, into=Case.objects.get(pk=self.cases[what.number]), by=by)
