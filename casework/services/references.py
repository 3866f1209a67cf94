"""The short references of cases, such as 2026-K7QX: drawn so that no two cases share one."""

from casework.domain.case import new_reference
from casework.errors import Conflict
from casework.services.context import Context
from casework.store import cases as store

_REFERENCE_TRIES = 50


def draw_references(context: Context, count: int, year: int | None = None) -> list[str]:
    """Draw as many different references of a year (this one) that no case has; only under the write lock."""
    year, free = year or context.runtime.today().year, dict[str, None]()
    for _ in range(_REFERENCE_TRIES):
        references = [new_reference(year) for _ in range(count - len(free))]
        drawn = {context.runtime.host_key.reference_hmac(reference): reference for reference in references}
        taken = store.list_taken_references(drawn)
        free.update((reference, None) for hmac, reference in drawn.items() if hmac not in taken)
        if len(free) == count:
            return list(free)
    raise Conflict("reference")
