"""Rows of the journal: what was recorded, what is sealed, and how far each reaction has read."""

from django.db import models


class Entry(models.Model):
    """One recorded fact. Never changed, never deleted, never free text."""

    at = models.DateTimeField()
    event = models.CharField(max_length=60)
    subject_kind = models.CharField(max_length=40)
    subject = models.BigIntegerField()
    by = models.ForeignKey("kernel.Account", models.PROTECT, null=True, related_name="+")
    body = models.BinaryField()
    salt = models.BinaryField()
    leaf = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["subject", "subject_kind"])]

    def __str__(self) -> str:
        return f"{self.event} {self.subject_kind} {self.subject}"


class Pending(models.Model):
    """An entry that waits for its number. Written with it, taken by the sealer."""

    entry = models.OneToOneField(Entry, models.PROTECT, primary_key=True, related_name="+")

    def __str__(self) -> str:
        return str(self.pk)


class Sealed(models.Model):
    """The one order: number n is the n-th committed entry, chained to the one before."""

    number = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="sealed")
    chain = models.BinaryField()

    def __str__(self) -> str:
        return str(self.number)


class SealerState(models.Model):
    """The single row that the sealer locks: last number, chain hash, the tree's frontier."""

    size = models.BigIntegerField(default=0)
    chain = models.BinaryField(default=bytes)
    frontier = models.BinaryField(default=bytes)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="one_sealer")]

    def __str__(self) -> str:
        return str(self.size)


class TreeHead(models.Model):
    """The Merkle tree's root at a size, signed: published, so that nobody can take it back."""

    size = models.BigIntegerField(unique=True)
    root = models.BinaryField()
    at = models.DateTimeField()
    signature = models.BinaryField()

    def __str__(self) -> str:
        return f"{self.size} at {self.at:%Y-%m-%d}"


class Cursor(models.Model):
    """How far one reaction has read the sealed order."""

    reaction = models.CharField(max_length=80, primary_key=True)
    number = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.reaction} at {self.number}"


class Failure(models.Model):
    """One entry that one reaction could not handle: tried again later, and shown to somebody."""

    reaction = models.CharField(max_length=80)
    sealed = models.ForeignKey(Sealed, models.PROTECT, related_name="+")
    tries = models.PositiveIntegerField(default=1)
    next_try = models.DateTimeField(null=True)
    error = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reaction", "sealed"], name="one_failure_an_entry")
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.sealed_id}: {self.error}"
