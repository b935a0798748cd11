"""Reading GeoJSON one feature at a time, so that a large file needs no large memory."""

import codecs
import json
from collections.abc import Iterator
from typing import IO, Any, NoReturn

CHUNK = 1 << 18
LONGEST = 1 << 28  # characters of one feature; a country's coast has a tenth of that
SPACE = " \t\r\n"
# At the end of what was read (also ""), a number may go on: of "0.5" perhaps "0." is here so far.
GOES_ON = (*"0123456789.eE+-", "")


class NotGeoJson(ValueError):
    """The file is no GeoJSON feature collection; the message says where."""


class Reader:
    """Features of a collection, and its other members in `head` as they come by."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._decoder = json.JSONDecoder(parse_constant=_no_constant)
        self._utf8 = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._at = 0
        self._ended = False
        self.head: dict[str, Any] = {}

    def features(self) -> Iterator[dict[str, Any]]:
        """Each feature of the collection. Raises NotGeoJson, also half-way through."""
        self._expect("{")
        while (mark := self._next()) != "}":
            if mark == ",":
                self._at += 1
            key = self._value()
            self._expect(":")
            if key == "features":
                yield from self._list()
            else:
                self.head[str(key)] = self._value()
        if self.head.get("type") != "FeatureCollection":
            raise NotGeoJson("not a FeatureCollection")

    def _list(self) -> Iterator[dict[str, Any]]:
        self._expect("[")
        while (mark := self._next()) != "]":
            if mark == ",":
                self._at += 1
            feature = self._value()
            if not isinstance(feature, dict) or feature.get("type") != "Feature":
                raise NotGeoJson("something in the list is no Feature")
            yield feature
        self._at += 1

    def _next(self) -> str:
        """The next character that is no space."""
        while True:
            while self._at < len(self._text):
                if self._text[self._at] not in SPACE:
                    return self._text[self._at]
                self._at += 1
            if not self._more():
                raise NotGeoJson("the file ends too early")

    def _expect(self, character: str) -> None:
        if self._next() != character:
            raise NotGeoJson(f"“{character}” expected")
        self._at += 1

    def _value(self) -> Any:
        """The next value, reading on until it is whole."""
        self._next()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                if not self._more():
                    raise NotGeoJson(error.msg) from error
                continue
            except RecursionError as error:
                raise NotGeoJson("nested too deeply") from error
            if self._text[end : end + 1] in GOES_ON and self._more():
                continue
            self._at = end
            return value

    def _more(self) -> bool:
        """Read on; at least as much as there is, so that long features are tried a few times."""
        if self._ended:
            return False
        self._text = self._text[self._at :]
        self._at = 0
        if len(self._text) > LONGEST:
            raise NotGeoJson("one feature is too long")
        data = self._file.read(max(CHUNK, len(self._text)))
        self._ended = not data
        self._text += self._utf8.decode(data, final=self._ended)
        return True


def _no_constant(name: str) -> NoReturn:
    raise NotGeoJson(f"{name} is no number")
