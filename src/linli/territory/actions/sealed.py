"""What was locked for one person ends: the contact goes, the key is destroyed, messages emptied."""

from linli.kernel import contacts, vault
from linli.kernel.models import Account, CaseKey, Contact
from linli.messages import actions as messages


def destroy(key: CaseKey, contact: Contact | None, *, by: Account | None) -> None:
    """Inside the caller's action, which refers to the contact no more; harmless twice."""
    if contact is not None:
        contacts.erase(contact)
    if key.destroyed_at is None:
        vault.destroy(key)
    messages.empty(key, by=by)
