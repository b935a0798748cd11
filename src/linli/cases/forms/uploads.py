"""Photos on their way in: to the disk as they come, and no further than they may be.

The request is read before any view runs, so nobody holds a lock or a transaction while forty
phones send at one kilobyte a second. What is over the limit is read and thrown away instead of
refused on the spot: the text beside it arrives, and the person hears which photo was too large.
"""

from typing import Any

from django.core.files.uploadhandler import TemporaryFileUploadHandler

from linli.cases.photos import LARGEST, MOST

KEEP = LARGEST + 1  # enough to see that it is too large
FILES = MOST + 1  # enough to see that they are too many


class PhotoUploads(TemporaryFileUploadHandler):
    """Writes at most ten megabytes of at most six files to the disk and forgets the rest.

    Temporary files belong to the request and go with it.
    """

    files = 0
    written = 0

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        """Begin the next file."""
        super().new_file(*args, **kwargs)
        self.files += 1
        self.written = 0

    def receive_data_chunk(self, raw_data: bytes, _start: int) -> None:
        """Keep what is within the limits of this piece of a file."""
        room = KEEP - self.written if self.files <= FILES else 0
        self.file.write(raw_data[:room])
        self.written += min(len(raw_data), room)
