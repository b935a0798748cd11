"""A small place and its named people, for tests of cases. Everybody here is invented.

    prefecture P: counties A (west) and B (east); A holds townships A1 (south) and A2 (north)

| who      | post         | what                                            |
|----------|--------------|-------------------------------------------------|
| drolma   | centre-a1    | operator of the township's service centre       |
| kunga    | centre-a1    | the other operator there                        |
| lina     | centre-a     | operator of the county's service centre         |
| pema     | centre-p     | operator of the prefecture's service centre     |
| tashi    | roads-a1     | roads of the township (norbu is deputy)         |
| wangli   | roads-a      | roads of the county                             |
| sonam    | roads-p      | roads of the prefecture                         |
| zhaomin  | water-a      | water supply of the county                      |
| dekyi    | civil-a      | civil affairs of the county, may open contacts  |
| yangjin  | inspection-p | inspection, outside every chain                 |
| tenzin   | none         | a colleague without a post                      |
| admin    | none         | administrator                                   |
"""

import datetime as dt
import itertools

from django.utils import timezone

from linli.areas.tests.factories import area, point, small_prefecture
from linli.cases import actions
from linli.cases.catalogue import reading
from linli.cases.models import Case, Service, ServiceVersion
from linli.cases.routing import Where
from linli.kernel import calendars
from linli.kernel.models import Account
from linli.organisations import actions as organisations
from linli.organisations.models import Answering, Duty, Holding, Organisation, Post

LONG_AGO = dt.datetime(2021, 1, 1, tzinfo=dt.UTC)
IN_A1 = point(2, 2)
IN_A2 = point(2, 7)
IN_B = point(7, 7)
OUTSIDE = point(40, 40)

NAMES = {
    "drolma": ("卓玛", "སྒྲོལ་མ།", "Drolma"),
    "kunga": ("贡嘎", "ཀུན་དགའ།", "Kunga"),
    "lina": ("李娜", "ལི་ན།", "Li Na"),
    "pema": ("白玛", "པདྨ།", "Pema"),
    "tashi": ("扎西", "བཀྲ་ཤིས།", "Tashi"),
    "norbu": ("诺布", "ནོར་བུ།", "Norbu"),
    "wangli": ("王力", "ཝང་ལི།", "Wang Li"),
    "sonam": ("索南", "བསོད་ནམས།", "Sonam"),
    "zhaomin": ("赵敏", "ཀྲའོ་མིན།", "Zhao Min"),
    "dekyi": ("德吉", "བདེ་སྐྱིད།", "Dekyi"),
    "yangjin": ("央金", "དབྱངས་ཅན།", "Yangjin"),
    "tenzin": ("丹增", "བསྟན་འཛིན།", "Tenzin"),
    "admin": ("管理员", "དོ་དམ་པ།", "Administrator"),
}
# post → organisation, kind, duty, area, holders (the second one is deputy where it says so)
POSTS = {
    "centre-a1": ("township-a1", "service-centre", "service-centre", "A1", ("drolma", "kunga")),
    "centre-a": ("county-a", "service-centre", "service-centre", "A", ("lina",)),
    "centre-p": ("prefecture-p", "service-centre", "service-centre", "P", ("pema",)),
    "roads-a1": ("roads-a1", "handler", "roads", "A1", ("tashi", "norbu")),
    "roads-a": ("roads-a", "handler", "roads", "A", ("wangli",)),
    "roads-p": ("roads-p", "handler", "roads", "P", ("sonam",)),
    "water-a": ("water-a", "handler", "water", "A", ("zhaomin",)),
    "civil-a": ("civil-a", "handler", "civil-affairs", "A", ("dekyi",)),
    "inspection-p": ("inspection-p", "handler", "inspection", "P", ("yangjin",)),
}
# organisation → kind, the one above it
OFFICES = {
    "prefecture-p": ("government", None),
    "inspection-p": ("inspection", None),
    "county-a": ("government", "prefecture-p"),
    "township-a1": ("government", "county-a"),
    "roads-p": ("department", "prefecture-p"),
    "roads-a": ("department", "roads-p"),
    "roads-a1": ("department", "roads-a"),
    "water-a": ("department", "county-a"),
    "civil-a": ("department", "county-a"),
}
DEPUTIES = {"norbu"}


def a_small_place():
    """Areas, offices, posts, people, calendars and duties of the table above."""
    small_prefecture()
    calendars.install()
    organisations.load_duties(by=None)
    for code, (kind, above) in OFFICES.items():
        parent = Organisation.objects.get(code=above) if above else None
        names = {"zh": f"{code}办公室", "bo": f"{code} ལས་ཁུངས།", "en": f"Office {code}"}
        Organisation.objects.create(code=code, names=names, kind=kind, parent=parent)
    for code, (office, kind, duty, where, holders) in POSTS.items():
        a_post(code, office, kind, duty, where, *holders)


def a_post(code, office, kind, duty, where, *holders):
    """A post that answers for a duty in an area, with its holders."""
    names = {"zh": f"{code}岗", "bo": f"{code} འགན་འཛིན།", "en": f"Post {code}"}
    row = Post.objects.create(
        code=code, names=names, kind=kind, organisation=Organisation.objects.get(code=office)
    )
    for name in holders:
        Holding.objects.create(
            post=row, account=person(name), deputy=name in DEPUTIES, since=LONG_AGO
        )
    answers = {"post": row, "duty": Duty.objects.get(code=duty), "area": area(where)}
    Answering.objects.create(**answers, since=LONG_AGO)
    return row


def person(name):
    """Somebody of the cast, made when first asked for."""
    zh, bo, en = NAMES[name]
    return Account.objects.get_or_create(
        username=name,
        defaults={
            "names": {"zh": zh, "bo": bo, "en": en},
            "is_administrator": name == "admin",
        },
    )[0]


def post(code):
    """A post of the table above."""
    return Post.objects.select_related("organisation").get(code=code)


def service(code="pothole", **changes):
    """A service that ships, published long ago; with `changes`, a further version of it."""
    raw = reading.parse((reading.SHIPPED / f"{code}.toml").read_bytes()) | changes
    row, _new = Service.objects.get_or_create(code=code)
    digest = bytes.fromhex(reading.digest(raw))
    found = next((v for v in row.versions.all() if bytes(v.digest) == digest), None)
    return found or ServiceVersion.objects.create(
        service=row,
        number=row.versions.count() + 1,
        body=raw,
        digest=digest,
        published_at=LONG_AGO,
        usable_from=LONG_AGO,
    )


TEXTS = itertools.cycle(
    ["桥头路面有个大坑，摩托车差点翻了。", "ལམ་ཐོག་ས་དོང་ཆེན་པོ་ཞིག་འདུག", "A large hole in the road."]
)


def sent(code="pothole", *, at=IN_A1, where=None, version=None, **fields):
    """What a resident sends; a pothole in township A1 unless told otherwise."""
    text = "" if code == "help-for-another" else next(TEXTS)
    values = {"text": text, "where": where or Where(*at), **fields}
    return actions.Sent(version or service(code), **values)


def a_case(code="pothole", *, by=None, **fields):
    """A case that was just received."""
    return actions.report(sent(code, **fields), by=by).case


def a_receipt(code="pothole", **fields):
    """A receipt, for tests that follow a case by its link."""
    return actions.report(sent(code, **fields), by=None)


def help_for(contact=("phone", "0971-5550123"), **fields):
    """Help asked for somebody else: only an area, and a way to call back."""
    return a_receipt("help-for-another", where=Where(area=area("A1")), contact=contact, **fields)


def resolved(case=None, by="tashi", **fields):
    """A case that its owner said is done."""
    return actions.resolve(case or a_case(**fields), words="坑已填平。", by=person(by))


def fresh(case):
    """The case as it stands now."""
    return Case.objects.get(pk=case.pk)


def later(monkeypatch, **span):
    """Let the clock of the actions stand later by this much, from now on."""
    now = timezone.now() + dt.timedelta(**span)
    monkeypatch.setattr(timezone, "now", lambda: now)
    return now
