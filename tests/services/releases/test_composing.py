"""What a release counts is what statistics count: the same people and incidents, in the same lines."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from casework.disclosure.ledger.records import count_release
from casework.disclosure.ledger.tags import tag_codes
from casework.domain.period import Period
from casework.domain.person import Consent, PersonFacts
from casework.domain.release import Release
from casework.domain.timelabels import label_period
from casework.errors import DisclosureRefused, Invalid
from casework.services.releases.composing import check_periods, check_tables, coarser, compose
from casework.services.statistics.dimensions import Unit, get_dimension
from tests.services.releases.tagged import ASKED, MORE, make_tagged
from tests.services.releases.written import draft
from tests.services.statistics.books import Told, agreed, ask, make_book, tally

DRIVER = ("driver",)
REFUSED = PersonFacts(consents={"statistics": Consent("refused")})
WRITTEN = ("2025-01", "2025-05-03", "2025-spring", "2025", "2025-12", "2024-winter", "2025-winter", "unknown")
PERIOD = Period((2024, 1), (2025, 4))


def make() -> tuple[object, ...]:
    """Return forty cases over all kinds of dates, some of one person, and those who refuse."""
    people = {number: agreed(gender=("woman", "man")[number % 2]) for number in range(1, 50)} | {99: REFUSED}
    told = [
        Told(case, WRITTEN[case % 8], {"police_service": ("spvm", "sq", "opp")[case % 3]}, [(case, DRIVER)])
        for case in range(1, 41)
    ]
    told += [Told(41, "2025-03", {}, [(99, DRIVER)]), Told(1, "2025-07", {}, [(1, DRIVER)])]
    return told, people


@pytest.mark.parametrize("unit", Unit)
@pytest.mark.parametrize(
    "names",
    [("police_service",), ("police_level", "quarter"), ("year", "police_service"), ("quarter",), ("year",)],
)
def test_every_cell_is_that_of_statistics(unit: Unit, names: tuple[str, ...]) -> None:
    """Margins, and what is not known to the quarter or the year, included."""
    book = make_book(*make())  # type: ignore[arg-type]
    wanted = draft([names], 2024, 2025, unit.value)
    composed = compose(book, wanted)
    (counted,), (layout,) = count_release(composed.records, composed.layouts).tallies, composed.layouts
    labels = [_labels(layout.labels(place))[: len(names)] for place in layout.places()]
    ours = dict(zip(labels, counted.units.tolist(), strict=True))
    selection = ask(names[0], names[1] if len(names) > 1 else "", unit, "2024", "2025")
    theirs = tally(book, selection)
    assert ours["total",] >= 30 if len(names) == 1 else ours["total", "total"] >= 30
    assert theirs == {key: count for key, count in ours.items() if count}


def _labels(cell: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """A cell as statistics name it: there the period is no part of a name."""
    whole = label_period(PERIOD)
    return tuple("total" if label == whole else label.removesuffix(f" {whole}") for _axis, label in cell)


def test_one_person_of_two_incidents_counts_once_and_whoever_refuses_does_not() -> None:
    """As in statistics; of an incident it is told who was in it, whatever case they are of."""
    book = make_book(*make())  # type: ignore[arg-type]
    people = compose(book, draft([("gender",)], 2024, 2025, "people")).records
    incidents = compose(book, draft([("police_service",)], 2024, 2025)).records
    assert len(incidents.case_ids) == len(people.case_ids) + 1
    assert len(set(incidents.case_ids.tolist())) == len(people.case_ids)


def test_axes_are_those_that_are_asked_for_and_when() -> None:
    """What is not in a table leaves no trace in the ledger."""
    book = make_book(*make())  # type: ignore[arg-type]
    composed = compose(book, draft([("police_level",), ("contact_group", "year")], 2024, 2025))
    assert list(composed.records.axes) == ["date", "police_service", "contact_type"]
    assert [layout.name for layout in composed.layouts] == ["police_level", "contact_group+year"]


def test_a_damaged_record_or_few_cases_close_everything() -> None:
    few = make_book([Told(case, "2025-05", {}, [(case, DRIVER)]) for case in range(1, 5)], make()[1])  # type: ignore[arg-type]
    with pytest.raises(DisclosureRefused) as refused:
        compose(few, draft())
    assert refused.value.reason == "not_enough"
    damaged = replace(make_book(*make()), damaged=frozenset({UUID(int=1)}))  # type: ignore[arg-type]
    with pytest.raises(DisclosureRefused) as refused:
        compose(damaged, draft())
    assert refused.value.reason == "damaged"


@pytest.mark.parametrize(
    ("unit", "first", "last", "fits"),
    [("people", 2024, 2024, True), ("people", 2025, 2026, True), ("people", 2026, 2026, False),
     ("people", 2024, 2025, False), ("people", 2024, 2027, False), ("incidents", 2024, 2027, True)],
)  # fmt: skip
def test_people_are_counted_over_one_period_or_others_apart(
    unit: str, first: int, last: int, fits: bool
) -> None:
    """Else a difference would tell how many were stopped in both."""
    earlier = [Release(draft=draft([("gender",)], 2025, 2026, "people"), writers=())]
    wanted = draft([("gender",)] if unit == "people" else [("city",)], first, last, unit)
    if fits:
        check_periods(wanted, earlier)
        return
    with pytest.raises(Invalid) as refused:
        check_periods(wanted, earlier)
    assert list(refused.value.faults) == ["period"]


def test_coarser_forms_change_one_table_at_a_time() -> None:
    """Time gives way first; nothing is proposed twice, or what stands there already."""
    found = coarser(draft([("police_service", "quarter"), ("police_service", "year")]))
    forms = list(found)
    assert (("police_service", "quarter"), ("police_service", "year")) not in forms
    assert forms[0] == (("police_service", "quarter"), ("police_level", "quarter"))
    assert ["+".join(names) for names in found[forms[0]]] == ["police_level+quarter", "police_service+year"]


def test_a_table_of_several_may_be_left_out_and_a_question_too() -> None:
    """The last steps: without one of its questions, without the table; a release of nothing is none."""
    found = coarser(draft([("raised_by", "year"), ("province",)]))
    assert ["+".join(names) for names in found[("raised_by", "year"), ()]] == ["province"]
    assert ["+".join(names) for names in found[("raised_by", "year"), ("year",)]] == ["year", "province"]
    assert (("province",), ()) not in coarser(draft([("province",)]))


def test_by_year_is_proposed_where_there_are_several() -> None:
    """Within a single year it would tell nothing; in two it is a remedy."""

    def steps(last: int) -> set[tuple[str, ...]]:
        return {instead for _names, instead in coarser(draft([("police_service", "quarter")], last=last))}

    assert ("police_service", "year") in steps(2026)
    assert not [names for names in steps(2025) if "year" in names]
    assert ("police_service",) in steps(2025)


def test_zeros_can_be_hidden_where_a_group_might_have_one_outcome() -> None:
    """By place and by who raised it; by place alone they are published."""
    book = make_book(*make())  # type: ignore[arg-type]
    assert compose(book, draft([("city", "year")], 2024, 2025)).rules.zeros_published
    rules = compose(book, draft([("city", "raised_by")], 2024, 2025)).rules
    assert (rules.zeros_published, *rules.identifying, *rules.outcomes) == (False, "place", "raised_by")


@pytest.mark.parametrize("name", ["reasons", "referral_types", "roles", "cbsa_outcome"])
def test_every_answer_of_several_is_counted_as_in_statistics(name: str) -> None:
    """With it and without it; of a long list those that the release has."""
    book = make_tagged()
    composed = compose(book, draft([(name,), ("province",)]))
    counted, layout = count_release(composed.records, composed.layouts).tallies[0], composed.layouts[0]
    labels = [label for place in layout.places() for axis, label in layout.labels(place) if axis == name]
    ours = dict(zip(labels, counted.units.tolist(), strict=True))
    listed = get_dimension(name).codes
    assert listed
    theirs = tally(book, ask(name))
    told = [code for code in listed.codes if code in ours]
    assert len(told) >= 8 and ours["total"] == 60
    for code in told:
        assert (ours[code], ours[f"without {code}"]) == (theirs[code,], 60 - theirs[code,])


def test_of_a_long_list_the_answers_of_most_are_told_and_the_others_together() -> None:
    """Three asked for nothing else than what has no line."""
    composed = compose(make_tagged(), draft([("referral_types",)]))
    codes = composed.records.axes["referral_types"]
    single = [code for code in codes if "+" not in code]
    assert single[-3:] == ["another", "unknown", "not_asked"]
    assert len(single) == 11 and set(ASKED) < set(single)
    assert not {"victim_return_assistance", "other"} & set(single)
    column = composed.records.columns["referral_types"]
    assert sum(codes[at] == "another" for at in column.tolist()) == 3


def test_a_later_release_tells_the_same_answers_whatever_most_carry_then() -> None:
    """Else a line would mean something else; an answer that nobody had is told on."""
    chosen = (*MORE, "other", "victim_return_assistance", "status_check")
    earlier = {"referral_types": tag_codes(chosen, ("unknown",))}
    composed = compose(make_tagged(), draft([("referral_types",)]), [{"date": ("2025",)}, earlier])
    single = {code for code in composed.records.axes["referral_types"] if "+" not in code}
    assert single == {*chosen, "another", "unknown", "not_asked"}


@pytest.mark.parametrize(
    ("unit", "names", "word"),
    [("incidents", ("cbsa_actions",), "CBSA outcome"), ("incidents", ("patterns",), "patterns"),
     ("people", ("languages",), "language"), ("people", ("racialised_identities",), "identities"),
     ("incidents", ("reasons", "year"), "stands alone"), ("incidents", ("city", "reasons"), "stands alone")],
)  # fmt: skip
def test_what_cannot_be_told_of_several_answers_is_refused_with_the_reason(
    unit: str, names: tuple[str, ...], word: str
) -> None:
    """Of the table that asks it."""
    with pytest.raises(Invalid) as refused:
        check_tables(draft([("year",), names], unit=unit))
    assert list(refused.value.faults) == ["table_2"]
    assert word in refused.value.faults["table_2"]


def test_the_same_several_answers_are_told_of_one_period_or_of_others_apart() -> None:
    """What two periods share would be told by both."""
    earlier = [Release(draft=draft([("reasons",), ("year",)], 2025, 2025), writers=())]
    check_periods(draft([("reasons",)], 2025, 2025), earlier)
    check_periods(draft([("reasons",)], 2026, 2026), earlier)
    check_periods(draft([("year",), ("roles",)], 2025, 2026), earlier)
    with pytest.raises(Invalid) as refused:
        check_periods(draft([("reasons",)], 2025, 2026), earlier)
    assert list(refused.value.faults) == ["period"]


def test_zeros_can_be_hidden_where_all_might_have_had_an_outcome() -> None:
    """What the CBSA did happened to people; the reasons that police gave did not."""
    assert compose(make_tagged(), draft([("reasons",)])).rules.zeros_published
    rules = compose(make_tagged(), draft([("cbsa_outcome",)])).rules
    assert (rules.zeros_published, *rules.outcomes) == (False, "cbsa_outcome")
