"""One sample account for each role. Only these get passwords; residents need no account."""

import base64
import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from linli.engines.prefecture import Prefecture
from linli.kernel.accounts import demo_code, make_sample_account
from linli.kernel.models import Account
from linli.organisations.actions import appoint
from linli.organisations.models import Post

ADMINISTRATOR = "administrator"


@dataclass(frozen=True)
class Sample:
    """A sample account: its names, what it shows, and the codes of the posts it holds."""

    username: str
    names: dict[str, str]
    role: str
    posts: tuple[str, ...] = ()
    kind: str = Account.Kind.STAFF
    language: str = "zh-hans"


def folder() -> Path:
    """Where the demonstration keeps what is not in the database."""
    return Path(settings.VAR) / "demo"


def samples(prefecture: Prefecture) -> list[Sample]:
    """The sample accounts: nearly all work in the first county and its first township."""
    county = prefecture.level("county")[0].code
    township = next(a.code for a in prefecture.level("township") if a.parent == county)
    grid = next(a.code for a in prefecture.level("grid") if a.code.startswith(township))
    group = prefecture.level("group")[0].code
    return [
        *_of_offices(county, township),
        *_above_them(prefecture.areas[0].code, county),
        *_on_the_ground(grid, group, prefecture.areas[0].code),
    ]


def _of_offices(county: str, township: str) -> list[Sample]:
    return [
        Sample(
            "operator",
            _names("接线员", "ཁ་པར་ལེན་མཁན།", "Operator"),
            "service centre of a county: triage, dispatch, the board",
            (f"service-centre-{county}",),
        ),
        Sample(
            "clerk",
            _names("乡镇文员", "ཤང་གི་ལས་བྱེད་པ།", "Clerk"),
            "service centre and social affairs of a township",
            (f"service-centre-{township}", f"people-{township}"),
        ),
        Sample(
            "roads",
            _names("公路养护员", "གཞུང་ལམ་བདག་གཉེར་པ།", "Road keeper"),
            "handler: roads of a county and of one township",
            (f"roads-{county}", f"roads-{township}"),
        ),
        Sample(
            "water",
            _names("供水员", "ཆུ་མཁོ་འདོན་པ།", "Water keeper"),
            "handler of another department: water and works; reads English",
            (f"water-{county}", f"works-{township}"),
            language="en",
        ),
    ]


def _above_them(top: str, county: str) -> list[Sample]:
    return [
        Sample(
            "verifier",
            _names("复核员", "ཞིབ་བཤེར་པ།", "Verifier"),
            "roads of the prefecture: checks contested cases of the counties",
            (f"roads-{top}",),
        ),
        Sample(
            "head",
            _names("办公室主任", "གཞུང་ལས་ཁང་གི་འགན་འཛིན།", "Head of office"),
            "head of a county's office: staffs its posts, and those of grids that begin soon",
            (f"head-{county}",),
        ),
        Sample(
            "inspector",
            _names("监督员", "ལྟ་སྐུལ་པ།", "Inspector"),
            "answers complaints about offices and posts",
            (f"inspection-{county}",),
        ),
    ]


def _on_the_ground(grid: str, group: str, top: str) -> list[Sample]:
    return [
        Sample(
            "grid",
            _names("网格员", "དྲ་མིག་ལས་བྱེད་པ།", "Grid worker"),
            "one grid of a township",
            (f"grid-{grid}",),
        ),
        Sample(
            "liaison",
            _names("联络户", "འབྲེལ་མཐུད་ཁྱིམ་ཚང་།", "Liaison"),
            "one neighbour group: enters cases for neighbours; reads Tibetan",
            (f"liaison-{group}",),
            Account.Kind.LIAISON,
            language="bo",
        ),
        Sample(
            "planner",
            _names("网格规划员", "དྲ་མིག་འཆར་འགོད་པ།", "Planner of grids"),
            "service grids of the prefecture: last year's plan, and a proposal",
            (f"planning-{top}",),
        ),
        Sample(
            "auditor",
            _names("审计员", "རྩིས་ཞིབ་པ།", "Auditor"),
            "holds no post: sees what the public sees",
        ),
    ]


def _names(zh: str, bo: str, en: str) -> dict[str, str]:
    return {"zh": zh, "bo": bo, "en": en}


def open_administrator() -> Account:
    """The administrator's account, with a fresh password in the demonstration's folder."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    password = "-".join(secrets.token_hex(2) for _ in range(3))
    _keep(password, [])
    names = _names("管理员", "དོ་དམ་པ།", "Administrator")
    return _open(Sample(ADMINISTRATOR, names, ""), password, administrator=True)


def open_samples(wanted: Sequence[Sample], *, by: Account) -> None:
    """Open the other sample accounts and appoint them, from now on, beside the holders."""
    password = str(_kept()["password"])
    posts = {post.code: post for post in Post.objects.all()}
    for sample in wanted:
        account = _open(sample, password)
        for code in sample.posts:
            if code in posts:
                appoint(account, to=posts[code], by=by)
    rows = [[ADMINISTRATOR, "accounts, organisations, areas, the catalogue; sees no case"]]
    _keep(password, rows + [[sample.username, sample.role] for sample in wanted])


def _open(sample: Sample, password: str, *, administrator: bool = False) -> Account:
    return make_sample_account(
        sample.username,
        sample.names,
        password=password,
        totp_secret=base64.b32encode(secrets.token_bytes(20)).decode(),
        kind=sample.kind,
        language=sample.language,
        is_administrator=administrator,
    )


def _keep(password: str, accounts: list[list[str]]) -> None:
    path = folder() / "accounts.json"
    path.touch(mode=0o600)
    path.write_text(json.dumps({"password": password, "accounts": accounts}), encoding="utf-8")


def _kept() -> dict[str, object]:
    found: dict[str, object] = json.loads((folder() / "accounts.json").read_text(encoding="utf-8"))
    return found


def accounts_text() -> str:
    """The sample accounts as lines to print: name, current code, what it shows."""
    kept = _kept()
    lines = [f"Sample accounts (password of all: {kept['password']})", ""]
    accounts = kept["accounts"]
    assert isinstance(accounts, list)
    for username, role in accounts:
        lines.append(f"  {username:<14} code {demo_code(username)}   {role}")
    lines += ["", "A code lives for half a minute: `linli code NAME` prints a fresh one."]
    return "\n".join(lines)
