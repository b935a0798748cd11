"""Photos that people send: judged by content, made anew, and kept locked.

A photo passes three gates. Its first bytes say what it is (JPEG, PNG or WebP; the name and the
browser's word count for nothing). Nothing else may ride in it: a page, a script, an archive or a
document beside the picture is refused. Then the picture alone is decoded and written anew as JPEG,
upright, at most 2048 pixels a side, without EXIF, GPS, XMP, ICC profile or comment: what is kept
was written by this module, not by the sender.

Kept photos lie in VAR/files under the SHA-256 of their locked bytes, so two copies of one picture
in two cases have nothing in common on the disk. The case commits to the SHA-256 of the JPEG.

Error codes: photo-many, photo-size, photo-empty, photo-type, photo-mixed, photo-pixels,
photo-animated, photo-broken.
"""

import datetime as dt
import io
import os
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any, BinaryIO, Protocol

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

from linli.cases import stowaways
from linli.kernel import vault
from linli.kernel.errors import Invalid, Missing
from linli.kernel.models import CaseKey

MOST = 5
LARGEST = 10 * 1024 * 1024  # bytes of one file as it arrives
SIDE = 2048  # pixels of the longer side as kept
QUALITY = 82
# JPEG is decoded at a fraction of its size; the others need every pixel in memory.
PIXELS = {"JPEG": 64_000_000, "PNG": 25_000_000, "WEBP": 25_000_000}
LABEL = "photo"
TOO_MANY = _("At most five photos, please.")
_decoding = threading.BoundedSemaphore(2)  # pictures decoded at once, so that memory is bounded


class Upload(Protocol):
    """What is needed of an uploaded file."""

    size: int | None

    def open(self, mode: str | None = None) -> BinaryIO:
        """The file, read from its start."""


@dataclass(frozen=True)
class Picture:
    """A photo made anew; `digest` is the SHA-256 of `jpeg`."""

    jpeg: bytes
    width: int
    height: int

    @property
    def digest(self) -> bytes:
        """What the opening record of a case commits to."""
        return sha256(self.jpeg).digest()


def prepare_all(uploads: Sequence[Upload]) -> list[Picture]:
    """Every upload made anew, or Invalid for the first that cannot be: all or nothing."""
    if len(uploads) > MOST:
        raise Invalid("photo-many", TOO_MANY)
    return [prepare(_read(upload)) for upload in uploads]


def _read(upload: Upload) -> bytes:
    if upload.size is None or upload.size > LARGEST:
        raise Invalid("photo-size", _("A photo is larger than 10 MB. Please send a smaller one."))
    with upload.open("rb") as file:
        return file.read(LARGEST + 1)


def prepare(data: bytes) -> Picture:
    """The picture in `data`, made anew; Invalid with a stable code when it is not one we take."""
    if not data:
        raise Invalid("photo-empty", _("A photo is empty. Please choose it again."))
    if len(data) > LARGEST:
        raise Invalid("photo-size", _("A photo is larger than 10 MB. Please send a smaller one."))
    kind = stowaways.kind_of(data)
    if kind is None:
        raise Invalid("photo-type", _("A file is not a photo that we can read (JPEG, PNG, WebP)."))
    if stowaways.found_in(data, kind):
        raise Invalid("photo-mixed", _("A photo carries something that is not a picture."))
    with _decoding:
        return _made_anew(data, kind)


def _made_anew(data: bytes, kind: str) -> Picture:
    try:
        with Image.open(io.BytesIO(data), formats=[kind]) as image:
            _refuse_by_header(image, kind)
            if kind == "JPEG":
                image.draft("RGB", (SIDE, SIDE))
            opaque = _on_white(image)
            opaque.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
            return _written(ImageOps.exif_transpose(opaque))
    except Image.DecompressionBombError:
        raise _too_many_pixels() from None
    except Invalid:
        raise
    except Exception as error:  # decoders fail in many ways on hostile bytes
        raise Invalid("photo-broken", _("A photo is damaged or incomplete.")) from error


def _refuse_by_header(image: Image.Image, kind: str) -> None:
    if image.width * image.height > PIXELS[kind]:
        raise _too_many_pixels()
    # A JPEG with several pictures is how some phones keep a preview; its first one is the photo.
    if kind != "JPEG" and getattr(image, "is_animated", False):
        raise Invalid("photo-animated", _("A moving picture cannot be sent; a photo can."))


def _too_many_pixels() -> Invalid:
    return Invalid("photo-pixels", _("A photo has too many pixels. Please send a smaller one."))


def _on_white(image: Image.Image) -> Image.Image:
    if image.has_transparency_data:
        layer = image.convert("RGBA")
        paper = Image.new("RGB", layer.size, "white")
        paper.paste(layer, mask=layer.getchannel("A"))
        return paper
    return image.convert("RGB")


def _written(image: Image.Image) -> Picture:
    # Copying the pixels alone leaves behind every note that the decoder attached.
    bare = Image.frombytes("RGB", image.size, image.tobytes())
    out = io.BytesIO()
    bare.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return Picture(jpeg=out.getvalue(), width=bare.width, height=bare.height)


def keep(key: CaseKey, picture: Picture) -> str:
    """Lock the picture with the case's key, put it on the disk, and return its address there.

    Written beside its final name and then renamed, so a crash leaves no half photo. A photo whose
    transaction is rolled back stays as an unreadable file until `jobs.sweep_photos` finds it.
    """
    locked = vault.lock(key, picture.jpeg, label=LABEL)
    path = _path(address(locked))
    path.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=path.parent, delete=False) as file:
        file.write(locked)
        file.flush()
        os.fsync(file.fileno())
    Path(file.name).replace(path)
    return path.name


def address(locked: bytes) -> str:
    """Where locked bytes lie."""
    return sha256(locked).hexdigest()


def put(locked: bytes) -> None:
    """Put locked bytes on the disk, at their address, without waiting.

    A crash may leave half a photo: for a load that starts over then, as the demonstration's.
    """
    path = _path(address(locked))
    path.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(locked)


def fetch(key: CaseKey, address: str) -> bytes:
    """The JPEG at `address`; Missing when it, or its key, is gone."""
    try:
        locked = _path(address).read_bytes()
    except FileNotFoundError:
        raise Missing("erased") from None
    return vault.unlock_bytes(key, locked, label=LABEL)


def erase(address: str) -> None:
    """Delete the file at `address`; no error when it is already gone."""
    _path(address).unlink(missing_ok=True)


def addresses(*, before: dt.datetime) -> Iterator[str]:
    """Addresses of the files that were written before a moment."""
    for path in folder().glob("??/*"):
        if path.stat().st_mtime < before.timestamp():
            yield path.name


def folder() -> Path:
    """Where locked photos lie."""
    storages: Any = settings.STORAGES
    return Path(storages["default"]["OPTIONS"]["location"]) / "photos"


def _path(address: str) -> Path:
    return folder() / address[:2] / address
