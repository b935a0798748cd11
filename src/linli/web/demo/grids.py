"""Service grids of the demonstration: last year's plan, a proposal under comment, a draft."""

import datetime as dt

import numpy as np
from django.utils import timezone

from linli.areas.models import Area, Level
from linli.areas.rows import Names
from linli.engines.prefecture import Prefecture
from linli.kernel.models import Account
from linli.territory import running
from linli.territory.actions import bindings, comments
from linli.territory.actions.gazetteer import import_settlements
from linli.territory.actions.plans import begin, take_stock
from linli.territory.actions.publishing import publish
from linli.territory.actions.runs import ask
from linli.territory.labels import unpacked
from linli.territory.models import BindingKind, Gazetteer, Plan
from linli.territory.preparing import prepared
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
# What is fixed before anything is calculated, and why: a line for each language.
STAYS = (
    "卫生室、小学和网格站都在这里，居民已经熟悉，这个网格不变。\n"
    "སྨན་ཁང་དང་སློབ་ཆུང་། དྲ་མིག་ས་ཚིགས་བཅས་འདི་ན་ཡོད་ཅིང་མི་མང་གིས་ལམ་ཤེས་པས་དྲ་མིག་འདི་མི་འགྱུར།\n"
    "Clinic, school and grid office are here, and people know the way: this grid stays as it is."
)
APART = (
    "冬天两处之间的垭口封路，一名网格员走不到两边。\n"
    "དགུན་ཁར་འདི་གཉིས་བར་གྱི་ལ་ཁ་འགག་པས་དྲ་མིག་ལས་བྱེད་གཅིག་གིས་ཕྱོགས་གཉིས་ལ་སླེབས་མི་ཐུབ།\n"
    "The pass between the two is closed in winter; one grid worker cannot reach both sides."
)
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
        SettlementRow(
            area.code, *area.seat, area.households, float(area.households), height=area.height
        )
        for area in prefecture.level("group")
    ]


def open_studio(rows: list[SettlementRow], *, seed: int) -> None:
    """Take stock of the grids of today, calculate and publish a proposal, and begin a draft."""
    planner = Account.objects.get(username=PLANNER)
    whole = Area.objects.current().get(parent=None)
    gazetteer = import_settlements(whole, rows, by=planner)
    today = take_stock(whole, gazetteer, titles=IN_FORCE, by=planner)
    proposal = _begun(PROPOSAL, gazetteer, today, seed, planner)
    _fix(proposal, planner)
    running.direct(ask(proposal, here=True, by=planner))
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
        like=today,
        seed=seed,
        by=by,
    )


def _fix(plan: Plan, planner: Account) -> None:
    """A grid that stays, where the rest can still be shared evenly; and two settlements that share
    none: those farthest from each other in the village of most grids beside."""
    ready, labels = prepared(plan), unpacked(plan.labels)
    here, line, parts = ready.here, ready.line, ready.parts
    mean = np.bincount(line, here.workload) / parts
    of_grid = dict(zip(labels.tolist(), line.tolist(), strict=True))
    off = {
        grid.number: abs(grid.load / mean[of_grid[grid.number]] - 1)
        for grid in plan.grids.all()
        if parts[of_grid[grid.number]] > 1
    }
    lock = min(off, key=lambda number: (off[number], number))
    beside = np.where(np.arange(len(parts)) == of_grid[lock], 0, parts)
    if off[lock] <= ready.weights.band:  # not in every demonstration of a few villages
        bindings.fix(plan, BindingKind.LOCK, grid=lock, reason=STAYS, by=planner)
    at = np.flatnonzero(line == beside.argmax())
    far = ((here.km[at, None] - here.km[None, at]) ** 2).sum(axis=2)
    pair = at[list(np.unravel_index(far.argmax(), far.shape))].tolist()
    bindings.fix(plan, BindingKind.APART, positions=pair, reason=APART, by=planner)


def _say(plan: Plan, planner: Account) -> None:
    """Somebody says something about grids that change; the planner reads it, and answers once."""
    changed = plan.grids.order_by("-joining", "code")
    for grid, (text, language, released, answer) in zip(changed[: len(SAID)], SAID, strict=False):
        said = comments.comment(plan, text=text, grid=grid.code, language=language)
        said = comments.read(said, release=True, public_text=released, by=planner)
        if answer:
            comments.answer(said, text=answer, by=planner)
