"""Signals off the coded index are those off the records, for whoever asks, with the same incidents behind."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from casework.services.access import list_hidden
from casework.services.accounts.seen import list_seen_once
from casework.services.index.facts import Blocks
from casework.services.index.guards import find_open
from casework.services.signals.columns import Columns, lay_out
from casework.services.signals.indexed import lay_out_indexed
from tests.services.exploring.worlds import World, worlds
from tests.services.index.indexing import everything


def _told(columns: Columns) -> tuple[int, list[tuple[int, ...]]]:
    dated = columns.dated
    rows = zip(dated.first, dated.last, dated.logged, *columns.answers, strict=True)
    return columns.undated, sorted(tuple(int(one) for one in row) for row in rows)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), world=worlds())
def test_the_same_incidents_are_looked_at(data: Any, world: World) -> None:
    """Whichever cases changed since the index was made, and whatever is closed to who asks."""
    everywhere = sorted(one.id for one in everything(world.book)[0])
    over_index = world.over_index(data.draw(st.sets(st.sampled_from(everywhere))))
    context, indexed = world.context, over_index.indexed
    assert indexed is not None
    blocks, book = Blocks(None, indexed), indexed.fresh  # type: ignore[arg-type]  # no key is asked for
    _closed, is_open = find_open(context, blocks)
    fresh = list_seen_once(context, book, list_hidden(context, book))
    records = list_seen_once(context, world.book, list_hidden(context, world.book))
    by_records = lay_out(records, world.book.cases)
    assert _told(lay_out_indexed(context, blocks, is_open, fresh)) == _told(by_records)
