"""Facts about messages: which, never to whom."""

from linli.kernel.events import Code, Event


class MessageWritten(Event):
    """A message was written to the contact of a case."""

    message: int
    template: Code


class MessagesEmptied(Event):
    """The messages of an erased case were emptied."""

    messages: int  # how many
