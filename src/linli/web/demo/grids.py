"""Service grids of the demonstration: last year's plan, a proposal under comment, a draft."""

import datetime as dt

from django.utils import timezone

from linli.areas.models import Area, Level
from linli.areas.rows import Names
from linli.engines.prefecture import Prefecture
from linli.kernel.models import Account
from linli.territory import running
from linli.territory.actions import comments
from linli.territory.actions.gazetteer import import_settlements
from linli.territory.actions.plans import begin, take_stock
from linli.territory.actions.publishing import publish
from linli.territory.actions.runs import ask
from linli.territory.models import Gazetteer, Plan
from linli.territory.rows import SettlementRow

PLANNER = "planner"
IN_FORCE = {"zh": "现行服务网格", "bo": "ད་ཡོད་ཞབས་ཞུའི་དྲ་མིག", "en": "Service grids of today"}
PROPOSAL = {
    "zh": "服务网格调整建议",
    "bo": "ཞབས་ཞུའི་དྲ་མིག་ལེགས་སྒྲིག་གི་གྲོས་འཆར།",
    "en": "Proposal for new service grids",
}
DRAFT = {
    "zh": "服务网格调整草案",
    "bo": "ཞབས་ཞུའི་དྲ་མིག་ལེགས་སྒྲིག་གི་ཟིན་བྲིས།",
    "en": "Another draft",
}
OPEN = dt.timedelta(days=21)  # for comments
# What somebody wrote, in which language, what everybody reads of it, and the answer.
SAID = (
    (
        "我们村的牧户夏天搬到夏季草场，离新网格的网格员更远了。能不能考虑夏天的情况？",
        "zh-hans",
        "夏天牧户搬到夏季草场，离新网格的网格员更远。能不能考虑夏天的情况？",
        "谢谢您的意见。夏季草场仍归原来的村，网格员夏天每月去一次。我们会在启用前再核对一次路程。",
    ),
    (
        "འདིའི་ཟམ་པ་ཆར་དུས་སུ་འགྲོ་མི་ཐུབ། གཙང་པོའི་ཕར་ཁ་དྲ་མིག་གཞན་ཞིག་ཏུ་འཇོག་རོགས།",
        "bo",
        "འདིའི་ཟམ་པ་ཆར་དུས་སུ་འགྲོ་མི་ཐུབ། གཙང་པོའི་ཕར་ཁ་དྲ་མིག་གཞན་ཞིག་ཏུ་འཇོག་རོགས།",
        "",
    ),
)


def settlements(prefecture: Prefecture) -> list[SettlementRow]:
    """Where each neighbour group has its seat, with its households; none has fewer than eleven."""
    return [
        SettlementRow(area.code, *area.seat, area.households, float(area.households))
        for area in prefecture.level("group")
    ]


def open_studio(rows: list[SettlementRow], *, seed: int) -> None:
    """Take stock of the grids of today, calculate and publish a proposal, and begin a draft."""
    planner = Account.objects.get(username=PLANNER)
    whole = Area.objects.current().get(parent=None)
    gazetteer = import_settlements(whole, rows, by=planner)
    today = take_stock(whole, gazetteer, titles=IN_FORCE, by=planner)
    proposal = _begun(PROPOSAL, gazetteer, today, seed, planner)
    running.direct(ask(proposal, by=planner))
    publish(proposal, until=timezone.localdate() + OPEN, by=planner)
    _say(Plan.objects.get(pk=proposal.pk), planner)
    _begun(DRAFT, gazetteer, today, seed, planner)


def _begun(titles: Names, gazetteer: Gazetteer, today: Plan, seed: int, by: Account) -> Plan:
    return begin(
        gazetteer.area,
        gazetteer,
        titles=titles,
        lines=Level.objects.get(code="village"),
        wanted={"grids": today.grids.count()},
        before=today,
        seed=seed,
        by=by,
    )


def _say(plan: Plan, planner: Account) -> None:
    """Somebody says something about grids that change; the planner reads it, and answers once."""
    changed = plan.grids.order_by("-joining", "code")
    for grid, (text, language, released, answer) in zip(changed[: len(SAID)], SAID, strict=False):
        said = comments.comment(plan, text=text, grid=grid.code, language=language)
        said = comments.read(said, release=True, public_text=released, by=planner)
        if answer:
            comments.answer(said, text=answer, by=planner)
