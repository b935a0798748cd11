"""Every service that ships passes the validator, and says everything in three languages."""

import pytest

from linli.cases.catalogue import reading
from linli.cases.catalogue.validator import check, duty_codes
from linli.cases.tests.catalogue_files import SHIPPED


@pytest.fixture(params=SHIPPED, ids=lambda path: path.stem)
def shipped(request):
    return request.param


def test_it_passes_in_three_languages(shipped):
    assert check(shipped.read_bytes(), translated=True) == []


def test_its_file_is_called_after_it(shipped):
    assert reading.parse(shipped.read_bytes())["code"] == shipped.stem


def test_its_canonical_form_reads_the_same(shipped):
    definition = reading.read(reading.parse(shipped.read_bytes()))
    again = reading.read(reading.json.loads(reading.canonical(definition.raw)))
    assert again == definition
    assert reading.digest(again.raw) == reading.digest(definition.raw)


def test_private_services_are_the_ones_about_people(shipped):
    definition = reading.read(reading.parse(shipped.read_bytes()))
    if definition.about in ("self", "call-back", "office"):
        assert not definition.public
    assert definition.public or definition.duplicates is None


def test_the_catalogue_covers_what_the_issue_names():
    codes = {path.stem for path in SHIPPED}
    named = {
        "pothole", "water-supply", "power-cut", "rubbish", "grassland-fence", "wild-animals",
        "livestock-disease", "school-bus", "clinic-hours", "benefit-errand", "landslide-signs",
        "fire-risk", "help-for-myself", "help-for-another", "office-complaint",
    }  # fmt: skip
    assert len(codes) >= 30
    assert named <= codes


def test_only_the_complaint_about_an_office_goes_outside_the_chain():
    definitions = [reading.read(reading.parse(path.read_bytes())) for path in SHIPPED]
    assert [d.code for d in definitions if d.outside_chain] == ["office-complaint"]


def test_help_for_another_is_forgotten_within_72_hours():
    definition = reading.read(reading.parse(reading.files()["help-for-another.toml"]))
    assert (definition.about, definition.where) == ("call-back", "area")
    kept = definition.retention
    assert max(kept.texts, kept.photos, kept.points) * 24 <= 72


def test_every_duty_of_a_service_is_known():
    used = {reading.parse(path.read_bytes())["duty"] for path in SHIPPED}
    assert used <= duty_codes()


def test_a_grid_has_public_matters_about_places_and_nothing_else():
    definitions = [reading.read(reading.parse(path.read_bytes())) for path in SHIPPED]
    of_grids = [d for d in definitions if d.duty == "neighbourhood"]
    assert {d.code for d in of_grids} == {"path-blocked", "small-repair"}
    for definition in of_grids:
        assert definition.public
        assert definition.about == "place"
        assert definition.group not in ("help", "say")
