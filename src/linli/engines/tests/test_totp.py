"""One-time passwords against the table of RFC 6238, appendix B (its codes cut to six digits)."""

import base64

import pytest

from linli.engines import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_the_table_of_the_standard(seconds, code):
    assert totp.code(SECRET, seconds) == code


def test_a_secret_without_padding():
    assert totp.code("MFRGGZDF", 0) == totp.code("MFRGGZDF".lower(), 29.9)
