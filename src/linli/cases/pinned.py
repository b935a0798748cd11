"""The version of a service as a code, for journals and explanations."""

from linli.cases.models import ServiceVersion
from linli.kernel.events import Code


def code_of(version: ServiceVersion) -> Code:
    """A version as a code: service/number."""
    return Code(f"{version.service.code}/{version.number}")


def shown_code(version: ServiceVersion) -> Code | None:
    """The code for an event: None for a private service, which no event names."""
    return code_of(version) if version.definition.public else None
