"""Facts about what is published."""

import datetime as dt

from linli.kernel.events import Code, Event


class TalliesRebuilt(Event):
    """The tallies of a month were counted anew."""

    tallies: int  # how many
    month: dt.date


class PrivateMonthFrozen(Event):
    """The private cases of a month were counted, once and for all."""

    counts: int  # how many counts are large enough to be published
    month: dt.date
    rule: Code
