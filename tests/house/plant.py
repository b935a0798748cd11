"""Plants a word of its own in every personal column; prints where each may appear, as JSON.

Run beside a served prefecture, with its environment. It writes as everybody does: by the actions.
A canary is a word that nothing else holds. `readers` are the sample accounts that may meet it, on
pages whose address begins with one of `pages`; `links` are the secret links on which it may stand.
"""

import datetime as dt
import io
import json
from dataclasses import asdict, dataclass, field

import django

django.setup()

from django.utils import timezone  # noqa: E402
from PIL import Image  # noqa: E402

from linli.areas.models import Area, Boundary  # noqa: E402
from linli.cases import actions  # noqa: E402
from linli.cases.catalogue.queries import current_version  # noqa: E402
from linli.cases.models import Case, PauseReason, Refusal  # noqa: E402
from linli.cases.photos import prepare  # noqa: E402
from linli.cases.routing import Where  # noqa: E402
from linli.kernel import accounts, register  # noqa: E402
from linli.kernel.models import Account, Sealed  # noqa: E402
from linli.opendata.models import LogLeaf  # noqa: E402
from linli.organisations import actions as organisations  # noqa: E402
from linli.organisations import queries  # noqa: E402
from linli.organisations.models import Organisation, Post  # noqa: E402
from linli.territory.actions import comments, publishing  # noqa: E402
from linli.territory.exports import fonts  # noqa: E402
from linli.territory.models import Grid, Plan  # noqa: E402
from linli.territory.tests.factories import bare_plan  # noqa: E402

# Personal columns in which no word of anybody can be planted, and why that is enough.
NOT_PLANTED = {
    "kernel.Account.language": "one of three codes",
    "kernel.Account.password": "a salted hash; the password itself is looked for instead",
    "kernel.UsedCode.digest": "a keyed digest of six digits, gone within minutes",
    "mfa.Authenticator.data": "locked; the secret itself is looked for instead",
    "outgoing.Outgoing.codes": "codes and times only; the action refuses words",
    "outgoing.Outgoing.language": "one of three codes",
    "sessions.Session.session_data": "the number of an account; nobody can write into it",
}
# Planted by the test, which signs in with a name that nobody has.
GUESSED = "kernel.SignInLock.name"


@dataclass
class Canary:
    """A word, where it was put, and where it may be met."""

    column: str
    word: str
    readers: list[str] = field(default_factory=list)
    pages: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    public: bool = False
    plain: bool = False  # stands in the database as it is


planted: list[Canary] = []


def word(column: str, of: str, **where: object) -> str:
    """A new word for a column."""
    name = f"zwq{of}{len(planted):02d}"
    planted.append(Canary(column, name, **where))  # type: ignore[arg-type]
    return name


def who(name: str) -> Account:
    """A sample account."""
    return Account.objects.get(username=name)


def post(name: str, kind: str) -> Post:
    """The post of a sample account whose code begins like this."""
    return queries.posts_of(who(name)).filter(code__startswith=kind).order_by("-code").first()


def picture(shade: int, name: str) -> bytes:
    """A photo with a word in its EXIF, its comment and nowhere in what can be seen."""
    image = Image.effect_noise((320, 240), 60 + shade)
    exif = Image.Exif()
    exif[0x010E] = exif[0x9286] = name  # description, user comment
    file = io.BytesIO()
    image.save(file, "JPEG", exif=exif, comment=name.encode())
    return file.getvalue()


class Planted:
    """One case of the demonstration with its words."""

    def __init__(self, name: str, service: str, area: Area, readers: list[str], **sent: object):
        self.name, self.readers = name, readers
        text = word("cases.Case.text_locked", name, readers=readers)
        first = len(planted) - 1
        where = word("cases.Case.where_locked", name, readers=readers)
        photo = prepare(picture(len(name), word("cases.Photo.address", f"{name}exif")))
        phone = f"0097133{len(planted):02d}{len(name):03d}"
        planted.append(Canary("kernel.Contact.sealed", phone))
        self.photo = photo.jpeg
        receipt = actions.report(
            actions.Sent(
                current_version(service), text, Where(area=area, words=where), photos=[photo],
                contact=("phone", phone), **{"answers": {}, **sent},
            ),
            by=None,
        )  # fmt: skip
        self.pk, self.number, self.token = receipt.case.pk, receipt.number, receipt.token
        self.pages = [f"/desk/cases/{self.number}/"]
        for canary in planted[first : first + 2]:
            canary.pages, canary.links = self.pages, [self.token]

    @property
    def case(self) -> Case:
        return Case.objects.select_related("key", "version__service", "owner").get(pk=self.pk)

    def word(self, column: str, readers: list[str] | None = None, *, link: bool = True) -> str:
        """A word in a row of this case."""
        links = [self.token] if link else []
        seen = self.readers if readers is None else readers
        return word(f"cases.{column}", self.name, readers=seen, pages=self.pages, links=links)


def long_story(area: Area) -> Planted:
    """Triaged and published; noted, offered, refused, helped, paused, contested, closed."""
    staff = ["operator", "clerk", "roads", "water"]
    planted_case = Planted("road", "pothole", area, staff, answers={"passable": "yes"})
    case = planted_case.case
    operator, roads, water = who("operator"), who("roads"), who("water")
    public = word("cases.Case.public_text", "public", public=True, plain=True)
    actions.triage(case, by=operator, public_text=public, publish=True)
    for photo in planted_case.case.photos.all():
        actions.clear_photo(photo, by=operator)
    actions.add_note(planted_case.case, words=planted_case.word("Note.words_locked"), by=operator)
    actions.add_update(case, words=planted_case.word("Update.words_locked"), by=operator)
    words = planted_case.word("Addition.words_locked")
    actions.add_to_report(case, token=planted_case.token, words=words)
    offered = actions.offer(
        planted_case.case, to=post("water", "water-"), by=roads,
        words=planted_case.word("Offer.words_locked", link=False),
    )  # fmt: skip
    refused = planted_case.word("Offer.refusal_locked", link=False)
    actions.refuse(offered, reason=Refusal.OUTSIDE_REMIT, words=refused, by=water)
    actions.support(
        planted_case.case, to=post("water", "water-"), by=operator,
        task=planted_case.word("Support.task_locked", link=False),
    )  # fmt: skip
    words = planted_case.word("Pause.words_locked")
    until = timezone.now() + timezone.timedelta(days=3)
    actions.pause(
        planted_case.case, reason=list(PauseReason)[0], words=words, until=until, by=roads
    )
    actions.resume(planted_case.case, by=roads)
    result = planted_case.word("Update.words_locked")
    actions.resolve(planted_case.case, words=result, by=roads)
    # The unit that did the work never reads what was said of it, nor do those who helped; the
    # clerk's service centre belongs to the same township office as the road keeper's post.
    judges = ["operator"]
    said = actions.Said(words=planted_case.word("Answer.words_locked", judges))
    actions.contest(planted_case.case, said=said, token=planted_case.token)
    return planted_case


def commented(township: Area) -> tuple[Plan, list[int]]:
    """A published plan of one grid, with a comment that nobody has read and one that is withheld."""
    county, planner = township.parent, who("planner")
    draft = bare_plan(county, titles={"en": "Planted"})
    outline = Boundary.objects.get(area=township).wkb
    Grid.objects.create(plan=draft, code="planted", number=0, line=township.code, wkb=outline)
    until = timezone.localdate() + dt.timedelta(days=9)
    plan = publishing.publish(draft, until=until, by=planner)
    said = []
    for name in ("unread", "withheld"):
        text = word("territory.Comment.text_locked", name, readers=["planner"])
        phone = f"0097144{len(planted):02d}{len(name):03d}"
        planted[-1].pages = ["/desk/grids/"]
        planted.append(Canary("kernel.Contact.sealed", phone))
        said.append(
            comments.comment(plan, text=text, grid="planted" if said else "",
                             language="en", contact=("sms", phone))
        )  # fmt: skip
    comments.read(said[1], release=False, by=planner)
    fonts.folder()  # sheets for comment are set with them, and nobody waits for that
    return plan, [row.pk for row in said]


def plant() -> dict[str, object]:
    """Everything, and what the test needs to look for it."""
    roads = post("roads", "roads-")
    township = Area.objects.current().get(code=roads.code.removeprefix("roads-"))
    grid = Area.objects.current().filter(
        path__startswith=f"{township.path}/", level__code="grid"
    ).order_by("code").first()  # fmt: skip
    cases = [long_story(grid)]
    quiet = Planted("quiet", "pothole", grid, ["operator", "clerk", "roads"],
                    answers={"passable": "no"})  # fmt: skip
    own = Planted("own", "help-for-myself", grid, ["operator", "clerk"],
                  answers={"help": ["food"]})  # fmt: skip
    actions.triage(own.case, by=who("operator"))
    office = Organisation.objects.get(code=f"gov-{township.code}")
    answer = word("cases.Case.text_locked", "office", readers=["inspector"])
    about = Planted("complaint", "office-complaint", grid, ["inspector"], office=office,
                    answers={"office": answer, "matter": ["delay"]})  # fmt: skip
    for canary in planted:
        if canary.word == answer:
            canary.pages, canary.links = about.pages, [about.token]
    cases += [quiet, own, about, point(township)]
    plan, said = commented(township)
    name = word("kernel.Account.names", "name", readers=["administrator"], plain=True)
    username = word("kernel.Account.username", "user", readers=["administrator"], plain=True)
    planted[-1].pages = planted[-2].pages = ["/people/", "/desk/posts/"]
    admin = who("administrator")
    made = accounts.open_account(username, {"zh": name}, by=admin)
    organisations.appoint(made, to=post("grid", "grid-"), by=admin)
    planted[-2].readers = planted[-1].readers = ["administrator", "grid"]
    return {
        "canaries": [asdict(canary) for canary in planted],
        "not_planted": NOT_PLANTED,
        "plan": plan.pk,
        "draft": bare_plan(plan.area, titles={"en": "Planted draft"}).pk,
        "comments": said,
        "guessed": GUESSED,
        "centre": [township.centre_lon, township.centre_lat],
        "leaf": Sealed.objects.get(number=LogLeaf.objects.first().number).entry.leaf.hex(),
        "personal": [column.name for column in register.columns() if column.personal],
        "cases": [
            {"name": c.name, "number": c.number, "token": c.token,
             "area": c.case.area.code, "readers": c.readers,
             "photos": list(c.case.photos.values_list("pk", flat=True)),
             "pixels": c.photo[-400:-300].hex(), "public": c.name == "road"}
            for c in cases
        ],
    }  # fmt: skip


def point(township: Area) -> Planted:
    """A case with a point, whose last digits nothing else has."""
    found = Planted.__new__(Planted)
    lon, lat = round(township.centre_lon, 2) + 0.007193, round(township.centre_lat, 2) + 0.003917
    text = word("cases.Case.text_locked", "point", readers=["operator", "clerk", "roads"])
    receipt = actions.report(
        actions.Sent(current_version("pothole"), text, Where(round(lon, 6), round(lat, 6)),
                     answers={"passable": "yes"}),
        by=None,
    )  # fmt: skip
    found.name, found.readers, found.photo = "point", ["operator", "clerk", "roads"], b""
    found.pk, found.number, found.token = receipt.case.pk, receipt.number, receipt.token
    found.pages = [f"/desk/cases/{found.number}/"]
    planted[-1].pages, planted[-1].links = found.pages, [found.token]
    for column, value in (("cases.Case.lon", lon), ("cases.Case.lat", lat)):
        shown = f"{value:.6f}"[:-1]
        pages = [*found.pages, "/desk/board/"]
        planted.append(
            Canary(column, shown, found.readers, pages, [found.token], plain=True)
        )  # fmt: skip
    actions.triage(found.case, by=who("operator"), public_text="", publish=True)
    return found


if __name__ == "__main__":
    print(json.dumps(plant()))
