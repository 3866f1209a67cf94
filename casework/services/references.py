"""The short references of cases, such as 2026-K7QX: drawn so that no two cases share one (ADR 42)."""

from casework.domain.case import REFERENCE_LENGTHS, new_reference
from casework.errors import Conflict
from casework.services.context import Context
from casework.store import cases as store

_TRIES = 20
"""Of each length: whoever finds none of its references free goes on to a longer one."""


def draw_references(context: Context, count: int, year: int | None = None) -> list[str]:
    """Draw as many different references of a year (this one) that no case has; only under the write lock.

    Raises Conflict where none can be found, Invalid naming `year` as `new_reference` does.
    """
    year, free = year or context.runtime.today().year, dict[str, None]()
    for letters in (letters for letters in REFERENCE_LENGTHS for _ in range(_TRIES)):
        references = [new_reference(year, letters) for _ in range(count - len(free))]
        drawn = {context.runtime.host_key.reference_hmac(reference): reference for reference in references}
        taken = store.list_taken_references(drawn)
        free.update((reference, None) for hmac, reference in drawn.items() if hmac not in taken)
        if len(free) == count:
            return list(free)
    raise Conflict("reference")
