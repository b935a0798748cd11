"""Time-based one-time passwords (RFC 6238) with SHA-1, 30 seconds and six digits.

That is what every authenticator application understands.
"""

import base64
import hmac

PERIOD = 30
DIGITS = 6


def code(secret: str, seconds: float) -> str:
    """The code at a moment, in seconds since 1970, for a secret in base32 (RFC 4226, 5.3)."""
    key = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    digest = hmac.digest(key, (int(seconds) // PERIOD).to_bytes(8, "big"), "sha1")
    offset = digest[-1] & 15
    value = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return str(value % 10**DIGITS).zfill(DIGITS)
