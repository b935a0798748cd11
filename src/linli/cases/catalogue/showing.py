"""Rows that the pages of the catalogue show."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from linli.areas.models import Area
from linli.cases.catalogue import queries, wording
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.models.catalogue import Proposal, ServiceVersion


@dataclass(frozen=True)
class Group:
    """One group of services under its name."""

    name: str
    services: list[dict[str, Any]]


def grouped(versions: Iterable[ServiceVersion]) -> list[Group]:
    """Services under the names of their groups, both in catalogue order."""
    rows = [described(version.definition, version=version) for version in versions]
    return [Group(name, list(row)) for name, row in groupby(rows, key=lambda row: row["group"])]


def described(definition: ServiceDefinition, **more: Any) -> dict[str, Any]:
    """One service in words."""
    return {
        "definition": definition,
        "group": wording.group(definition),
        "promise": wording.promise(definition.within),
        "questions": [
            {
                "question": question,
                "kind": wording.answer_kind(question),
                "privacy": wording.privacy(question),
            }
            for question in definition.questions
        ],
        **more,
    }


def switches(area: Area) -> list[dict[str, Any]]:
    """Every current service with whether it is offered in an area."""
    offered = {version.pk for version in queries.services_at(area)}
    versions = sorted(queries.current_versions(), key=queries.catalogue_order)
    return [
        described(version.definition, version=version, offered=version.pk in offered)
        for version in versions
    ]


def proposals() -> list[dict[str, Any]]:
    """What waits, with when it could be in use at the earliest."""
    return [
        described(row.version.definition, proposal=row, usable_from=earliest(row))
        for row in queries.waiting()
    ]


def earliest(proposal: Proposal) -> datetime:
    """When a proposal comes into use, or could at the earliest."""
    return proposal.version.usable_from or proposal.public_from + queries.PUBLIC_DAYS
