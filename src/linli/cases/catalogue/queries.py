"""Questions about the catalogue: which version counts, which services an area has, what waits."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Max, QuerySet
from django.utils import timezone

from linli.areas.models import Area
from linli.cases.catalogue import reading
from linli.cases.models.catalogue import Proposal, ServiceSwitch, ServiceVersion, TranslationMark
from linli.kernel.languages import key
from linli.kernel.register import Column
from linli.organisations.models import Duty

# Texts that ship in these languages are drafts until a native speaker has read them.
DRAFTS = ("bo",)
# Refusal 2: "new questions need two people and seven days on a public page before use".
PUBLIC_DAYS = timedelta(days=7)


def current_versions(at: datetime | None = None) -> QuerySet[ServiceVersion]:
    """The version of each service that counts at `at` (default now): the newest usable one."""
    usable = ServiceVersion.objects.filter(usable_from__lte=at or timezone.now())
    # In order, so that of each service the newest stays.
    newest = dict(usable.order_by("number").values_list("service", "pk"))
    rows = ServiceVersion.objects.filter(pk__in=newest.values())
    return rows.select_related("service").order_by("service__code")


def current_version(code: str, at: datetime | None = None) -> ServiceVersion | None:
    """The version of this service that counts at `at`; None for an unknown or waiting service."""
    usable = ServiceVersion.objects.filter(usable_from__lte=at or timezone.now())
    found = usable.filter(service__code=code).select_related("service")
    return found.order_by("-number").first()


def services_at(area: Area, at: datetime | None = None) -> list[ServiceVersion]:
    """What may be asked for in an area, in the versions that count at `at`.

    A service is offered unless the nearest switch, going up from the area, is off. Switches count
    as they stand now. In catalogue order.
    """
    off = _switched_off(area)
    found = [v for v in current_versions(at) if v.service_id not in off]
    return sorted(found, key=catalogue_order)


def catalogue_order(version: ServiceVersion) -> tuple[int, int, str]:
    """Sorts services by group, as `words.toml` lists them, then by position and code."""
    definition = version.definition
    groups = list(reading.words()["groups"])
    return groups.index(definition.group), definition.position, definition.code


def is_offered(version: ServiceVersion, area: Area) -> bool:
    """Whether the service of this version is switched on in an area, now."""
    return version.service_id not in _switched_off(area)


def _switched_off(area: Area) -> set[int]:
    path = area.path.split("/")
    rows = ServiceSwitch.objects.filter(area__code__in=path)
    nearest: dict[int, tuple[int, bool]] = {}
    for service, code, enabled in rows.values_list("service", "area__code", "enabled"):
        depth = path.index(code)
        nearest[service] = max(nearest.get(service, (-1, True)), (depth, enabled))
    return {service for service, (_, enabled) in nearest.items() if not enabled}


def duties() -> frozenset[str]:
    """Codes of all duties of this place, a county's own among them."""
    return frozenset(Duty.objects.values_list("code", flat=True))


def waiting() -> QuerySet[Proposal]:
    """Proposals that are not in use yet, oldest first; the public page shows them all."""
    rows = Proposal.objects.filter(withdrawn_at=None)
    waits = rows.exclude(version__usable_from__lte=timezone.now())
    return waits.select_related("version__service", "proposed_by", "seconded_by")


def is_draft(version: ServiceVersion, language: str | None = None) -> bool:
    """Whether this version's texts in a language (default: the active one) are still a draft."""
    wanted = key(language)
    if wanted not in DRAFTS:
        return False
    mark = TranslationMark.objects.filter(language=wanted).first()
    return mark is None or mark.cleared_at < version.published_at


def drafts() -> list[str]:
    """Languages in which some current version is still a draft."""
    newest = current_versions().aggregate(newest=Max("published_at"))["newest"]
    cleared = dict(TranslationMark.objects.values_list("language", "cleared_at"))
    return [
        language
        for language in DRAFTS
        if newest and (language not in cleared or cleared[language] < newest)
    ]


def register_lines(at: datetime | None = None) -> Iterator[Column]:
    """Every question of every current service as a line of the privacy register."""
    lists = reading.words()
    for version in current_versions(at):
        for question in version.definition.questions:
            privacy = question.privacy
            readers = [lists["readers"][code] for code in privacy.readers]
            yield Column(
                name=f"{version.service.code}.{question.code}",
                personal=privacy.personal,
                why=lists["whys"].get(privacy.why, {}),
                purpose=lists["purposes"].get(privacy.purpose, {}),
                readers={lang: ", ".join(r[lang] for r in readers) for lang in reading.LANGUAGES},
                erasure=lists["erasures"].get(privacy.erasure, {}),
            )
