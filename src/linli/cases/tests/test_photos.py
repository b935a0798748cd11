"""Photos: what is taken, what is refused, and what is kept."""

import io
import struct
import zipfile
import zlib
from hashlib import sha256

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image
from PIL.ExifTags import GPS, IFD, Base
from PIL.PngImagePlugin import PngInfo

from linli.cases import photos
from linli.kernel import vault
from linli.kernel.errors import Invalid, Missing, Unavailable

SECRET = "29.6500 N 91.1000 E Tashi"


def picture(size=(64, 48), mode="RGB", colour=(200, 30, 30), kind="JPEG", **options):
    out = io.BytesIO()
    Image.new(mode, size, colour).save(out, kind, **options)
    return out.getvalue()


def noise(size=(300, 200), kind="JPEG"):
    out = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(out, kind)
    return out.getvalue()


def with_exif(orientation=1):
    exif = Image.Exif()
    exif[Base.Orientation] = orientation
    exif[Base.ImageDescription] = SECRET
    exif.get_ifd(IFD.GPSInfo)[GPS.GPSLatitude] = (29.0, 39.0, 0.0)
    return exif


def png_of(width, height):
    """A PNG that says it is very large and holds next to nothing."""

    def chunk(name, body):
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def jpeg_of(width, height):
    """A JPEG whose frame header says it is very large."""
    data = bytearray(picture())
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height, width)
    return bytes(data)


def refused(data):
    with pytest.raises(Invalid) as caught:
        photos.prepare(data)
    return caught.value.code


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_become_jpeg(kind):
    made = photos.prepare(picture(kind=kind))
    with Image.open(io.BytesIO(made.jpeg)) as image:
        assert (image.format, image.size) == ("JPEG", (64, 48))
        assert abs(image.getpixel((30, 20))[0] - 200) < 6
    assert made.digest == sha256(made.jpeg).digest()


def test_the_longer_side_is_at_most_2048():
    made = photos.prepare(picture(size=(5000, 1000)))
    assert made.width == 2048
    assert 405 <= made.height <= 414


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_the_sender_is_left(kind):
    options = {"exif": with_exif(), "icc_profile": b"profile " + SECRET.encode() + bytes(200)}
    if kind == "JPEG":
        options["comment"] = SECRET
    if kind == "PNG":
        options["pnginfo"] = PngInfo()
        options["pnginfo"].add_text("Author", SECRET)
    sent = picture(kind=kind, xmp=f"<x:xmpmeta>{SECRET}</x:xmpmeta>".encode(), **options)
    assert SECRET.encode() in sent
    made = photos.prepare(sent)
    assert SECRET.encode() not in made.jpeg
    with Image.open(io.BytesIO(made.jpeg)) as image:
        assert not image.getexif()
        assert {"icc_profile", "comment", "exif", "xmp"}.isdisjoint(image.info)


def test_a_photo_taken_sideways_is_kept_upright():
    made = photos.prepare(picture(size=(80, 20), exif=with_exif(orientation=6)))
    assert (made.width, made.height) == (20, 80)


def test_transparency_becomes_white():
    made = photos.prepare(picture(mode="RGBA", colour=(0, 0, 0, 0), kind="PNG"))
    with Image.open(io.BytesIO(made.jpeg)) as image:
        assert min(image.getpixel((5, 5))) > 250


@pytest.mark.parametrize("mode", ["L", "CMYK", "1"])
def test_other_colour_models_become_rgb(mode):
    colour = (0, 0, 0, 0) if mode == "CMYK" else 1
    kind = "PNG" if mode == "1" else "JPEG"
    with Image.open(io.BytesIO(photos.prepare(picture((9, 9), mode, colour, kind)).jpeg)) as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"GIF89a/*<script>alert(1)</script>*/",
        b"%PDF-1.7\n",
        b"\0\0\0\x18ftypheic\0\0\0\0",
        b"BM" + bytes(60),
        b"just words",
    ],
    ids=["html", "svg", "gif", "pdf", "heic", "bmp", "text"],
)
def test_by_content_not_by_name(data):
    assert refused(data) == "photo-type"


def zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("run.js", "alert(1)")
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize(
    "rider",
    [
        b"<script>alert(1)</script>",
        b"\n<HTML>hello",
        b"<?php system($_GET[0]);",
        b"%PDF-1.4",
        zipped(),
    ],
    ids=["script", "html", "php", "pdf", "zip"],
)
def test_something_after_the_end_of_a_picture(kind, rider):
    assert refused(noise(kind=kind) + rider) == "photo-mixed"


def test_a_script_in_a_comment():
    assert refused(picture(comment="*/</style><script>alert(1)</script>")) == "photo-mixed"


def test_a_script_in_the_notes_of_a_png():
    info = PngInfo()
    info.add_text("Comment", "<script>alert(1)</script>")
    assert refused(picture(kind="PNG", pnginfo=info)) == "photo-mixed"


def test_a_script_in_the_notes_of_a_webp():
    assert refused(picture(kind="WEBP", exif=b"Exif\0\0<script>alert(1)</script>")) == "photo-mixed"


def test_a_preview_after_the_end_is_what_phones_do():
    assert photos.prepare(noise() + noise((40, 40))).width == 300


def test_noise_is_not_taken_for_a_stowaway():
    for seed in range(3):
        photos.prepare(noise((900 + seed, 700)))


@pytest.mark.parametrize(
    "data", [png_of(20_000, 10_000), jpeg_of(20_000, 10_000), png_of(6000, 6000)]
)
def test_two_hundred_megapixels_are_not_decoded(data):
    assert refused(data) == "photo-pixels"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("share", [0.02, 0.3, 0.9])
def test_a_truncated_photo(kind, share):
    data = noise(kind=kind)
    assert refused(data[: int(len(data) * share)]) in {"photo-broken", "photo-type"}


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_moving_pictures(kind):
    frames = [Image.new("RGB", (20, 20), c) for c in ("red", "green", "blue")]
    out = io.BytesIO()
    frames[0].save(out, kind, save_all=True, append_images=frames[1:], duration=100)
    assert refused(out.getvalue()) == "photo-animated"


def test_a_phone_s_picture_with_a_second_one_inside_gives_the_first():
    out = io.BytesIO()
    first, second = Image.new("RGB", (50, 40), "red"), Image.new("RGB", (20, 20), "blue")
    first.save(out, "MPO", save_all=True, append_images=[second])
    assert photos.prepare(out.getvalue()).width == 50


def test_an_empty_file():
    assert refused(b"") == "photo-empty"


def uploads(count, data=None):
    return [SimpleUploadedFile(f"{n}.jpg", data or picture()) for n in range(count)]


def test_five_photos_and_not_six():
    assert len(photos.prepare_all(uploads(5))) == 5
    with pytest.raises(Invalid) as caught:
        photos.prepare_all(uploads(6))
    assert caught.value.code == "photo-many"


def test_more_than_ten_megabytes():
    with pytest.raises(Invalid) as caught:
        photos.prepare_all(uploads(1, picture() + bytes(photos.LARGEST)))
    assert caught.value.code == "photo-size"


@pytest.fixture
def files(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}},
    }
    return tmp_path / "files"


@pytest.mark.django_db
def test_kept_locked_fetched_and_erased(files):
    key, made = vault.new_key(), photos.prepare(noise())
    address = photos.keep(key, made)
    (path,) = (p for p in files.rglob("*") if p.is_file())
    assert path.name == address == sha256(path.read_bytes()).hexdigest()
    assert made.jpeg[:100] not in path.read_bytes()
    assert photos.fetch(key, address) == made.jpeg
    photos.erase(address)
    photos.erase(address)
    with pytest.raises(Missing):
        photos.fetch(key, address)


@pytest.mark.django_db
def test_the_same_photo_in_two_cases_shares_nothing(files):
    one, two, made = vault.new_key(), vault.new_key(), photos.prepare(picture())
    assert photos.keep(one, made) != photos.keep(two, made)
    with pytest.raises(Unavailable):
        photos.fetch(two, photos.keep(one, made))


@pytest.mark.django_db
def test_a_photo_dies_with_its_key(files):
    key = vault.new_key()
    address = photos.keep(key, photos.prepare(picture()))
    vault.destroy(key)
    with pytest.raises(Missing):
        photos.fetch(key, address)
