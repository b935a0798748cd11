"""Refusal 2: services come by one door, and one validator judges them."""

import re

from linli.cases.catalogue import reading, structure
from linli.cases.catalogue.validator import check
from tests.architecture.house import SOURCE, modules


def texts():
    return {
        path.relative_to(SOURCE).as_posix(): path.read_text(encoding="utf-8")
        for path, _ in modules()
        if "tests" not in path.parts
    }


def test_2_only_publishing_freezes_versions():
    writers = [
        name
        for name, text in texts().items()
        if re.search(r"ServiceVersion(\.objects\.(bulk_)?create)?\(\s*(\[|\w+=)", text)
        or "ServiceVersion.objects.create" in text
    ]
    assert writers == ["cases/actions/catalogue.py"]


def test_2_publishing_judges_first():
    source = texts()["cases/actions/catalogue.py"]
    publish = source[source.index("def _publish(") : source.index("def _freeze(")]
    assert (
        publish.index("check(source") < publish.index("raise Refused") < publish.index("_freeze(")
    )


def test_2_nobody_else_has_a_validator_of_services():
    judges = [name for name, text in texts().items() if re.search(r"\bstructure\.SERVICE\b", text)]
    assert judges == ["cases/catalogue/validator.py"]


def test_6_hazards_are_listed_and_assemblies_are_not_among_them():
    assert set(structure.HAZARDS) == {
        "flood", "landslide", "snow", "fire", "earthquake", "disease", "accident", "fraud",
    }  # fmt: skip


def test_2_what_ships_passes_and_a_planted_breach_does_not():
    for name, data in reading.files().items():
        assert check(data, translated=True) == [], name
        raw = reading.parse(data)
        raw["name"] = {**raw["name"], "bo": "ཆོས་ལུགས་དྲི་བ།"}
        assert {problem.code for problem in check(raw)} == {"asks-religion"}
