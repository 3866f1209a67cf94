"""What is offered in the place of what cannot be shown: taken, each form passes as it was offered."""

from dataclasses import replace
from datetime import date

import pytest

from casework.domain.period import Period
from casework.domain.question import Question
from casework.domain.releasedraft import ReleaseDraft
from casework.errors import DisclosureRefused
from casework.services.releases import previewing, proposing, sizing
from casework.services.releases.drafting import create_release, get_release, replace_tables
from casework.services.releases.ledger import read_ledger
from casework.services.releases.looks import Alternative, Preview
from casework.services.releases.numbers import nearest
from casework.services.releases.offering import list_periods
from casework.services.releases.previewing import begin_look, begin_question, carry_out, preview_release
from casework.services.releases.protecting import prepare, protect_tables
from tests.services.releases.written import draft, log, release
from tests.support.application import ADVOCATE, Founded

QUARTERS = ("2025-02", "2025-05", "2025-08", "2025-11")


def look(founded: Founded, wanted: ReleaseDraft) -> Preview:
    """Write a draft, and look at it."""
    ada = founded.context(ADVOCATE)
    return preview_release(ada, create_release(ada, wanted))


def take(founded: Founded, wanted: ReleaseDraft, form: Alternative) -> Preview:
    """Take a form in the place of what was asked, and look at it."""
    return look(founded, replace(wanted, tables=form.tables, period=form.period or wanted.period))


def test_tables_that_take_too_long_are_offered_fewer_and_alone(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each by itself, and together without the one that has most to check; taken, it shows what was said."""
    log(founded, spvm=20, spvq=20, sq=20)
    wanted = draft([("police_service",), ("city",), ("contact_group",)])

    def size(*tables: tuple[str, ...]) -> int:
        asked = replace(wanted, tables=tables)
        composed = prepare(founded.context(ADVOCATE), asked)[0]
        return sizing.count_combinations(composed.records.axes, composed.layouts, [])

    services, cities, groups = wanted.tables
    assert size(cities, services) == size(cities) * size(services)
    assert size(groups) < size(cities) < size(services)
    monkeypatch.setattr(sizing, "MOST_COMBINATIONS", size(groups, cities) + 1)
    seen = look(founded, wanted)
    assert seen.refusal and seen.refusal.reason == "too_large"
    forms = [form.tables for form in seen.alternatives]
    assert forms[0] == (cities, groups)
    assert {(one,) for one in wanted.tables} <= set(forms)
    assert len(set(forms)) == len(forms)
    assert not any(set(wanted.tables) <= set(tables) for tables in forms)
    first = seen.alternatives[0]
    assert first.left_out == (services,)
    assert not any(form.left_out for form in seen.alternatives if form.names or len(form.tables) == 1)
    assert take(founded, wanted, first).release


def test_a_size_is_of_what_releases_of_one_time_tell_apart(founded: Founded) -> None:
    """Another question of the same year multiplies it; of another year it adds."""
    log(founded, spvm=20, sq=20)
    log(founded, "2024-05", spvm=20, sq=20)
    release(founded)
    context = founded.context(ADVOCATE)
    entries = read_ledger(context).entries

    def size(year: int) -> tuple[int, int]:
        composed = prepare(context, draft([("contact_group",)], year, year))[0]
        alone = sizing.count_combinations(composed.records.axes, composed.layouts, [])
        return alone, sizing.count_combinations(composed.records.axes, composed.layouts, entries)

    (same_alone, same), (other_alone, other) = size(2025), size(2024)
    assert same_alone == other_alone
    assert same > 10 * other


def test_what_is_as_large_as_what_took_too_long_is_not_begun(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else one slow form would eat the time of those that pass."""
    log(founded, spvm=20, spvq=20, sq=20)
    tried = []

    def tire(composed: object, *others: object) -> object:
        tables = composed.tables  # type: ignore[attr-defined]
        tried.append(tables)
        if ("police_service",) in tables:
            raise DisclosureRefused("time_limit", seconds=1)
        return protect_tables(composed, *others)  # type: ignore[arg-type]

    def refuse(*_all: object) -> None:
        raise DisclosureRefused("time_limit", seconds=60)

    monkeypatch.setattr(proposing, "protect_tables", tire)
    monkeypatch.setattr(previewing, "protect", refuse)
    seen = look(founded, draft([("police_service",), ("city",), ("contact_group",)]))
    assert seen.ran_out
    assert [tables for tables in tried if ("police_service",) in tables] == [(("police_service",),)]
    offered = [form.tables for form in seen.alternatives]
    assert {(("police_level",),), (("city",),), (("contact_group",),)} <= set(offered)


def test_where_nothing_of_its_time_passes_another_period_is_offered(founded: Founded) -> None:
    """Fewer than five in the year that is asked: the years around it have enough."""
    log(founded, "2024-05", spvm=20, sq=20)
    log(founded, spvm=4)
    wanted = draft([("police_level",)])
    seen = look(founded, wanted)
    assert seen.refusal and seen.refusal.reason == "too_few_cases"
    (form,) = {one.tables: one for one in seen.alternatives}.values()
    assert form.tables == (("police_level",),)
    assert form.period and form.period.first == (2024, 1)
    assert not form.is_unreleased  # nothing is released at all: there is nothing to tell apart
    ada = founded.context(ADVOCATE)
    release_id = create_release(ada, wanted)
    replace_tables(ada, release_id, 1, form.tables, form.period)
    assert get_release(ada, release_id).release.draft.period == form.period
    assert preview_release(ada, release_id).release


def test_a_question_is_offered_over_another_period_too(founded: Founded) -> None:
    log(founded, "2024-05", spvm=20, sq=20)
    log(founded, spvm=4)
    ada = founded.context(ADVOCATE)
    asked = Question(unit="incidents", period=draft().period, show="police_service", answer="spvm")
    seen = begin_question(ada, asked)
    carry_out(ada, seen)
    assert seen.seen and seen.seen.alternatives
    near = nearest(asked, seen.seen.alternatives[0])
    assert (near.answer, near.period.first) == ("spvm", (2024, 1))


def test_what_a_release_before_the_corrections_did_not_ask_is_offered_over_free_periods(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Refused as inconsistent, with the release of that time named, and the same table where none is of."""
    log(founded, "2024-05", spvm=20, sq=20)
    log(founded, spvm=20, sq=20)
    first = release(founded)

    def refuse(*_all: object) -> None:
        raise DisclosureRefused("inconsistent")

    def refuse_then(composed: object, *others: object) -> object:
        if composed.period == draft().period:  # type: ignore[attr-defined]
            refuse()
        return protect_tables(composed, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(previewing, "protect", refuse)
    monkeypatch.setattr(proposing, "protect_tables", refuse_then)
    seen = look(founded, draft([("police_level",)]))
    assert seen.released and (seen.released.id, seen.released.value) == (first, None)
    assert seen.alternatives[0].period == Period((2024, 1), (2024, 4))
    assert seen.alternatives[0].tables == (("police_level",),)


def test_other_periods_are_over_and_the_nearest_first(founded: Founded) -> None:
    """Free ones before those that a release is of; without a release only longer ones."""
    log(founded, "2023-05", spvm=20, sq=20)
    log(founded, "2024-05", spvm=20, sq=20)
    context, today = founded.context(ADVOCATE), founded.runtime.today()
    asked = Period((2024, 2), (2024, 2))
    whole, everything = list_periods(context, asked, read_ledger(context))
    assert whole == Period((2024, 1), (2024, 4))
    assert everything.first == (2023, 1)
    assert everything.last_day < today <= date(today.year, 12, 31)
    release(founded, draft(first=2024, last=2024))
    free = list_periods(context, Period((2024, 1), (2024, 4)), read_ledger(context))
    assert free[0] == Period((2023, 1), (2023, 4))
    assert free[1].first == (2025, 1)
    assert free[-1].first == (2023, 1) and free[-1].last == free[1].last
    # In the place of that release comes only what is of some of its time.
    ledger = read_ledger(context)
    replacing = list_periods(context, asked, ledger, replaces=1)
    assert replacing and all(period.overlaps(ledger.releases[0].draft.period) for period in replacing)
    assert {*replacing} < {*list_periods(context, asked, ledger)}


def test_a_release_that_asks_nothing_is_offered_a_table_to_begin_with(founded: Founded) -> None:
    log(founded, spvm=20, sq=20)
    seen = look(founded, draft([]))
    assert seen.refusal and seen.refusal.reason == "no_candidates"
    assert [form.tables for form in seen.alternatives] == [(("contact_group",),)]


def test_it_is_told_what_is_done(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Against how many releases, and which form is tried."""
    for written in QUARTERS:
        log(founded, written, spvm=3, spal=3, spvq=3)
    release(founded, draft([("year",)]))
    tried = []

    def keep(composed: object, *others: object) -> object:
        tried.append(current.trying)
        return protect_tables(composed, *others)  # type: ignore[arg-type]

    monkeypatch.setattr(proposing, "protect_tables", keep)
    ada = founded.context(ADVOCATE)
    current = begin_look(ada, create_release(ada, draft([("police_service", "quarter")])))
    carry_out(ada, current)
    assert current.beside == 1
    assert tried and all(one and one.tables != current.draft.tables for one in tried)
