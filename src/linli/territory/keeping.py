"""What was fixed by hand stays so when a plan is changed by hand."""

from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.kernel.errors import Conflict
from linli.territory.models import Binding, BindingKind, Plan

Ints = NDArray[np.int64]


def refuse_breach(plan: Plan, before: Ints, after: Ints) -> None:
    """Raise Conflict `binding-broken` where `after` breaks what was fixed and `before` did not.

    `fields` holds the reason of the binding, and its key. What is broken already, until the next
    run, may stay so.
    """
    for binding in plan.bindings.all():
        if set(_breaches(binding, before, after)) - set(_breaches(binding, before, before)):
            raise Conflict(
                "binding-broken",
                _("This is fixed in the plan. Release it first, or leave it as it is."),
                fields={"binding": binding.pk, "reason": binding.reason},
            )


def _breaches(binding: Binding, before: Ints, labels: Ints) -> Iterator[object]:
    """What of a binding does not hold with these labels."""
    at = np.array(binding.positions, dtype=np.int64)
    if binding.kind == BindingKind.LOCK:
        changed = (labels == binding.grid) != (before == binding.grid)
        yield from np.flatnonzero(changed).tolist()
    elif binding.kind == BindingKind.TOGETHER:
        yield from np.unique(labels[at]).tolist()[1:]
    elif binding.kind == BindingKind.APART:
        one, two = np.triu_indices(len(at), 1)
        same = labels[at[one]] == labels[at[two]]
        yield from zip(one[same].tolist(), two[same].tolist(), strict=True)
