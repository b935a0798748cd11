"""Photos on their way in: bounded on the disk, and the text beside them always arrives."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.test import RequestFactory

from linli.cases.forms.uploads import FILES, KEEP


def posted(*files):
    return RequestFactory().post("/", {"text": "桥断了", "photos": list(files)})


def photo(size):
    return SimpleUploadedFile("a.jpg", bytes(size), "image/jpeg")


def test_a_photo_goes_to_the_disk_at_once():
    (file,) = posted(photo(10)).FILES.getlist("photos")
    assert isinstance(file, TemporaryUploadedFile)
    assert file.read() == bytes(10)


def test_what_is_too_large_is_cut_but_its_size_and_the_text_are_told(tmp_path):
    request = posted(photo(KEEP + 5_000_000), photo(7))
    large, small = request.FILES.getlist("photos")
    assert (large.size, len(large.read())) == (KEEP + 5_000_000, KEEP)
    assert small.read() == bytes(7)
    assert request.POST["text"] == "桥断了"


def test_of_too_many_photos_the_rest_leaves_no_bytes():
    files = posted(*(photo(9) for _ in range(20))).FILES.getlist("photos")
    assert len(files) == 20
    assert [len(f.read()) for f in files] == [9] * FILES + [0] * (20 - FILES)


@pytest.mark.parametrize("size", [1_000_000, 2_000_000])
def test_a_very_long_text_reaches_the_form(size):
    request = RequestFactory().post("/", {"text": "字" * size})
    assert len(request.POST["text"]) == size
