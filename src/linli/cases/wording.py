"""Words as search compares them: without capitals, width and spelling variants of one letter."""

import unicodedata

ENDS = "་།.,;:!?。，、；：！？"  # marks at the ends of a word somebody looks for
MOST = 8
LONGEST = 8000  # a public text of 2,000 characters, some of which come apart into several


def folded(text: str) -> str:
    """A text in the form that is searched; what looks the same is the same in it."""
    return unicodedata.normalize("NFKC", text).casefold()[:LONGEST]


def sought(words: str) -> list[str]:
    """What to look for: each of these is part of the folded text. At most eight."""
    found = dict.fromkeys(word.strip(ENDS) for word in folded(words).split())
    return [word for word in found if word][:MOST]
