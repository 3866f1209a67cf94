"""The index held against the records that it was made from, each opened."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import numpy as np
import numpy.typing as npt

from casework.analysis.columns import NOBODY, Block
from casework.errors import IndexUnusable
from casework.services.context import Context
from casework.services.index.blocks import CASES_AT_ONCE, lay_out_cases, open_block
from casework.services.index.manifest import Manifest, open_manifest
from casework.services.index.rows import SCHEMA
from casework.store.database import db
from casework.store.factindex import find_index, list_case_ids, list_cases_after, list_column_ids
from casework.vault.fields import Compartment

Told = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Verified:
    """How many cases the blocks hold, and which of them, changed since apart, are otherwise in the records.

    `missing` are cases of the records that are in no block and were not changed since; `surplus` counts
    columns that no block names. `reason` is why the index is not used at all.
    """

    cases: int = 0
    changed_since: int = 0
    differing: tuple[UUID, ...] = ()
    missing: tuple[UUID, ...] = ()
    surplus: int = 0
    reason: str = ""

    @property
    def is_sound(self) -> bool:
        """Whether the index tells nothing but what the records do."""
        return not (self.differing or self.missing or self.surplus or self.reason)


def verify_index(context: Context) -> Verified:
    """Open every block and every record in it, and compare; raises UnknownKey without the coded key."""
    context.keyring.write_epoch(Compartment.CODED)
    db.session.rollback()
    try:
        version, sealed = find_index()
        manifest = open_manifest(context.keyring, version, sealed)
        if manifest.is_damaged:
            raise IndexUnusable("damaged")
        return _compare(context, manifest)
    except IndexUnusable as unusable:
        return Verified(reason=unusable.reason)


def _compare(context: Context, manifest: Manifest) -> Verified:
    changed = list_cases_after(manifest.generation) | manifest.dropped
    held, differing = set[UUID](), list[UUID]()
    for piece in manifest.pieces:
        told = dict(_tell(open_block(context.keyring, piece)))
        differing += [case_id for case_id in told if case_id in held]
        held |= told.keys()
        wanted = sorted(told.keys() - changed)
        for start in range(0, len(wanted), CASES_AT_ONCE):
            some = wanted[start : start + CASES_AT_ONCE]
            differing += _differing(context, told, some)
    named = {id_ for piece in manifest.pieces for id_ in piece.columns.values()}
    missing = set(list_case_ids()) - held - changed
    return Verified(
        len(held), len(changed), tuple(differing), tuple(sorted(missing)), len(list_column_ids() - named)
    )


def _differing(context: Context, told: dict[UUID, Told], wanted: Sequence[UUID]) -> Iterator[UUID]:
    truth: dict[UUID, Told] = {}
    for block in lay_out_cases(context.keyring, wanted):
        truth |= dict(_tell(block))
    return (case_id for case_id in wanted if truth.get(case_id) != told[case_id])


def _tell(block: Block) -> Iterator[tuple[UUID, Told]]:
    """Go through the cases of a block with all that it tells of each, however its rows lie."""
    ids = [UUID(bytes=one.tobytes()) for one in block["cases"].arrays["id"]]
    rows: dict[int, list[Told]] = {at: [] for at in range(len(ids))}
    for table, layout in SCHEMA.items():
        answers = [block[table].answers[name].answers() for name in layout.answers]
        own = [[one.tobytes() for one in block[table].arrays[name]] for name in layout.ids]
        led = [_tell_references(block, table, name) for name in layout.references]
        for case, *row in zip(_cases_of(block, table), *answers, *own, *led, strict=True):
            rows[int(case)].append((table, *row))
    for at, id_ in enumerate(ids):
        yield id_, tuple(sorted(rows[at], key=repr))


def _cases_of(block: Block, table: str) -> Sequence[int]:
    """Return the number of the case of each row."""
    numbers: npt.NDArray[Any] = np.arange(block[table].count)
    while table != "cases":
        column, leads_to = next(iter(SCHEMA[table].references.items()))
        numbers = block[table].arrays[column][numbers]
        table = leads_to
    listed: list[int] = numbers.tolist()
    return listed


def _tell_references(block: Block, table: str, column: str) -> list[object]:
    """Return whom each row leads to, by the id there."""
    ids = block[SCHEMA[table].references[column]].arrays["id"]
    return [None if at == NOBODY else ids[at].tobytes() for at in block[table].arrays[column]]
