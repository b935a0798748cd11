"""What Linli refuses, line by line of the design, as far as the rooms that exist reach."""

import re
from pathlib import Path

from django.apps import apps
from django.db import models

from linli.kernel.events import EVENTS, fields_of
from tests.architecture.house import SOURCE, modules, templates
from tests.architecture.test_furniture import load_everything

OURS = [m for m in apps.get_models() if m.__module__.startswith("linli.")]
COLUMNS = [(m, f) for m in OURS for f in m._meta.local_fields]


def columns_named(pattern):
    words = re.compile(pattern)
    return [f"{m._meta.label}.{f.name}" for m, f in COLUMNS if words.search(f.name.lower())]


def test_1_no_resident_register():
    """No table of people other than accounts; contacts hang on a case's key, and nothing indexes them."""
    people = re.compile(
        r"resident|citizen|person|household|family|villager|tenant|migrant|visitor|suspect"
    )
    assert [m._meta.label for m in OURS if people.search(m.__name__.lower())] == []
    contact = apps.get_model("kernel", "Contact")
    assert {f.name for f in contact._meta.local_fields} == {"id", "key", "channel", "sealed"}
    assert contact._meta.indexes == []
    assert [
        f.name
        for f in contact._meta.local_fields
        if (f.unique or f.db_index) and f.name not in ("id", "key")
    ] == []


def test_1_nothing_hashes_a_contact():
    for path, _ in modules():
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(sha\d+|blake2\w*|hmac)\w*\([^)]*(phone|contact|email)", text), path


def test_2_no_field_about_what_people_are():
    forbidden = (r"relig|faith|ethnic|nationalit|race|politic|party_member|biometr|fingerprint|iris|face_"
                 r"|id_card|idcard|identity_number|passport|(^|_)kin(_|$)|kinship|spouse|parent_of|relatives|hukou|gender|birth")  # fmt: skip
    allowed = {"cases.Service.kind"}
    assert set(columns_named(forbidden)) - allowed == set()


def test_4_no_watching_of_staff_or_residents():
    forbidden = r"check_?in|last_login|last_seen|online|ip_address|user_agent|track|trail|quota|ranking|points|score_"
    assert columns_named(forbidden) == []


def test_4_events_hold_no_position():
    load_everything()
    position = re.compile(r"^(lon|lat|longitude|latitude|position|point)$")
    assert [f"{e.__name__}.{f}" for e in EVENTS.values() if e.__module__.startswith("linli.")
            for f in fields_of(e) if position.match(f)] == []  # fmt: skip


def test_5_no_kind_of_place_is_a_place_of_worship():
    worship = re.compile(
        r"temple|monaster|mosque|church|shrine|stupa|worship|寺|庙|清真|教堂|དགོན|ལྷ་ཁང"
    )
    import tomllib

    for path in SOURCE.glob("areas/**/*.toml"):
        data = tomllib.loads(path.read_text(encoding="utf-8"))
        if "kind" in path.stem:
            assert not worship.search(str(data)), path


def test_7_only_one_function_reads_a_contact():
    """`unlock(... contact ...)` stands in kernel/contacts.py and nowhere else."""
    label = re.compile(r"contacts\.LABEL|label=[\"']contact[\"']|\.sealed\b(?!_)")
    users = sorted({p.relative_to(SOURCE).as_posix() for p, _ in modules()
                    if re.search(r"vault\.unlock|unlock_bytes", p.read_text(encoding="utf-8"))
                    and label.search(p.read_text(encoding="utf-8"))})  # fmt: skip
    assert users == ["kernel/contacts.py"]


def test_7_the_look_is_recorded_before_it_is_given():
    source = (SOURCE / "kernel" / "contacts.py").read_text(encoding="utf-8")
    look = source[source.index("def look(") :]
    assert look.index("durable=True") < look.index("record(") < look.index("vault.unlock")


def test_no_template_marks_text_as_safe():
    wrong = [
        p.name
        for p in templates()
        if re.search(r"\|\s*safe\b|{%\s*autoescape\s+off", p.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_no_inline_scripts_or_styles():
    wrong = []
    for path in templates():
        if path.suffix != ".html":
            continue
        text = re.sub(
            r"{#.*?#}|{%\s*comment.*?endcomment\s*%}",
            "",
            path.read_text(encoding="utf-8"),
            flags=re.S,
        )
        if re.search(r"<script(?![^>]*\bsrc=)(?![^>]*type=.application/json)", text) or re.search(
            r"<style\b|\sstyle=[\"']|\son(click|load|change|submit|input)=", text
        ):
            wrong.append(str(path.relative_to(SOURCE)))
    assert wrong == []


def test_nothing_is_loaded_from_elsewhere():
    address = re.compile(r"(src|href|action)=[\"']https?://")
    wrong = [
        str(p.relative_to(SOURCE))
        for p in templates()
        if address.search(p.read_text(encoding="utf-8"))
    ]
    assert wrong == []


def test_no_registry_address_in_any_lock():
    root = Path(__file__).parents[2]
    for lock in [
        *root.glob("requirements*.lock"),
        *root.glob("package-lock.json"),
        *root.glob("pwa/package-lock.json"),
    ]:
        text = lock.read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert '"resolved"' not in text, lock


def test_text_columns_are_bounded_or_locked():
    """A text that people write is either locked under its case's key or bounded in length."""
    unbounded = [f"{m._meta.label}.{f.name}" for m, f in COLUMNS if type(f) is models.TextField]
    assert set(unbounded) <= {"cases.Case.public_text"}
