"""The pathway funnel: how many of the incidents that a member may open reach each step, and how soon."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from casework.analysis.funnel import Stage, read_funnel
from casework.services.context import Context
from casework.services.exploring.asking import find_rows, offer
from casework.services.exploring.columns import lay_out
from casework.services.exploring.facets import Unit
from casework.services.exploring.questions import Question
from casework.services.exploring.seeing import see

GROUPED_BY = ("police_service", "contact_group", "roles", "city", "immigration_status")
"""What a funnel can be broken down by."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Funnel:
    """The stages of all incidents, and of each group by the code of its answer, in the order of the list.

    An incident with several answers is in several groups.
    """

    question: Question
    whole: tuple[Stage, ...]
    groups: Mapping[str, tuple[Stage, ...]]
    vague: int
    damaged: int
    offered: Mapping[str, tuple[str, ...]]


def ask_funnel(context: Context, question: Question) -> Funnel:
    """Answer with a funnel of the incidents that a question is about, by what it shows.

    Raises KeyError where that is none of `GROUPED_BY`, Forbidden for who may open no cases.
    """
    if question.show not in GROUPED_BY:
        raise KeyError(question.show)
    asked = replace(question, unit=Unit.INCIDENTS)
    book, seen = see(context)
    kept, vague = find_rows(seen, asked)
    rows = np.flatnonzero(kept)
    states, days = lay_out(book).pathways()
    column = seen.column(Unit.INCIDENTS, asked.show)
    places, codes = column.spread(rows)
    order = np.argsort(codes, kind="stable")
    names = seen.laid.codes(asked.show)
    numbers, begins = np.unique(codes[order], return_index=True)
    split = np.split(rows[places[order]], begins[1:]) if len(numbers) else []
    groups = {
        names[number]: read_funnel(states, days, members)
        for number, members in zip(numbers, split, strict=True)
    }
    whole = read_funnel(states, days, rows)
    return Funnel(asked, whole, groups, int(vague.sum()), len(book.damaged), offer((seen,)))
