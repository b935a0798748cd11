"""Refusal 2: services come by one door, and one validator judges them."""

import re

from linli.cases.catalogue import reading, structure
from linli.cases.catalogue.validator import check as judged
from tests.architecture.house import REAL, breach, check

CATALOGUE = "cases/actions/catalogue.py"
FREEZES = re.compile(r"ServiceVersion(\.objects\.(bulk_)?create)?\(\s*(\[|\w+=)")
GOOD = "def _publish(x):\n    check(source)\n    raise Refused()\n    _freeze(x)\ndef _freeze(x):\n    1"
HAZARDS = {"flood", "landslide", "snow", "fire", "earthquake", "disease", "accident", "fraud"}


@check(*(breach("cases/api.py", {"cases/api.py": text}) for text in (
    "ServiceVersion.objects.create(**x)", "ServiceVersion(number=1).save()",
    "ServiceVersion.objects.bulk_create([x])")))  # fmt: skip
def only_publishing_freezes_versions_2(source):
    return [f.name for f in source.modules()
            if f.name != CATALOGUE
            and (FREEZES.search(f.text) or "ServiceVersion.objects.create" in f.text)]  # fmt: skip


@check(breach("frozen before", {CATALOGUE: GOOD.replace("check(source)", "pass")}),
       breach("frozen before", {CATALOGUE: GOOD.replace("raise Refused()", "pass")}),
       breach("frozen before", {CATALOGUE: GOOD.replace("check(source)", "_freeze(x)")}))  # fmt: skip
def publishing_judges_first_2(source):
    text = next(f.text for f in source.modules() if f.name == CATALOGUE)
    publish = text[text.index("def _publish(") : text.index("def _freeze(")]
    steps = [publish.find(step) for step in ("check(source", "raise Refused", "_freeze(")]
    return [] if -1 < steps[0] < steps[1] < steps[2] else ["frozen before it is judged"]


@check(breach("web/api.py", {"web/api.py": "structure.SERVICE(x)"}))
def nobody_else_judges_services_2(source):
    return [f.name for f in source.modules() if re.search(r"\bstructure\.SERVICE\b", f.text)
            and f.name != "cases/catalogue/validator.py"]  # fmt: skip


REAL["hazards"] = lambda: structure.HAZARDS


@check(
    breach("assembly", hazards=[*HAZARDS, "assembly"]), breach("snow", hazards=HAZARDS - {"snow"})
)
def hazards_are_listed_and_assemblies_are_not_among_them_6(hazards):
    return sorted(set(hazards) ^ HAZARDS)


def test_2_what_ships_passes_and_a_planted_breach_does_not():
    for name, data in reading.files().items():
        assert judged(data, translated=True) == [], name
        raw = reading.parse(data)
        raw["name"] = {**raw["name"], "bo": "ཆོས་ལུགས་དྲི་བ།"}
        assert {problem.code for problem in judged(raw)} == {"asks-religion"}
