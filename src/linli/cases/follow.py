"""The reporter's secret link. Its token follows from the case's key, and ends with it.

Only a digest of the token is stored. It finds the case, and still does when the case was erased:
then the link shows that it was, and who is competent, and nothing else.
"""

import base64
import hmac
import re
from hashlib import sha256

from linli.cases.models import Case
from linli.kernel import vault
from linli.kernel.errors import Missing
from linli.kernel.models import CaseKey

PURPOSE = "follow"
TOKEN = re.compile(r"[a-z2-7]{32}\Z")  # 160 bits in base32


def token(key: CaseKey) -> str:
    """The token of the case with this key; Missing once the key is destroyed."""
    return spelled(vault.derive(key, PURPOSE))


def spelled(secret: bytes) -> str:
    """The token that the secret derived from a key makes."""
    return base64.b32encode(secret[:20]).decode().lower()


def digest(token: str) -> str:
    """What is stored of a token: its SHA-256 in hex."""
    return sha256(token.encode()).hexdigest()


def case_for(token: str) -> Case:
    """The case that a token follows; Missing for every other text.

    The look-up is by digest, so its time tells nothing about the token; the digests are compared
    once more in constant time, whatever the database's idea of equality.
    """
    if not TOKEN.match(token):
        raise Missing()
    wanted = digest(token)
    case = (
        Case.objects.select_related("key", "version__service").filter(follow_digest=wanted).first()
    )
    if case is None or not hmac.compare_digest(case.follow_digest, wanted):
        raise Missing()
    return case


def fits(case: Case, token: str) -> bool:
    """Is this the token of this case? In constant time."""
    return hmac.compare_digest(case.follow_digest, digest(token))
