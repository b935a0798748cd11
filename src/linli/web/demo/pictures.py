"""Drawn photos: what people send with a report, and what a unit shows as its result.

A few for each kind of spot, drawn once and shared by many cases. Each case still locks its own
copy, as it would a photo from a telephone.
"""

import io
import random
from functools import cache

from PIL import Image, ImageDraw

from linli.cases.photos import Picture, prepare
from linli.engines.prefecture.seasons import habit

SIZE = (640, 480)
EACH = 3  # drawings of a kind of spot
SKY, HILLS, DARK = (176, 203, 222), (122, 140, 96), (58, 52, 48)
ASPHALT, WATER, WALL, GRASS = (120, 116, 110), (104, 134, 150), (196, 178, 150), (150, 160, 104)


def sent(service: str, count: int, wording: int) -> tuple[Picture, ...]:
    """What somebody sends with a report of this service: so many different drawings."""
    found = _album(habit(service).where, done=False)
    return tuple(found[(wording + i) % len(found)] for i in range(min(count, len(found))))


def result(service: str, wording: int) -> Picture:
    """What a unit shows when it is done: the same kind of spot without the trouble."""
    found = _album(habit(service).where, done=True)
    return found[wording % len(found)]


@cache
def _album(spot: str, *, done: bool) -> list[Picture]:
    chance = random.Random(f"{spot} {done}")  # noqa: S311 - where a pothole lies
    return [_drawn(spot, chance, done=done) for _ in range(EACH)]


def _drawn(spot: str, chance: random.Random, *, done: bool) -> Picture:
    """Sky, hills, and in front of them a road, a river, a wall or a meadow; and what is wrong."""
    wide, high = SIZE
    image = Image.new("RGB", SIZE, SKY)
    draw = ImageDraw.Draw(image)
    ridge = [(x, high * 2 // 5 + chance.randrange(-40, 40)) for x in range(0, wide + 61, 60)]
    draw.polygon([(0, high), *ridge, (wide, high)], fill=HILLS)
    if spot == "home":
        draw.rectangle((wide // 5, high // 3, wide * 4 // 5, high), fill=WALL)
    elif spot == "pasture":
        draw.rectangle((0, high * 3 // 5, wide, high), fill=GRASS)
    else:
        colour = WATER if spot == "river" else ASPHALT
        near, far = chance.randrange(160, 240), chance.randrange(290, 330)
        draw.polygon([(near, high), (far, 230), (far + 40, 230), (near + 280, high)], fill=colour)
    if not done:
        left, top = chance.randrange(250, 330), chance.randrange(340, 400)
        draw.ellipse((left, top, left + chance.randrange(60, 110), top + 40), fill=DARK)
    out = io.BytesIO()
    image.save(out, "JPEG", quality=80)
    return prepare(out.getvalue())
