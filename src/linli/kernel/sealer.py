"""The sealer: numbers and chains committed entries, and signs the tree's head once a day.

The number is the place in the one order that the hash chain, the Merkle tree, the reactions and the
sync cursors share. Several sealers may run; they queue for one row.
"""

from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.utils import timezone

from linli.engines import merkle
from linli.kernel.actions import writing
from linli.kernel.keyfiles import read_or_make
from linli.kernel.models import Entry, Pending, Sealed, SealerState, TreeHead

HASH = 32
BATCH = 500


def seal(limit: int = BATCH) -> int:
    """Number and chain up to `limit` waiting entries; returns how many.

    chain(n) = SHA-256(chain(n-1) ‖ leaf(n)); chain(0) is empty.
    """
    if not Pending.objects.exists():
        return 0
    with writing():
        SealerState.objects.get_or_create(pk=1)
        state = SealerState.objects.select_for_update().get(pk=1)
        waiting = list(Pending.objects.order_by("pk").values_list("pk", flat=True)[:limit])
        leaves = dict(Entry.objects.filter(pk__in=waiting).values_list("pk", "leaf"))
        rows = chained(state, [(pk, bytes(leaves[pk])) for pk in waiting])
        Sealed.objects.bulk_create(rows)
        Pending.objects.filter(pk__in=waiting).delete()
        state.save()
    return len(waiting)


def chained(state: SealerState, entries: list[tuple[int, bytes]]) -> list[Sealed]:
    """Sealed rows for (entry, leaf) pairs in this order; moves `state` on, saves nothing."""
    frontier = _peaks(bytes(state.frontier))
    chain, rows = bytes(state.chain), []
    for entry, leaf in entries:
        frontier = merkle.appended(frontier, state.size, leaf)
        chain = sha256(chain + leaf).digest()
        state.size += 1
        rows.append(Sealed(number=state.size, entry_id=entry, chain=chain))
    state.chain, state.frontier = chain, b"".join(frontier)
    return rows


def _peaks(joined: bytes) -> list[bytes]:
    return [joined[i : i + HASH] for i in range(0, len(joined), HASH)]


def sign_head(every: timedelta = timedelta(days=1)) -> TreeHead | None:
    """Sign and keep the tree's head if the last one is older than `every` and the tree grew."""
    with writing():
        state = SealerState.objects.filter(pk=1).first()
        last = TreeHead.objects.order_by("-size").first()
        now = timezone.now()
        if state is None or not state.size:
            return None
        if last and (last.size == state.size or now - last.at < every):
            return None
        root = merkle.root_of(_peaks(bytes(state.frontier)))
        signature = signing_key().sign(head_bytes(state.size, root))
        return TreeHead.objects.create(size=state.size, root=root, at=now, signature=signature)


def head_bytes(size: int, root: bytes) -> bytes:
    """What is signed: the size as eight bytes, big-endian, then the root."""
    return size.to_bytes(8, "big") + root


def signing_key() -> Ed25519PrivateKey:
    """The key of this installation's log, outside database and backups."""
    return Ed25519PrivateKey.from_private_bytes(read_or_make(Path(settings.KEYS) / "log", 32))


def public_key() -> bytes:
    """The 32 bytes with which anybody checks a signed head (RFC 8032)."""
    return signing_key().public_key().public_bytes_raw()
