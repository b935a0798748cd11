"""What a picture's bytes are, and whether something else rides in them.

A polyglot is a file that is a picture and, read another way, a page, a script, an archive or a
document. The parts that a picture's decoder skips (comments, notes, whatever follows its end) are
searched for the signs of those; the picture's own compressed data is not, because chance alone
would write four-letter signs into it.
"""

import io
import re
import zipfile
from collections.abc import Iterator

SIGNS = re.compile(
    rb"<\s*(?:script|html|!doctype|iframe|svg|body|object|embed|\?php)|<\?php|javascript:"
    rb"|%PDF-\d|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x7fELF[\x01\x02][\x01\x02]|#!/(?:usr/)?bin/",
    re.IGNORECASE,
)
PNG = b"\x89PNG\r\n\x1a\n"
RESTARTS = range(0xD0, 0xD8)


def kind_of(data: bytes) -> str | None:
    """JPEG, PNG or WEBP by the first bytes; None for everything else."""
    if data.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if data.startswith(PNG):
        return "PNG"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "WEBP"
    return None


def found_in(data: bytes, kind: str) -> bool:
    """Whether `data`, a picture of `kind`, can also be read as something else."""
    parts = {"JPEG": _jpeg_parts, "PNG": _png_parts, "WEBP": _webp_parts}[kind]
    return zipfile.is_zipfile(io.BytesIO(data)) or any(SIGNS.search(part) for part in parts(data))


def _jpeg_parts(data: bytes) -> Iterator[bytes]:
    """Segments before and between scans, and what follows the end (ITU-T T.81, annex B)."""
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:
            at += 1
            continue
        if marker == 0xD9:
            break
        length = int.from_bytes(data[at + 2 : at + 4], "big")
        yield data[at + 4 : at + 2 + length]
        at += 2 + length
        if marker == 0xDA:
            at = _end_of_scan(data, at)
    yield data[at:]


def _end_of_scan(data: bytes, at: int) -> int:
    """The next marker after compressed data, where 0xFF is followed by 0 or a restart number."""
    while True:
        at = data.find(b"\xff", at)
        if at < 0 or at + 1 >= len(data):
            return len(data)
        if data[at + 1] != 0 and data[at + 1] not in RESTARTS:
            return at
        at += 2


def _png_parts(data: bytes) -> Iterator[bytes]:
    """Chunks other than the pixels, and what follows the end (PNG, chunk layout)."""
    at = len(PNG)
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4], "big")
        name = data[at + 4 : at + 8]
        if name not in (b"IDAT", b"fdAT"):
            yield data[at + 8 : at + 8 + length]
        at += 12 + length
        if name == b"IEND":
            break
    yield data[at:]


def _webp_parts(data: bytes) -> Iterator[bytes]:
    """Chunks other than the pixels, and what follows the end (RIFF container of WebP)."""
    end = min(8 + int.from_bytes(data[4:8], "little"), len(data))
    at = 12
    while at + 8 <= end:
        length = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] not in (b"VP8 ", b"VP8L", b"ALPH", b"ANMF"):
            yield data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    yield data[end:]
