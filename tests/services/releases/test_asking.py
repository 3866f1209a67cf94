"""Quick questions: answered as a release would be, held against the same ledger, and stored nowhere."""

from dataclasses import replace

import pytest
from sqlalchemy import func, select

from casework.domain.period import Period
from casework.domain.question import Question
from casework.errors import Conflict, Forbidden, Invalid, TooSoon
from casework.services.context import Context
from casework.services.releases import protecting
from casework.services.releases.asking import list_examples, make_release
from casework.services.releases.drafting import change_release, create_release, get_release, submit_release
from casework.services.releases.ledger import Ledger, read_ledger
from casework.services.releases.looks import Look
from casework.services.releases.numbers import coarsen, find_number
from casework.services.releases.offering import offer
from casework.services.releases.previewing import (
    begin_look,
    begin_question,
    carry_out,
    find_look,
    preview_release,
    stop_look,
)
from casework.services.releases.withdrawing import withdraw_release
from casework.store.database import db
from casework.store.releases import LedgerEntry, ReleaseRow
from tests.services.releases.written import TEXTS, draft, log, release
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded, Template
from tests.support.audit import open_log
from tests.support.stocked import Stock

YEAR = Period((2025, 1), (2025, 4))


def _prepare(founded: Founded) -> None:
    log(founded, spvm=20, sq=18, spal=2, spvq=17, spl=19, opp=19, tps=16, vpd=15)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `counted` has was done once."""
    return stocked(template, _prepare) if "counted" in request.fixturenames else template


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """An organization with something to ask about: two of one service."""
    return founded


def question(answer: str = "spvm", show: str = "police_service", **changes: object) -> Question:
    """Ask how many incidents of a service there were in the year."""
    return Question(**({"unit": "incidents", "period": YEAR, "show": show, "answer": answer} | changes))  # type: ignore[arg-type]


def ask(context: Context, asked: Question) -> Look:
    """Ask, and wait for the answer."""
    look = begin_question(context, asked)
    carry_out(context, look)
    assert look.seen
    return look


def number(look: Look) -> int | None:
    """Return the answer; None where it is hidden, or nothing is shown at all."""
    assert look.seen
    assert look.question
    if look.seen.release is None:
        return None
    found = find_number(look.seen.release, look.question)
    assert found
    return found.value


def test_a_number_is_answered_with_its_whole_table(counted: Founded) -> None:
    look = ask(counted.context(ADVOCATE), question())
    assert number(look) == 20
    assert look.seen and look.seen.release
    (values,) = look.seen.release.told.values
    assert values[-1] == 126
    assert 2 not in values
    assert number(ask(counted.context(ADVOCATE), question("", show=""))) == 126


def test_a_number_of_few_cases_is_hidden_and_its_group_offered(counted: Founded) -> None:
    """Two of a service: not told, nor by the table around it; what is offered shows a number."""
    look = ask(counted.context(ADVOCATE), question("spal"))
    assert number(look) is None
    assert look.seen and look.question
    near = [coarsen(look.question, one.tables[0]) for one in look.seen.alternatives]
    assert near == [question("municipal", show="police_level")]
    assert number(ask(counted.context(ADVOCATE), near[0])) == 89


def test_a_number_that_a_release_would_tell_apart_is_hidden(
    counted: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """22 beside a released 20 tells of two: held against the ledger it is hidden, and shown without it."""
    release(counted)
    log(counted, spvm=2)
    assert number(ask(counted.context(ADVOCATE), question())) is None

    def forget(context: Context) -> Ledger:
        return replace(read_ledger(context), held=())

    monkeypatch.setattr(protecting, "read_ledger", forget)
    assert number(ask(counted.context(ADVOCATE), question())) == 22


@pytest.mark.parametrize(
    ("asked", "value"),
    [
        (question(), 20),
        (question("spal"), None),
        (question("", show=""), 126),
        (question(period=Period((2025, 2), (2025, 2))), 20),
        (question(period=Period((2025, 1), (2025, 2))), None),
        (question("montreal", show="city"), None),
        (question(period=Period((2024, 1), (2025, 4))), None),
    ],
)
def test_what_a_release_says_is_the_number_to_tell(
    counted: Founded, asked: Question, value: int | None
) -> None:
    """Of its whole time, and of a quarter that it has a line for; nothing but exactly what is asked."""
    release(counted, draft([("police_service", "quarter")]))
    found = ask(counted.context(ADVOCATE), asked).seen.released  # type: ignore[union-attr]
    assert found
    assert (found.number, found.value) == (1, value)


def test_the_newest_release_that_stands_is_told_of(counted: Founded) -> None:
    """Not one that was withdrawn, nor one of another time."""
    first = release(counted)
    log(counted, spvm=6, sq=6)
    second = release(counted, draft([("police_service",), ("police_level",)]))
    ada = counted.context(ADVOCATE)
    told = [ask(ada, question()).seen.released]  # type: ignore[union-attr]
    withdraw_release(counted.context(), second, 3, {"en": "A mistake."})
    told.append(ask(ada, question()).seen.released)  # type: ignore[union-attr]
    assert [(one.id, one.value) for one in told if one] == [(second, 26), (first, 20)]
    assert ask(ada, question(period=Period((2026, 1), (2026, 4)))).seen.released is None  # type: ignore[union-attr]


def test_a_question_leaves_nothing_behind(counted: Founded) -> None:
    """No release, no entry of the ledger: only a count of looks, and that it was asked."""
    ask(counted.context(ADVOCATE), question())
    for table in (ReleaseRow, LedgerEntry):
        assert db.session.scalar(select(func.count()).select_from(table)) == 0
    asked = [entry for entry in open_log(counted.context()) if entry["event"] == "question.asked"]
    assert [entry["fields"] for entry in asked] == [
        {"table": "police_service", "answer": "spvm", "period": "2025-Q1/2025-Q4"}
    ]


def test_questions_and_looks_are_counted_together(counted: Founded) -> None:
    ada = counted.context(ADVOCATE)
    release_id = create_release(ada, draft())
    for at in range(ada.runtime.limits.previews_per_hour):
        begin_question(ada, question()) if at % 2 else begin_look(ada, release_id)
    with pytest.raises(TooSoon):
        begin_question(ada, question())
    with pytest.raises(TooSoon):
        begin_look(ada, release_id)
    assert begin_question(counted.context(COORDINATOR), question())


def test_a_question_is_its_members_alone_and_can_be_stopped(counted: Founded) -> None:
    """It takes the place of a look at a release, and the other way round."""
    ada = counted.context(ADVOCATE)
    look = ask(ada, question())
    assert find_look(ada, None) is look
    assert find_look(counted.context(COORDINATOR), None) is None
    release_id = create_release(ada, draft())
    preview_release(ada, release_id)
    assert find_look(ada, None) is None
    ask(ada, question())
    assert find_look(ada, release_id) is None
    assert stop_look(ada, None)
    assert find_look(ada, None) is None


def test_an_answer_becomes_a_release_that_was_seen(counted: Founded) -> None:
    """With its table and period; once the words are there it can be submitted without another look."""
    ada = counted.context(ADVOCATE)
    look = ask(ada, question(by="year"))
    release_id = make_release(ada)
    written = get_release(ada, release_id).release.draft
    assert (written.tables, written.period, written.unit) == (
        (("police_service", "year"),),
        YEAR,
        "incidents",
    )
    assert find_look(ada, None) is None
    assert find_look(ada, release_id) is look
    change_release(ada, release_id, 1, replace(written, texts=TEXTS))
    submit_release(ada, release_id, 2)
    with pytest.raises(Conflict):
        make_release(ada)


def test_without_an_answer_there_is_no_release(counted: Founded) -> None:
    ada = counted.context(ADVOCATE)
    begin_question(ada, question())
    with pytest.raises(Conflict):
        make_release(ada)


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"show": "nothing", "answer": ""}, "show"),
        ({"answer": "nobody"}, "answer"),
        ({"show": "patterns", "answer": ""}, "table_1"),
        ({"show": "year", "answer": "2025"}, "answer"),
        ({"show": "roles", "answer": "driver", "by": "year"}, "table_1"),
        ({"unit": "cases"}, "unit"),
    ],
)
def test_what_cannot_be_asked_names_its_field(counted: Founded, asked: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        begin_question(counted.context(ADVOCATE), replace(question(), **asked))  # type: ignore[arg-type]
    assert list(refused.value.faults) == [field]


def test_an_answer_needs_its_question() -> None:
    with pytest.raises(Invalid) as refused:
        question(show="")
    assert list(refused.value.faults) == ["answer"]


def test_all_questions_count_what_the_first_release_does(counted: Founded) -> None:
    release(counted)
    assert offer(counted.context(ADVOCATE)).unit == "incidents"
    with pytest.raises(Invalid) as refused:
        begin_question(counted.context(ADVOCATE), question("", show="", unit="people"))
    assert list(refused.value.faults) == ["unit"]


def test_caseworkers_do_not_ask(counted: Founded) -> None:
    context = counted.context(CASEWORKER)
    for step in (
        lambda: begin_question(context, question()),
        lambda: find_look(context, None),
        lambda: make_release(context),
        lambda: offer(context),
    ):
        with pytest.raises(Forbidden):
            step()


def test_few_cases_close_it(founded: Founded) -> None:
    """Below the threshold nothing tells when the only cases were, not even the years that are offered."""
    log(founded, "1999-02", spvm=4)
    offered = offer(founded.context(ADVOCATE))
    assert offered.closed and offered.closed.reason == "not_enough"
    assert offered.years == (founded.runtime.today().year,)
    log(founded, "1999-02", spvm=1)
    offered = offer(founded.context(ADVOCATE))
    assert offered.closed is None
    assert (offered.years[0], offered.years[-1]) == (1999, founded.runtime.today().year)


def test_three_questions_are_offered_and_can_be_asked(counted: Founded) -> None:
    offered = offer(counted.context(ADVOCATE))
    examples = list_examples(offered)
    people = list_examples(replace(offered, unit="people"))
    for asked in (*examples, *people):
        ask(counted.context(ADVOCATE), asked)
    assert len(examples) == len(people) == 3


@pytest.mark.parametrize(
    ("asked", "names", "answer"),
    [
        (("contact_type", "traffic_stop"), ("contact_group",), "ticket"),
        (("contact_type", ""), ("contact_group", "year"), ""),
        (("place", "verdun"), ("city",), "montreal"),
        (("city", "montreal"), ("province",), "quebec"),
        (("contact_type", "traffic_stop"), ("contact_type",), "traffic_stop"),
        (("contact_type", "traffic_stop"), ("year",), ""),
    ],
)
def test_a_coarser_table_has_the_group_of_the_answer(
    asked: tuple[str, str], names: tuple[str, ...], answer: str
) -> None:
    show, given = asked
    near = coarsen(question(given, show=show, by="quarter"), names)
    assert (near.names, near.answer) == (names, answer)


def test_a_question_that_breaks_nothing_down_has_the_table_of_its_years() -> None:
    assert question("", show="").names == ("year",)
    assert question("", show="", by="city").names == ("city",)
