"""Who may change the territory. Everybody may see it: boundaries and places are public."""

from linli.kernel.models import Account


def may_import_areas(by: Account | None) -> bool:
    """Administrators; None is the service itself, run by whoever holds its server."""
    return by is None or (by.is_active and by.is_administrator)


def may_change_places(by: Account | None) -> bool:
    """The same people as for areas: a place routes cases."""
    return may_import_areas(by)
