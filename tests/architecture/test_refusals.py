"""What Linli refuses, line by line of the design, as far as the rooms that exist reach.

A name ends with the number of its refusal. Here stand the checks of what is written; `HELD` names
the tests that hold each refusal by what the code does.
"""

import ast
import re
import tomllib
from types import SimpleNamespace

import pytest
from django.db import models as fields

from linli.engines.figures import SMALLEST
from linli.kernel.events import fields_of
from tests.architecture.house import REAL, ROOT, SOURCE, Source, a_model, breach, check

WORDS = fields.CharField(max_length=9)
PEOPLE = re.compile(
    r"resident|citizen|person|household|family|villager|tenant|migrant|visitor|suspect"
)
ABOUT_PEOPLE = re.compile(
    r"relig|faith|ethnic|nationalit|\brace|political|politic|party_member|biometr|fingerprint|iris"
    r"|face_|id_card|idcard|identity_number|passport|(^|_)kin(_|$)|kinship|spouse|parent_of"
    r"|relatives|hukou|gender|birth"
)
WATCHING = re.compile(
    r"check_?in|last_login|last_seen|online|ip_address|user_agent|track|trail|quota|ranking|points"
    r"|score_"
)
POSITION = re.compile(r"^(lon|lat|longitude|latitude|position|point)$")
WORSHIP = re.compile(r"temple|monaster|mosque|church|shrine|stupa|worship|寺|庙|清真|教堂|དགོན|ལྷ་ཁང")
CLOSING = "cases/actions/closing.py"
PUBLIC_DOOR = re.compile(r"^opendata/|/(api|open311|cap|openrosa)\.py$")


def one(room, name, **columns):
    """Models of which there is one, with these columns."""
    return lambda: [a_model(room, name, **columns)]


def columns_named(models, pattern):
    return [f"{m._meta.label}.{f.name}" for m in models for f in m._meta.local_fields
            if pattern.search(f.name.lower())]  # fmt: skip


# ------------------------------------------------------------------ 1 no dossiers


@check(breach("cases.Resident", models=one("cases", "Resident")),
       breach("areas.HouseholdCard", models=one("areas", "HouseholdCard")))  # fmt: skip
def no_table_of_people_1(models):
    return [m._meta.label for m in models if PEOPLE.search(m.__name__.lower())]


def _contact(**columns):
    plain = {"key": fields.IntegerField(), "channel": WORDS, "sealed": fields.BinaryField()}
    return one("kernel", "Contact", **(plain | columns))


@check(breach("digest", models=_contact(digest=fields.CharField(max_length=64))),
       breach("sealed is indexed", models=_contact(sealed=fields.CharField(max_length=9, db_index=True))),
       breach("channel is indexed", models=_contact(channel=fields.CharField(max_length=9, unique=True))),
       breach("no contact", models=[]))  # fmt: skip
def nothing_finds_a_contact_1(models):
    found = [m._meta for m in models if m.__name__ == "Contact"]
    wrong = [] if found else ["no contact"]
    for meta in found:
        names = {f.name for f in meta.local_fields}
        wrong += sorted(names - {"id", "key", "channel", "sealed"})
        wrong += [f"{f.name} is indexed" for f in meta.local_fields
                  if (f.unique or f.db_index) and f.name not in ("id", "key")]  # fmt: skip
        wrong += [str(index) for index in (*meta.indexes, *meta.constraints)]
    return wrong


@check(*(breach("cases/x.py", {"cases/x.py": text}) for text in (
    "hashlib.sha256(phone)", "hmac.new(key, contact)", "blake2b(sent.email)")))  # fmt: skip
def nothing_hashes_a_contact_1(source):
    hashed = re.compile(r"(sha\d+|blake2\w*|hmac)[\w.]*\([^)]*(phone|contact|email)")
    return [f.name for f in source.modules() if hashed.search(f.text)]


LOOKED_THROUGH = {"public_text", "public_words", "username", "names", "code"}
LOOKUP = re.compile(
    r"(\w+?|\{\w+\})__(?:\w+__|\{\w+\}__)?"
    r"i?(?:contains|startswith|endswith|regex|exact|search|trigram\w*)\b"
)


@check(*(breach("cases/queries/x.py", {"cases/queries/x.py": text}) for text in (
    "rows.filter(text_locked__icontains=q)", "rows.filter(contact__sealed__contains=q)",
    "rows.filter(note__search=q)", "rows.filter(where_words__istartswith=q)")))  # fmt: skip
def search_reads_released_text_and_names_of_posts_1(source):
    """Reference numbers are read whole; beyond them, only what stands in LOOKED_THROUGH."""
    return [f"{f.name}: {m.group(0)}" for f in source.modules() for m in LOOKUP.finditer(f.text)
            if m.group(1) not in LOOKED_THROUGH]  # fmt: skip


# ------------------------------------------------------------------ 2 no such field


@check(*(breach(f"cases.Sun.{name}", models=one("cases", "Sun", **{name: WORDS})) for name in (
    "religion", "ethnic_group", "political_view", "id_card", "next_of_kin_name", "kinship",
    "fingerprint", "birthday", "gender")))  # fmt: skip
def no_column_about_what_people_are_2(models):
    return columns_named(models, ABOUT_PEOPLE)


@check(*(breach(f"religion: {name}", {name: text}) for name, text in {
    "cases/forms/x.py": "class F(Form):\n    religion = CharField()",
    "cases/api.py": "class ReportIn(Schema):\n    religion: str = ''",
    "cases/events.py": "class Seen(Event):\n    religion: Code",
    "areas/imports/x.py": "@dataclass\nclass Row:\n    religion: str"}.items()),
    breach("id_card: cases/actions/x.py", {"cases/actions/x.py": "def report(*, id_card): ..."}))  # fmt: skip
def no_field_at_any_door_asks_what_people_are_2(source):
    """Forms, schemas, events, rows of imports, and what an action takes."""
    wrong = []
    for file in source.modules():
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ClassDef):
                names = [ast.unparse(t) for n in node.body
                         if isinstance(n, ast.Assign | ast.AnnAssign)
                         for t in getattr(n, "targets", None) or [n.target]]  # fmt: skip
            elif isinstance(node, ast.FunctionDef) and "/actions" in file.name:
                names = [a.arg for a in (*node.args.args, *node.args.kwonlyargs)]
            else:
                continue
            wrong += [f"{n}: {file.name}" for n in names if ABOUT_PEOPLE.search(n.lower())]
    return wrong


# ------------------------------------------------------------------ 3 no informing on people


def _services():
    folder = SOURCE / "cases" / "catalogue" / "services"
    return {p.stem: tomllib.loads(p.read_text(encoding="utf-8")) for p in folder.glob("*.toml")}


def _call_back(**changes):
    return lambda: {"x": _services()["help-for-another"] | changes}


REAL["services"] = _services


@check(breach("x is public", services=_call_back(visibility="public")),
       breach("x asks for a point", services=_call_back(where="point")),
       breach("x keeps texts", services=_call_back(retention={"texts": 30})),
       breach("x keeps texts", services=_call_back(retention={})),
       breach("x asks for words", services=_call_back(questions=[{"datatype": "text"}])),
       breach("no call-back", services={}))  # fmt: skip
def help_for_another_is_a_call_back_and_nothing_else_3(services):
    wrong = []
    found = {code: s for code, s in services.items() if s.get("about") == "call-back"}
    for code, raw in found.items():
        kept, asked = raw.get("retention", {}), raw.get("questions", [])
        wrong += [f"{code} is public"] if raw["visibility"] != "private" else []
        wrong += [f"{code} asks for a point"] if raw["where"] != "area" else []
        wrong += [f"{code} keeps {part}" for part in ("texts", "photos", "points")
                  if kept.get(part, 999) > 3]  # fmt: skip
        wrong += [f"{code} asks for words" for q in asked if q["datatype"] in ("text", "string")]
    return wrong if found else ["no call-back"]


@check(breach("cases/actions/x.py", {"cases/actions/x.py": "from linli.cases.catalogue import refused"}),
       breach("cases/forms/x.py", {"cases/forms/x.py": "import linli.cases.catalogue.refused as r"}),
       breach("web/x.py", {"web/x.py": "from linli.cases.catalogue.refused import reason"}))  # fmt: skip
def no_filter_judges_what_a_resident_writes_3(source):
    """The list of refused words judges services; nothing that takes a report in knows it."""
    knows = re.compile(r"catalogue\.refused|catalogue import [^\n]*\brefused\b")
    return [f.name for f in source.modules()
            if knows.search(f.text) and not f.name.startswith("cases/catalogue/")]  # fmt: skip


# ------------------------------------------------------------------ 4 no watching


@check(*(breach(f"kernel.Sun.{name}", models=one("kernel", "Sun", **{name: WORDS})) for name in (
    "last_login", "last_seen", "checkin_at", "track", "quota", "score_today", "ip_address")))  # fmt: skip
def no_column_watches_anybody_4(models):
    return columns_named(models, WATCHING)


@check(breach("Walked.lon", events=lambda: [_event("Walked", lon=int)]),
       breach("Walked.position", events=lambda: [_event("Walked", position=int)]))  # fmt: skip
def events_hold_no_position_4(events):
    return [f"{e.__name__}.{f}" for e in events for f in _fields(e) if POSITION.match(f)]


def _event(name, **held):
    return SimpleNamespace(__name__=name, held=held)


def _fields(event):
    return event.held if isinstance(event, SimpleNamespace) else fields_of(event)


BY_PERSON = re.compile(
    r"\.values(?:_list)?\([^)]*[\"'](?:\w+__)?(by|account|holder|entered_by|person|user|username)\b"
    r"[^)]*\)[\s\\]*\.annotate\(|Counter\([^)\n]*\.(by|account|holder|entered_by)(_id)?\b"
    r"|Count\([\"'](\w+__)?(by|account|holder|entered_by)[\"']"
)


@check(*(breach("cases/queries/x.py", {"cases/queries/x.py": text}) for text in (
    'rows.values("by").annotate(n=Count("pk"))', "rows.values_list('update__by').annotate(n=1)",
    "Counter(row.by_id for row in rows)", 'posts.annotate(n=Count("holder"))')))  # fmt: skip
def no_figure_by_person_4(source):
    return [f.name for f in source.modules() if BY_PERSON.search(f.text)]


# ------------------------------------------------------------------ 5 places of worship

REAL["kinds"] = lambda: {
    p.name: str(tomllib.loads(p.read_text(encoding="utf-8")))
    for p in SOURCE.glob("areas/**/*kind*.toml")
}


@check(breach("kinds.toml", kinds={"kinds.toml": '[temple]\nnames = {zh = "庙"}'}),
       breach("kinds.toml", kinds={"kinds.toml": '[x]\nnames = {bo = "ལྷ་ཁང།"}'}),
       breach("no kinds", kinds={}))  # fmt: skip
def no_kind_of_place_is_a_place_of_worship_5(kinds):
    return [n for n, text in kinds.items() if WORSHIP.search(text)] if kinds else ["no kinds"]


@check(breach("organisations.Sun.worship", models=one("organisations", "Sun", worship=WORDS)),
       breach("areas.Temple", models=one("areas", "Temple")))  # fmt: skip
def no_row_can_hold_one_5(models):
    named = [m._meta.label for m in models if WORSHIP.search(m.__name__.lower())]
    return named + columns_named(models, WORSHIP)


# ------------------------------------------------------------------ 7 every look is logged


@check(*(breach("cases/queries/x.py", {"cases/queries/x.py": text}) for text in (
    "vault.unlock(key, bytes(contact.sealed))", 'vault.unlock(key, x, label="contact")',
    "vault.unlock_bytes(key, x, label=contacts.LABEL)")))  # fmt: skip
def only_one_function_reads_a_contact_7(source):
    label = re.compile(r"contacts\.LABEL|label=[\"']contact[\"']|\.sealed\b(?!_)")
    return [f.name for f in source.modules()
            if re.search(r"vault\.unlock|unlock_bytes", f.text) and label.search(f.text)
            and f.name != "kernel/contacts.py"]  # fmt: skip


LOOK = """
def look(contact, *, by, why):
    with writing(durable=True):
        record(ContactSeen(), by=by)
    return vault.unlock(contact.key, contact.sealed)
"""


def _look(old, new):
    assert old in LOOK
    return breach("given before", {"kernel/contacts.py": LOOK.replace(old, new)})


@check(_look("durable=True", ""), _look("        record(ContactSeen(), by=by)", "        pass"),
       _look("    with writing", "    said = vault.unlock(contact.key, contact.sealed)\n    with writing"),
       breach("another function", {"kernel/contacts.py": LOOK + LOOK.replace("look", "peek")}))  # fmt: skip
def the_look_is_recorded_before_it_is_given_7(source):
    text = next(f.text for f in source.modules() if f.name == "kernel/contacts.py")
    look = text[text.index("def look(") :]
    steps = [look.find(step) for step in ("durable=True", "record(", "vault.unlock")]
    right = -1 < steps[0] < steps[1] < steps[2]
    wrong = [] if right else ["given before it is recorded"]
    return wrong + (["another function unlocks"] if text.count("vault.unlock") > 1 else [])


@check(breach("cases.Sun.words", models=one("cases", "Sun", words=fields.TextField())))
def texts_are_bounded_or_locked_7(models):
    """A text that people write is either locked under its case's key or bounded in length."""
    return [f"{m._meta.label}.{f.name}" for m in models for f in m._meta.local_fields
            if type(f) is fields.TextField and m._meta.label != "cases.Case"
            or (type(f) is fields.TextField and f.name != "public_text")]  # fmt: skip


# ------------------------------------------------------------------ 8 small numbers

REAL["smallest"] = lambda: SMALLEST


@check(breach("10", smallest=10))
def the_smallest_count_that_is_shown_is_eleven_8(smallest):
    return [] if smallest == 11 else [str(smallest)]


@check(breach("opendata/api.py", {"opendata/api.py": "Case.objects.filter(public=False).count()"}),
       breach("opendata/views/x.py", {"opendata/views/x.py": "rows.exclude(public=True).count()"}),
       breach("opendata/views/x.py", {"opendata/views/x.py": "PrivateCount(count=n)"}),
       breach("without `published`", {"opendata/actions.py": "PrivateCount.objects.bulk_create(x)"}))  # fmt: skip
def private_cases_are_counted_in_one_place_8(source):
    """There a count passes `engines.figures.published` before it is stored; pages read the rest."""
    counts = re.compile(r"public=False|exclude\(public=True|PrivateCount(\.objects\.\w*create)?\(")
    wrong = []
    for file in source.modules():
        if not file.name.startswith("opendata/") or not counts.search(file.text):
            continue
        if file.name not in ("opendata/actions.py", "opendata/models.py"):
            wrong.append(file.name)
        elif file.name.endswith("actions.py") and "published(" not in file.text:
            wrong.append(f"{file.name}: without `published`")
    return wrong


# ------------------------------------------------------------------ 9 one way out

KEPT_IN = {"vault", "contacts", "Contact", "CaseKey", "Note", "Addition", "Offer", "Answer", "look"}


@check(*(breach("opendata/views/x.py", {"opendata/views/x.py": text}) for text in (
    "from linli.kernel import vault", "from linli.kernel.models import Contact",
    "from linli.cases.models import Case, Note", "from linli.cases import queries",
    "from linli.cases.queries.reading import notes_of", "import linli.kernel.contacts",
    "case.text_locked", "case.where_locked", "x = case.contact")),
    breach("cases/open311.py", {"cases/open311.py": "from linli.kernel.contacts import look"}))  # fmt: skip
def public_doors_reach_nothing_that_is_locked_9(source):
    wrong = []
    for file in source.modules():
        if not PUBLIC_DOOR.search(file.name):
            continue
        named = set()
        for node in ast.walk(file.tree):
            if isinstance(node, ast.ImportFrom):
                whole = (node.module or "").split(".")
                named |= {a.name for a in node.names} | set(whole)
                if node.module == "linli.cases":
                    named |= {"Note" for a in node.names if a.name == "queries"}
                if (node.module or "").startswith("linli.cases.queries"):
                    named.add("Note")
            elif isinstance(node, ast.Import):
                named |= {part for a in node.names for part in a.name.split(".")}
            elif isinstance(node, ast.Attribute) and (
                node.attr.endswith("_locked") or node.attr == "contact"
            ):
                named.add("Note") if ast.unparse(node.value) != "sent" else None
        wrong += [file.name] if named & KEPT_IN else []
    return wrong


@check(breach("opendata/feed.py", {"opendata/feed.py": "yield PublicCase(number=1)"}),
       breach("web/api.py", {"web/api.py": "x = PublicCase(**values)"}))  # fmt: skip
def a_public_case_is_made_in_one_place_9(source):
    return [f.name for f in source.modules()
            if re.search(r"(?<!class )\bPublicCase\(", f.text) and f.name != "opendata/public.py"]  # fmt: skip


# ------------------------------------------------------------------ 10 free to say no


@check(breach("cases/views/x.py", {"cases/views/x.py": "Answer.objects.create(kind=1)"}),
       breach("cases/api.py", {"cases/api.py": "Answer(kind=1).save()"}))  # fmt: skip
def the_reporters_answer_is_written_in_one_place_10(source):
    """The bulk path of the demonstration writes what the actions write, and a test compares.

    The `Answer` of organisations/coverage.py is a line of its page.
    """
    makes = re.compile(r"\bAnswer(\.objects\.(bulk_|get_or_|update_or_)?create)?\(")
    return [f.name for f in source.modules() if makes.search(f.text.replace("class Answer(", ""))
            and f.name not in (CLOSING, "organisations/coverage.py") and not f.name.startswith("web/demo/")]  # fmt: skip


@check(breach("confirm", {CLOSING: "def confirm():\n    record(CaseConfirmed())"}),
       breach("shut", {CLOSING: "def shut():\n    record(events.CaseConfirmed())"}),
       breach("contest", {CLOSING: "def contest():\n    _keep()\n    _reporter()"}),
       breach("cases/jobs.py", {"cases/jobs.py": "record(events.CaseConfirmed())"}))  # fmt: skip
def the_reporters_word_comes_from_the_reporter_10(source):
    """Whatever keeps or records an answer asked `_reporter` first: the link, or the centre."""
    wrong, word = [], re.compile(r"CaseConfirmed\(|CaseContested\(|\b_keep\(")
    for file in source.modules():
        if file.name in ("cases/events.py",) or file.name.startswith("web/demo/"):
            continue
        if file.name != CLOSING:
            wrong += [file.name] if re.search(r"Case(Confirmed|Contested)\(", file.text) else []
            continue
        for node in file.tree.body:
            body = ast.unparse(node.body) if isinstance(node, ast.FunctionDef) else ""
            found = word.search(body)
            if found and not -1 < body.find("_reporter(") < found.start():
                wrong.append(node.name)
    return wrong


# ------------------------------------------------------------------ what holds each by its doing

CASES, OPEN, KERNEL = "cases/tests", "opendata/tests", "kernel/tests"
HELD = {
    1: ["kernel/tests/test_vault.py::test_the_same_number_in_two_cases_gives_unrelated_ciphertexts",
        f"{CASES}/test_intake.py::test_two_cases_of_one_telephone_number_have_nothing_in_common",
        f"{CASES}/test_intake.py::test_residents_have_no_accounts",
        "house/test_canaries.py::test_search_finds_no_case_by_a_private_word"],
    2: [f"{CASES}/test_catalogue_publishing.py::test_seven_days_alone_are_not_enough",
        f"{CASES}/test_catalogue_publishing.py::test_the_proposer_cannot_second",
        f"{CASES}/test_catalogue_doors.py::test_every_hostile_file_is_refused",
        f"{OPEN}/test_pages.py::test_the_register_lists_columns_and_questions"],
    3: [f"{CASES}/test_intake.py::test_help_for_another_takes_an_area_and_a_way_to_call_back",
        f"{CASES}/test_erasing.py::test_help_for_another_is_gone_after_72_hours_without_agreement",
        f"{CASES}/test_erasing.py::test_an_accusing_report_is_erased_with_its_key_and_only_the_count_stays",
        f"{CASES}/test_routing.py::test_a_complaint_about_an_office_goes_outside_its_chain",
        f"{CASES}/test_rules.py::test_a_complaint_about_an_office_is_seen_by_nobody_of_its_chain",
        f"{CASES}/test_resident_pages.py::test_the_first_screen_says_emergencies_first"],
    4: [f"{KERNEL}/test_accounts.py::test_nothing_is_stored_about_when_somebody_was_here",
        "web/tests/test_sign_in.py::test_nothing_records_who_was_here_when",
        "web/tests/test_people.py::test_the_page_shows_nothing_about_activity",
        f"{CASES}/test_photos.py::test_nothing_of_the_sender_is_left",
        "areas/tests/test_import_places.py::test_a_settlement_of_less_than_eleven_households_is_dropped_and_counted"],
    5: ["areas/tests/test_import_places.py::test_a_place_of_worship_is_dropped_and_counted",
        "areas/tests/test_import_places.py::test_the_action_itself_refuses_a_place_of_worship_by_name",
        "areas/tests/test_import_areas.py::test_a_column_about_religion_or_descent_is_dropped_and_counted"],
    6: [f"{CASES}/test_catalogue_validator.py::test_questions_that_a_county_might_try_are_refused"],
    7: [f"{KERNEL}/test_vault.py::test_without_the_journal_there_is_no_look",
        f"{KERNEL}/test_vault.py::test_a_look_refuses_to_run_inside_a_transaction_that_could_roll_back",
        f"{CASES}/test_closing.py::test_every_look_is_shown_to_the_reporter",
        f"{CASES}/test_closing.py::test_the_reporter_reads_staff_notes_only_after_closing"],
    8: [f"{OPEN}/test_figures.py::test_small_counts_and_what_gives_them_away_stay_hidden",
        f"{OPEN}/test_figures.py::test_nothing_under_eleven_is_ever_stored",
        f"{OPEN}/test_figures.py::test_a_month_is_counted_once_and_never_again",
        f"{OPEN}/test_figures.py::test_services_are_counted_for_the_whole_only"],
    9: [f"{OPEN}/test_public.py::test_a_public_case_holds_nothing_else",
        f"{OPEN}/test_public.py::test_merged_erased_and_private_ones_never_leave",
        f"{OPEN}/test_pages.py::test_private_cases_are_in_no_public_answer",
        f"{OPEN}/test_pages.py::test_downloads_are_counted_and_nobody_is_named",
        "house/test_canaries.py::test_each_word_is_read_only_by_those_the_register_names"],
    10: [f"{CASES}/test_closing.py::test_the_unit_that_did_the_work_cannot_answer_for_the_reporter",
         f"{CASES}/test_closing.py::test_who_helped_did_the_work_too",
         f"{CASES}/test_closing.py::test_single_ratings_are_never_seen_by_the_unit_that_did_the_work",
         f"{CASES}/test_closing.py::test_the_unit_that_did_the_work_cannot_open_the_contact_afterwards"],
}  # fmt: skip


@pytest.mark.parametrize("number", range(1, 11))
def test_each_refusal_is_held(number):
    """By tests that exist, and (but for one that is a list of hazards) by checks of what is written."""
    from tests.architecture.house import CHECKS

    for test in HELD[number]:
        path, _, name = test.partition("::")
        file = (ROOT / "tests" if path.startswith("house/") else SOURCE) / path
        assert f"def {name}(" in file.read_text(encoding="utf-8"), test
    assert [name for name in CHECKS if name.endswith(f"_{number}")]


def test_the_source_is_read():
    """A house without files would keep every rule."""
    source = Source(SOURCE)
    assert len(list(source.modules())) > 200
    assert len(list(source.templates(".html"))) > 50
