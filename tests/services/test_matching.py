"""Searching: found by looking up what is hit is what is found by going through everything."""

from dataclasses import replace
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.incident import IncidentNarrative
from casework.domain.person import PersonIdentity
from casework.services import matching
from casework.services.books import FactBook, OpenedIncident, PersonTexts, TextBook, searched_narrative
from casework.services.foldedtexts import FoldedTexts
from casework.services.matching import Matches, Shown, match
from casework.services.textreading import with_texts
from tests.services.snapshots import CASES, INCIDENTS, PEOPLE, Step, follow, steps

WORDS = ("river", "window", "rivera", "wendow", "car")
TEXTS = st.lists(st.sampled_from(WORDS), max_size=3).map(" ".join)
SAID = st.dictionaries(CASES, TEXTS, max_size=2)


@settings(deadline=None)
@given(
    st.lists(steps(), min_size=1, max_size=3),
    st.dictionaries(PEOPLE, TEXTS),
    st.dictionaries(INCIDENTS, TEXTS),
    SAID,
    st.sets(CASES),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=2, unique=True).map(" ".join),
)
def test_what_is_looked_up_is_what_is_gone_through(
    changes: list[Step],
    names: dict[UUID, str],
    told: dict[UUID, str],
    said: dict[UUID, str],
    hidden: set[UUID],
    searched: str,
) -> None:
    """In the same order, with similar names too; and nothing that fits in no word, or is not shown."""
    book = FactBook()
    for step in changes:
        book = follow(book, step)
    texts = with_texts(
        TextBook(),
        {id_: PersonTexts.of(PersonIdentity(name=name)) for id_, name in names.items()},
        {id_: searched_narrative(IncidentNarrative(text, "")) for id_, text in told.items()},
    )
    # Who is shown an incident has its text: what did not open is shown to nobody.
    texts = replace(
        texts, narratives=FoldedTexts().changed(dict.fromkeys(book.incidents, "") | dict(texts.narratives))
    )
    with pytest.MonkeyPatch.context() as patch:
        looked_up = _match(searched, book, texts, said, hidden)
        patch.setattr(matching, "_MOST_GATHERED", -1)
        patch.setattr(matching, "_FEW", 100)
        patch.setattr(matching, "_MOST_LEFT_OUT", -1)
        assert looked_up == _match(searched, book, texts, said, hidden)
    exact = [one for one in _shown(book, hidden) if _fits(one, searched, book, texts, said)]
    assert looked_up.exact == exact
    assert not {one.id for one in looked_up.similar} & {one.id for one in exact}


def _match(
    searched: str, book: FactBook, texts: TextBook, said: dict[UUID, str], hidden: set[UUID]
) -> Matches:
    shown = Shown(lambda: _shown(book, hidden), lambda one: one.case_id not in hidden)
    return match(
        searched, shown, book, texts, lambda word: {case.int for case, text in said.items() if word in text}
    )


def _shown(book: FactBook, hidden: set[UUID]) -> list[OpenedIncident]:
    return [one for one in book.incidents_by_date if one.case_id not in hidden]


def _fits(one: OpenedIncident, searched: str, book: FactBook, texts: TextBook, said: dict[UUID, str]) -> bool:
    people = [texts.names.get(person.id, "") for person in book.people_by_case.get(one.case_id, ())]
    rest = " ".join((*people, said.get(one.case_id, "")))
    narrative = texts.narratives.get(one.id) or ""
    return all(word in narrative or word in rest for word in searched.split())
