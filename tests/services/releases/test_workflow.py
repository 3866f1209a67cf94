"""From a draft to an approved release, and what becomes of it: each step, by whom, and no race lost."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from casework.domain.approval import State
from casework.errors import Conflict, DisclosureRefused, Forbidden, Invalid, NotFound, TooSoon
from casework.reports.layout import Layout
from casework.reports.publication.grids import lay_out_release
from casework.services.releases import approving, previewing, proposing, protecting
from casework.services.releases.approving import approve_release
from casework.services.releases.drafting import (
    change_release,
    create_release,
    discard_release,
    get_release,
    list_releases,
    pull_back_release,
    replace_tables,
    return_release,
    submit_release,
)
from casework.services.releases.looks import Preview
from casework.services.releases.previewing import preview_release
from casework.services.releases.protecting import protect_tables
from casework.services.releases.reading import read_release, verify_releases
from casework.services.releases.withdrawing import withdraw_release
from casework.store.database import db
from casework.store.releases import LedgerEntry
from tests.services.releases.written import TEXTS, approve, draft, log, release, submit
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded, Template
from tests.support.audit import open_log
from tests.support.stocked import Stock
from tests.support.times import later


def _prepare(founded: Founded) -> None:
    log(founded, spvm=20, sq=8, spal=2, spvq=7, spl=9, opp=9, tps=10, vpd=8, eps=6, cps=6)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `counted` has was done once."""
    return stocked(template, _prepare) if "counted" in request.fixturenames else template


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """An organization with something to release."""
    return founded


def test_two_members_make_a_release(counted: Founded) -> None:
    """It has a number, its texts, protected numbers and a checksum; the small one is hidden, and another."""
    release_id = release(counted)
    published = read_release(counted.context(ADVOCATE), release_id)
    assert (published.number, published.texts["fr"].title) == (1, "Qui appelle")
    (values,) = published.protected.told.values
    assert values[-1] == 85
    assert 2 not in values
    assert sum(value is None for value in values) >= 2
    assert len(published.checksum) == 64
    assert verify_releases(counted.context(ADVOCATE)) == 1
    events = [entry["event"] for entry in open_log(counted.context())]
    assert [event for event in events if event.startswith("release.")] == [
        "release.drafted",
        "release.previewed",
        "release.submitted",
        "release.previewed",
        "release.approved",
    ]


def test_another_process_reads_the_same(counted: Founded) -> None:
    """What it did not protect itself it attacks first."""
    release_id = release(counted)
    before = read_release(counted.context(ADVOCATE), release_id)
    counted.runtime.forget()
    after = read_release(counted.context(ADVOCATE), release_id)
    assert after.protected is not before.protected
    assert (after.protected, after.checksum) == (before.protected, before.checksum)


def test_what_was_logged_since_does_not_change_it(counted: Founded) -> None:
    release_id = release(counted)
    before = read_release(counted.context(ADVOCATE), release_id)
    log(counted, spvm=6)
    assert read_release(counted.context(ADVOCATE), release_id) == before


def test_the_second_release_does_not_tell_who_came_since(counted: Founded) -> None:
    """Two more of a service: 20 that becomes 22 is not shown beside the 20."""
    first = read_release(counted.context(ADVOCATE), release(counted))
    log(counted, spvm=2, sq=6)
    second = read_release(counted.context(ADVOCATE), release(counted))
    assert second.number == 2
    for before, after in zip(first.protected.told.values[0], second.protected.told.values[0], strict=True):
        assert before is None or after is None or after == before or after - before >= 5


def test_its_writers_do_not_approve_it(counted: Founded) -> None:
    """Not even a coordinator who changed a word of it, nor give it back."""
    release_id = create_release(counted.context(COORDINATOR), draft())
    change_release(counted.context(ADVOCATE), release_id, 1, draft())
    preview_release(counted.context(ADVOCATE), release_id)
    submit_release(counted.context(ADVOCATE), release_id, 2)
    view = get_release(counted.context(COORDINATOR), release_id)
    assert not view.may_be_approved_by(counted.context(COORDINATOR))
    with pytest.raises(Forbidden):
        approve_release(counted.context(COORDINATOR), release_id, 3, "")
    with pytest.raises(Forbidden):
        return_release(counted.context(COORDINATOR), release_id, 3, "Why?")


def test_advocates_do_not_approve_and_caseworkers_do_not_compose(counted: Founded) -> None:
    release_id = submit(counted)
    ada, ines = counted.context(ADVOCATE), counted.context(CASEWORKER)
    for attempt in (
        lambda: approve_release(ada, release_id, 2, ""),
        lambda: return_release(ada, release_id, 2, "No."),
        lambda: withdraw_release(ada, release_id, 2, {"en": "No."}),
        lambda: create_release(ines, draft()),
        lambda: list_releases(ines),
        lambda: get_release(ines, release_id),
        lambda: preview_release(ines, release_id),
        lambda: read_release(ines, release_id),
        lambda: discard_release(ines, release_id, 2),
        lambda: change_release(ines, release_id, 2, draft()),
        lambda: submit_release(ines, release_id, 2),
        lambda: verify_releases(ines),
    ):
        with pytest.raises(Forbidden):
            attempt()


def test_only_what_was_seen_is_approved(counted: Founded) -> None:
    """Another incident since, or another word: look again."""
    release_id = submit(counted)
    seen = preview_release(counted.context(), release_id)
    log(counted, spvm=6)
    with pytest.raises(Conflict):
        approve_release(counted.context(), release_id, 2, seen.mark)
    with pytest.raises(Conflict):
        approve_release(counted.context(), release_id, 1, seen.mark)
    assert approve(counted, release_id) == 1


def test_a_ledger_that_moved_meanwhile_is_a_conflict(
    counted: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody approves another one while this one is protected: nothing of it is left."""
    one, other = submit(counted), submit(counted)
    seen = preview_release(counted.context(), one)

    def protect_slowly(*given: object) -> object:
        monkeypatch.undo()
        found = protecting.protect(*given)  # type: ignore[arg-type]
        approve(counted, other)
        return found

    monkeypatch.setattr(approving, "protect", protect_slowly)
    with pytest.raises(Conflict):
        approve_release(counted.context(), one, 2, seen.mark)
    assert get_release(counted.context(), one).release.state is State.SUBMITTED
    assert db.session.query(LedgerEntry).count() == 1
    assert approve(counted, one) == 2


def test_it_is_given_back_changed_and_submitted_again(counted: Founded) -> None:
    release_id = submit(counted)
    return_release(counted.context(), release_id, 2, "Say since when.")
    view = get_release(counted.context(ADVOCATE), release_id)
    assert (view.release.state, view.release.note) == (State.RETURNED, "Say since when.")
    change_release(counted.context(ADVOCATE), release_id, 3, draft([("contact_type",)]))
    with pytest.raises(Invalid):
        submit_release(counted.context(ADVOCATE), release_id, 4)
    preview_release(counted.context(ADVOCATE), release_id)
    submit_release(counted.context(ADVOCATE), release_id, 4)
    assert get_release(counted.context(), release_id).may_be_approved_by(counted.context())


def test_a_draft_is_thrown_away_and_an_approved_one_never(counted: Founded) -> None:
    release_id = create_release(counted.context(ADVOCATE), draft())
    discard_release(counted.context(ADVOCATE), release_id, 1)
    with pytest.raises(NotFound):
        get_release(counted.context(ADVOCATE), release_id)
    stays = release(counted)
    with pytest.raises(Conflict):
        discard_release(counted.context(), stays, 3)
    with pytest.raises(Conflict):
        preview_release(counted.context(), stays)


def test_a_withdrawn_release_stays_in_the_ledger_and_says_why(counted: Founded) -> None:
    release_id = release(counted)
    withdraw_release(counted.context(), release_id, 3, {"en": "A city was wrong."})
    published = read_release(counted.context(ADVOCATE), release_id)
    assert (published.is_withdrawn, published.reasons) == (True, {"en": "A city was wrong."})
    log(counted, spvm=2, sq=6)
    after = read_release(counted.context(), release(counted))
    assert after.number == 2
    assert 22 not in after.protected.told.values[0]


def test_a_release_in_the_place_of_another_is_named_by_it(counted: Founded) -> None:
    first = release(counted)
    checksum = read_release(counted.context(), first).checksum
    release(counted, draft(replaces=1))
    published = read_release(counted.context(), first)
    assert (published.replaced_by, published.checksum) == (2, checksum)
    for taken_or_none in (1, 7):
        with pytest.raises(Invalid) as refused:
            create_release(counted.context(ADVOCATE), draft(replaces=taken_or_none))
        assert refused.value.faults.keys() == {"replaces"}


def test_previews_are_counted_and_have_an_end(counted: Founded) -> None:
    """The twenty-first within an hour waits; the other member does not."""
    release_id = create_release(counted.context(ADVOCATE), draft())
    most = counted.runtime.limits.previews_per_hour
    for _ in range(most):
        preview_release(counted.context(ADVOCATE), release_id)
    with pytest.raises(TooSoon) as refused:
        preview_release(counted.context(ADVOCATE), release_id)
    assert 3500 < refused.value.seconds <= 3601
    assert preview_release(counted.context(COORDINATOR), release_id).release
    events = [entry["event"] for entry in open_log(counted.context())]
    assert events.count("release.previewed") == most + 1
    assert preview_release(later(counted.context(ADVOCATE), 1), release_id).release


def test_a_preview_tells_no_exact_number(counted: Founded) -> None:
    """What it says beside the release are cells and shares."""
    release_id = create_release(counted.context(ADVOCATE), draft())
    seen = preview_release(counted.context(ADVOCATE), release_id)
    assert seen.release
    assert None in seen.release.told.values[0]
    known = {"release", "mark", "refusal", "alternatives", "ran_out", "late", "released", "official"}
    known.add("earlier")  # differences of what two documents show
    assert set(Preview.__slots__) == known


def test_a_refusal_offers_what_passes(founded: Founded) -> None:
    """By quarter and service too much is hidden; by level of police it is not."""
    for written in ("2025-02", "2025-05", "2025-08", "2025-11"):
        log(founded, written, spvm=3, spal=3, spvq=3)
    wanted = draft([("police_service", "quarter")])
    release_id = create_release(founded.context(ADVOCATE), wanted)
    seen = preview_release(founded.context(ADVOCATE), release_id)
    assert seen.refusal
    assert seen.refusal.reason == "too_much_hidden"
    assert ("police_level", "quarter") in {one.instead for one in seen.alternatives}
    assert all(one.percent_shown >= 60 for one in seen.alternatives)
    with pytest.raises(Invalid):
        submit_release(founded.context(ADVOCATE), release_id, 1)


def test_a_refusal_of_several_tables_offers_all_in_a_form_that_passes(founded: Founded) -> None:
    """Where each is too fine no single change helps: what is offered first is shown once it is taken."""
    for written in ("2025-02", "2025-05", "2025-08", "2025-11"):
        log(founded, written, spvm=3, spal=3, spvq=3)
    ada = founded.context(ADVOCATE)
    release_id = create_release(ada, draft([("police_service", "quarter"), ("contact_type", "quarter")]))
    seen = preview_release(ada, release_id)
    assert seen.refusal
    first = seen.alternatives[0]
    assert len(first.tables) == 2
    replace_tables(ada, release_id, 1, first.tables)
    again = preview_release(ada, release_id)
    assert again.release
    tables = lay_out_release(again.release, first.tables, draft().period, "en")
    assert min(_percent(table) for table in tables) == first.percent_shown


def _percent(table: Layout) -> int:
    """Return how many per cent are shown of what is drawn and no published zero, rounded down."""
    cells = [cell for row in table.rows for cell in row.cells if cell.value != 0]
    return 100 * sum(cell.value is not None for cell in cells) // len(cells)


def test_a_search_that_ran_out_of_time_says_so(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where some forms were found before: others may pass, and were not tried to their end."""
    for written in ("2025-02", "2025-05", "2025-08", "2025-11"):
        log(founded, written, spvm=3, spal=3, spvq=3)
    ada = founded.context(ADVOCATE)
    release_id = create_release(ada, draft([("police_service", "quarter")]))
    whole = preview_release(ada, release_id)
    assert not whole.ran_out
    made = iter([protect_tables] * 2)

    def tire(*args: object, **named: object) -> object:
        for one in made:
            return one(*args, **named)  # type: ignore[arg-type]
        raise DisclosureRefused("time_limit", seconds=1)

    monkeypatch.setattr(proposing, "protect_tables", tire)
    seen = preview_release(ada, release_id)
    assert seen.ran_out
    assert 0 < len(seen.alternatives) < len(whole.alternatives)
    monkeypatch.setattr(previewing, "PROPOSAL_SECONDS", 0.0)
    assert (preview_release(ada, release_id).alternatives, preview_release(ada, release_id).ran_out) == (
        [],
        True,
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"unit": "cases"}, "unit"),
        ({"k": 5, "tables": [("patterns",)]}, "table_1"),
        ({"tables": [("city",), ("reasons", "year")]}, "table_2"),
        ({"tables": [("city",), ("city", "province")]}, "table_2"),
        ({"tables": [("city", "city")]}, "table_1"),
        ({"tables": [("quarter", "year")]}, "table_1"),
        ({"tables": [("age_band",)]}, "table_1"),
        ({"tables": [("nothing",)]}, "table_1"),
        ({"tables": [("city", "year", "raised_by")]}, "table_1"),
    ],
)
def test_what_cannot_be_asked_names_its_field(
    founded: Founded, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        create_release(founded.context(ADVOCATE), draft(**changes))  # type: ignore[arg-type]
    assert list(refused.value.faults) == [field]


def test_all_releases_count_what_the_first_one_does(counted: Founded) -> None:
    """A draft of people from before it can still be changed, submitted never."""
    ada = counted.context(ADVOCATE)
    people = create_release(ada, draft([("city",)], unit="people"))
    release(counted)
    for attempt in (
        lambda: create_release(ada, draft(unit="people")),
        lambda: change_release(ada, people, 1, draft([("province",)], unit="people")),
        lambda: preview_release(ada, people),
    ):
        with pytest.raises(Invalid) as refused:
            attempt()
        assert list(refused.value.faults) == ["unit"]
    change_release(ada, people, 1, draft([("city",)]))


@pytest.mark.parametrize(
    "step",
    [
        lambda context, key: change_release(context, key, 1, draft()),
        lambda context, key: submit_release(context, key, 1),
        lambda context, key: return_release(context, key, 1, "x"),
        lambda context, key: discard_release(context, key, 1),
        lambda context, key: preview_release(context, key),
        lambda context, key: approve_release(context, key, 1, ""),
        lambda context, key: withdraw_release(context, key, 1, {"en": "x"}),
        lambda context, key: read_release(context, key),
    ],
)
def test_what_does_not_exist_is_not_found(founded: Founded, step: Callable[..., object]) -> None:
    with pytest.raises(NotFound):
        step(founded.context(), uuid4())


def test_few_cases_are_refused(founded: Founded) -> None:
    log(founded, spvm=4)
    release_id = create_release(founded.context(ADVOCATE), draft())
    seen = preview_release(founded.context(ADVOCATE), release_id)
    assert seen.refusal
    assert seen.refusal.reason == "not_enough"


def test_what_grew_too_small_since_is_not_approved(counted: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """It was seen and submitted; at approval the engine refuses it, and nothing is left of the try."""
    release_id = submit(counted)

    def refuse(*_given: object) -> object:
        raise DisclosureRefused("cannot_protect")

    monkeypatch.setattr(approving, "protect", refuse)
    with pytest.raises(DisclosureRefused):
        approve_release(counted.context(), release_id, 2, "")
    assert get_release(counted.context(), release_id).release.state is State.SUBMITTED


def test_nobody_submits_what_they_did_not_see(counted: Founded) -> None:
    """Each writer looks for themselves; other words need no other look."""
    ada = counted.context(ADVOCATE)
    release_id = create_release(ada, draft())
    with pytest.raises(Invalid) as refused:
        submit_release(ada, release_id, 1)
    assert list(refused.value.faults) == ["numbers"]
    preview_release(counted.context(COORDINATOR), release_id)
    with pytest.raises(Invalid):
        submit_release(ada, release_id, 1)
    preview_release(ada, release_id)
    change_release(ada, release_id, 1, draft(k=10))
    with pytest.raises(Invalid):
        submit_release(ada, release_id, 2)
    change_release(ada, release_id, 2, draft(texts={"en": TEXTS["en"]}))
    submit_release(ada, release_id, 3)


def test_a_look_of_an_hour_ago_counts_no_more(counted: Founded) -> None:
    release_id = create_release(counted.context(ADVOCATE), draft())
    preview_release(counted.context(ADVOCATE), release_id)
    with pytest.raises(Invalid):
        submit_release(later(counted.context(ADVOCATE), 1), release_id, 1)


def test_what_waits_is_taken_back_and_loses_nothing(counted: Founded) -> None:
    release_id = submit(counted)
    before = get_release(counted.context(ADVOCATE), release_id).release.draft
    pull_back_release(counted.context(ADVOCATE), release_id, 2)
    view = get_release(counted.context(ADVOCATE), release_id)
    assert (view.release.state, view.release.draft) == (State.DRAFT, before)
    submit_release(counted.context(ADVOCATE), release_id, 3)


def test_who_withdrew_it_and_when_is_kept(counted: Founded) -> None:
    release_id = release(counted)
    withdraw_release(counted.context(), release_id, 3, {"en": "A city was wrong."})
    gone = get_release(counted.context(ADVOCATE), release_id).release
    assert gone.withdrawn_by == counted.context().member_id
    assert gone.withdrawn_on == counted.runtime.today()


def test_several_answers_are_released_again_and_again(founded: Founded) -> None:
    """Approved, read again from the ledger, and asked anew beside something else, with the same lines."""
    log(founded, spvm=12, sq=12)
    first = release(founded, draft([("police_service",), ("referral_types",)]))
    log(founded, spvm=6)
    second = release(founded, draft([("referral_types",), ("city",)]))
    founded.runtime.released.clear()
    lines = []
    for release_id, at in ((first, 1), (second, 0)):
        told = read_release(founded.context(ADVOCATE), release_id).protected.told
        lines.append([one.label for one in told.layouts[at].scales[0].categories])
        assert told.values[at][-1] == (24, 30)[len(lines) - 1]
    assert lines[0] == lines[1]
    assert "another" in lines[0]
