"""Makes what a demonstration lacks, so that every page has something to show; prints where it is.

Run beside a served prefecture, with its environment, by `tests/picturing.py`. It writes as everybody
does, by the actions; only what nobody can cause on purpose, a reaction that fails, is put in.
"""

import io
import json

import django

django.setup()

from django.urls import reverse  # noqa: E402
from PIL import Image  # noqa: E402

from linli.areas.models import Area, Level  # noqa: E402
from linli.cases import actions, follow, rules  # noqa: E402
from linli.cases.actions import catalogue  # noqa: E402
from linli.cases.catalogue import reading  # noqa: E402
from linli.cases.catalogue.queries import current_version  # noqa: E402
from linli.cases.models import Case, State  # noqa: E402
from linli.cases.photos import prepare  # noqa: E402
from linli.cases.routing import Where  # noqa: E402
from linli.kernel import accounts  # noqa: E402
from linli.kernel.contacts import Why  # noqa: E402
from linli.kernel.models import Account, Failure, Sealed  # noqa: E402
from linli.opendata.public import publishable  # noqa: E402
from linli.organisations.models import Organisation  # noqa: E402
from linli.organisations.queries import posts_of  # noqa: E402
from linli.territory import following  # noqa: E402
from linli.territory import rules as territory  # noqa: E402
from linli.territory.actions import bindings, comments, gazetteer, plans  # noqa: E402
from linli.territory.actions import following as followers  # noqa: E402
from linli.territory.models import BindingKind, CommentState, Plan, PlanState  # noqa: E402
from linli.territory.rows import SettlementRow  # noqa: E402
from linli.territory.weights import Weights  # noqa: E402

PASSWORD = "a long sentence for a newcomer"  # of an account that this demonstration alone knows
TEXT = "The bridge below the school has lost two boards. Horses cannot cross; children jump."
FORD = "In June nobody crosses the ford. We need the long way round, over the pass."
NOTE = "Boards ordered from the county store; the carpenter comes on Thursday."
QUESTION = """
[[questions]]
code = "blocked-since"
datatype = "singlevaluelist"
privacy = { personal = false, why = "thing" }
text = { zh = "堵了多久？", bo = "འགགས་ནས་ཡུན་རིང་ཙམ་འགོར།", en = "Since when is it blocked?" }
values = [
  { code = "today", name = { zh = "今天", bo = "དེ་རིང་།", en = "Today" } },
  { code = "longer", name = { zh = "更久", bo = "དེ་ལས་རིང་བ།", en = "Longer" } },
]
"""


def who(name: str) -> Account:
    """A sample account."""
    return Account.objects.get(username=name)


def photo(shade: int) -> bytes:
    """A picture of nothing."""
    file = io.BytesIO()
    Image.effect_noise((640, 480), 20 + shade).save(file, "JPEG")
    return file.getvalue()


def sent(service: str, area: Area, **more: object) -> actions.Receipt:
    """A report in English, with a contact."""
    contact = {"contact": ("sms", "0971-5550123"), "language": "en"}
    said = actions.Sent(current_version(service), TEXT, Where(area=area, words="By the ford"),
                        **{"answers": {}, **contact, **more})  # fmt: skip
    return actions.report(said, by=None)


def fresh(receipt: actions.Receipt) -> Case:
    """The case of a receipt as it is now."""
    return Case.objects.select_related("key", "version__service", "owner").get(pk=receipt.case.pk)


def worked_on(area: Area) -> actions.Receipt:
    """A case with photos, looked at, noted, published."""
    found = sent("pothole", area, answers={"passable": "no"}, photos=[prepare(photo(9))])
    case, operator = fresh(found), who("operator")
    actions.triage(case, by=operator, public_text="Two boards are gone.", publish=True)
    actions.look_at_contact(case, why=Why.CALL_BACK, by=operator)
    actions.add_note(fresh(found), words=NOTE, by=operator)
    actions.add_update(fresh(found), words="Somebody comes on Thursday.", by=operator)
    return found


def contested(area: Area) -> actions.Receipt:
    """A case that its reporter does not find solved: another post checks it."""
    found = sent("pothole", area, answers={"passable": "slowly"})
    actions.triage(fresh(found), by=who("operator"), public_text="", publish=False)
    actions.resolve(fresh(found), words="Mended with two new boards.", by=who("roads"))
    said = actions.Said(words="One board is loose again.")
    actions.contest(fresh(found), said=said, token=found.token)
    return found


def erased(area: Area) -> actions.Receipt:
    """A case whose reporter erased it."""
    found = sent("pothole", area, answers={"passable": "yes"})
    actions.erase_report(fresh(found), token=found.token)
    return found


def newcomer() -> dict[str, str]:
    """An account without a second factor, and the link of one without a password."""
    admin = who("administrator")
    names = {"zh": "新来的", "bo": "གསར་འཛུལ།", "en": "Newcomer"}
    first = accounts.open_account("newcomer", names, by=admin)
    accounts.set_password(first, PASSWORD, by=first)
    other = accounts.open_account("invited", names, by=admin)
    token = accounts.make_link(other, by=admin)
    return {"link": reverse("password_link", args=[other.pk, token]), "person": str(other.pk)}


def failed() -> None:
    """A reaction that was given up."""
    Failure.objects.create(reaction="cases.tell-received", sealed=Sealed.objects.latest("pk"),
                           tries=8, error="OperationalError")  # fmt: skip


def propose() -> None:
    """A question that waits for its second person."""
    text = (reading.SHIPPED / "blocked-culvert.toml").read_text("utf-8") + QUESTION
    catalogue.publish({"blocked-culvert.toml": text.encode()}, by=who("administrator"))


def grids() -> dict[str, object]:
    """A draft of service grids for a planner's area, with a lock; and a second one beside it."""
    by = who("planner")
    where = territory.planned_areas(by)[0]
    groups = Area.objects.current().within(where).filter(level__code="group")
    rows = [SettlementRow(g.code, g.centre_lon or 0, g.centre_lat or 0, 11 + n * 7 % 30, 11.0 + n % 9)
            for n, g in enumerate(groups)]  # fmt: skip
    settlements = gazetteer.import_settlements(where, rows, by=by)
    level = Level.objects.get(code="township")
    wanted = {"grids": Area.objects.current().within(where).filter(level__code="grid").count()}
    one, two = (
        plans.begin(where, settlements, titles={"zh": title}, lines=level, wanted=wanted, weights=Weights(),
                    by=by)
        for title in ("2026年的网格", "2027年网格方案")
    )  # fmt: skip
    grid = two.grids.order_by("-over").first()
    bindings.fix(two, BindingKind.LOCK, grid=grid.number, reason="学校和卫生室都在这里。", by=by)
    return {"draft": two.pk, "other": one.pk, "grid": grid.code}


def published() -> dict[str, object]:
    """The proposal of the demonstration: a grid that people said something about, and a comment."""
    plan = Plan.objects.filter(state=PlanState.PUBLISHED).earliest("pk")
    said = plan.comments.filter(state=CommentState.RELEASED).exclude(answer="").earliest("pk")
    line = plan.grids.get(code=said.grid).line
    comments.comment(plan, text=FORD, grid=said.grid, language="en",
                     contact=("sms", "0971-5550123"))  # fmt: skip
    force = Plan.objects.filter(state=PlanState.IN_FORCE).earliest("pk")
    told = followers.follow(plan, contact=("email", "ford@example.org"), language="en")
    return {"plan": plan.pk, "line": line, "said": said.grid, "comment": said.pk,
            "force": force.pk, "following": following.token_of(told)}  # fmt: skip


def look_up() -> dict[str, object]:
    """Cases of the demonstration itself."""
    county = posts_of(who("roads")).order_by("code").first()
    mine = rules.visible_to(who("operator"))
    answered = mine.filter(state=State.RESOLVED, public=True).select_related("key").first()
    running = mine.filter(public=True, photos=None).exclude(state=State.RESOLVED).first()
    one = publishable().filter(state=State.RESOLVED).first() or publishable().first()
    area = county.answerings.first().area
    return {
        "token": follow.token(answered.key), "case": running.number, "public": one.number,
        "area": area.code, "post": county.pk, "lon": area.centre_lon, "lat": area.centre_lat,
        "messages": reverse("messages:written"), "failures": reverse("failures:failures"),
        "password": PASSWORD,
    }  # fmt: skip


def scenes() -> dict[str, object]:
    """Everything, and where it is."""
    told = look_up()
    township = Area.objects.current().get(
        code=posts_of(who("clerk")).first().code.rpartition("-")[2]
    )
    below = Area.objects.current().filter(path__startswith=f"{township.path}/")
    grid = below.filter(level__code="grid").order_by("code").first()
    work, doubt, gone = worked_on(grid), contested(grid), erased(grid)
    office = Organisation.objects.get(code=f"gov-{township.code}")
    complaint = sent("office-complaint", grid, office=office,
                     answers={"office": "The counter", "matter": ["delay"]})  # fmt: skip
    failed()
    propose()
    return told | newcomer() | published() | grids() | {
        "work": work.number, "running": work.token, "contested": doubt.number,
        "erased": gone.token, "complaint": complaint.number,
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(scenes()))
