"""A release: what may be written, submitted, approved, withdrawn, and in which order."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from casework.domain.approval import State
from casework.domain.earlier import Difference, Earlier
from casework.domain.period import Period
from casework.domain.release import Frozen, Release, find_reason, follow
from casework.domain.releasedraft import ReleaseDraft, ReleaseTexts
from casework.errors import Conflict, Forbidden, Invalid

ADA, CORA = UUID(int=1), UUID(int=2)
TODAY = date(2026, 3, 1)
YEAR = Period((2025, 1), (2025, 4))
FROZEN = Frozen(1, "2026-01-02", "2026-01-02T10:00:00+00:00", "Traverse", {"format": 1})


def draft(**changes: object) -> ReleaseDraft:
    """Return a draft that can be submitted."""
    texts = {"fr": ReleaseTexts(" Un titre ", "Un résumé.")}
    fields = {"unit": "incidents", "period": YEAR, "tables": (("place",),), "texts": texts} | changes
    return ReleaseDraft(**fields)  # type: ignore[arg-type]


def release() -> Release:
    """Return one that Ada wrote."""
    return Release(draft=draft(), writers=(ADA,))


def approved() -> Release:
    """Return one that Cora approved."""
    return release().submitted(draft()).approved(FROZEN, CORA)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"k": 4}, "k"),
        ({"tables": tuple((str(at),) for at in range(9))}, "tables"),
        ({"tables": (("place", "year"), ("year", "place"))}, "table_2"),
        ({"texts": {"es": ReleaseTexts(link="example.org/act")}}, "link_es"),
        ({"texts": {"fr": ReleaseTexts(title="x" * 201)}}, "title_fr"),
    ],
)
def test_what_does_not_fit_names_its_field(changes: dict[str, object], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        draft(**changes)
    assert list(refused.value.faults) == [field]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"tables": ()}, "tables"),
        ({"texts": {}}, "title_en"),
        (
            {"texts": {"en": ReleaseTexts(title="A title"), "fr": ReleaseTexts(summary="Un résumé")}},
            "title_en",
        ),
    ],
)
def test_what_is_missing_is_asked_for_when_it_is_submitted(changes: dict[str, object], field: str) -> None:
    """A draft may be empty; one language has both title and summary."""
    with pytest.raises(Invalid) as refused:
        Release(draft=draft(**changes), writers=(ADA,)).submitted(draft(**changes))
    assert list(refused.value.faults) == [field]


def test_texts_are_given_in_a_language_or_the_first_that_has_one() -> None:
    assert draft().text("title", "es") == draft().text("title", "fr") == "Un titre"
    assert draft().text("demands", "fr") == ""


def test_whoever_writes_is_a_writer_and_a_submitted_one_is_a_draft_again() -> None:
    """So nobody approves what they wrote a word of, and nothing is approved that nobody submitted."""
    changed = release().submitted(draft()).edited(draft(k=10), CORA)
    assert (changed.state, changed.writers, changed.draft.k) == (State.DRAFT, (ADA, CORA), 10)


def test_what_nobody_saw_is_not_submitted() -> None:
    """Neither without a look nor after another one; words may change since, what is asked may not."""
    other_words = draft(texts={"en": ReleaseTexts("Another title", "Another summary")})
    assert release().submitted(other_words).state is State.SUBMITTED
    for seen in (None, draft(k=10), draft(tables=(("city",),)), draft(unit="people")):
        with pytest.raises(Invalid) as refused:
            release().submitted(seen)
        assert list(refused.value.faults) == ["numbers"]


def test_what_was_submitted_is_taken_back_as_it_was() -> None:
    back = release().submitted(draft()).pulled_back()
    assert (back.state, back.draft) == (State.DRAFT, draft())
    for one in (release(), approved()):
        with pytest.raises(Conflict):
            one.pulled_back()


def test_it_is_given_back_with_a_note_and_submitted_again() -> None:
    back = release().submitted(draft()).returned(" Say since when. ", CORA)
    assert (back.state, back.note) == (State.RETURNED, "Say since when.")
    assert (back.submitted(draft()).state, back.submitted(draft()).note) == (State.SUBMITTED, "")
    with pytest.raises(Invalid):
        release().submitted(draft()).returned(" ", CORA)


def test_who_wrote_any_of_it_neither_approves_it_nor_gives_it_back() -> None:
    """Two people answer for what leaves: the states say so themselves, whatever asks them."""
    both = release().edited(draft(), CORA).submitted(draft())
    assert [both.waits_for(member) for member in (ADA, CORA, UUID(int=3))] == [False, False, True]
    assert not release().waits_for(CORA)
    for member in (ADA, CORA):
        with pytest.raises(Forbidden):
            both.approved(FROZEN, member)
        with pytest.raises(Forbidden):
            both.returned("No.", member)


def test_what_was_approved_stays() -> None:
    """It is withdrawn, with a reason, or replaced, and neither undoes the other."""
    assert approved().frozen == FROZEN
    gone = approved().withdrawn({"en": "A city was wrong."}, TODAY, CORA)
    assert (gone.state, gone.frozen) == (State.WITHDRAWN, FROZEN)
    assert (gone.replaced(2).state, gone.replaced(2).replaced_by) == (State.WITHDRAWN, 2)
    assert (
        approved().replaced(2).state,
        approved().replaced(2).withdrawn({"fr": "x"}, TODAY, CORA).replaced_by,
    ) == (
        "replaced",
        2,
    )
    with pytest.raises(Invalid):
        approved().withdrawn({"en": " "}, TODAY, CORA)


@pytest.mark.parametrize(
    "step",
    [
        lambda: approved().edited(draft(), ADA),
        lambda: approved().submitted(draft()),
        lambda: approved().approved(FROZEN, CORA),
        lambda: approved().edited_draft(),
        lambda: release().approved(FROZEN, CORA),
        lambda: release().returned("No.", CORA),
        lambda: release().withdrawn({"en": "No."}, TODAY, CORA),
        lambda: release().submitted(draft()).submitted(draft()),
        lambda: release().replaced(2),
        lambda: approved().replaced(2).replaced(3),
        lambda: approved().replaced(2).withdrawn({"en": "No."}, TODAY, CORA).replaced(3),
    ],
)
def test_no_step_is_left_out(step: object) -> None:
    with pytest.raises(Conflict):
        step()  # type: ignore[operator]


WITHDRAWN = approved().withdrawn({"en": "x", "fr": "y", "es": ""}, TODAY, CORA).replaced(3)


@pytest.mark.parametrize("one", [release(), approved(), WITHDRAWN])
def test_it_is_read_as_it_was_written(one: Release) -> None:
    assert Release.from_document(one.to_document()) == one


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("state", "published"),
        ("replaced_by", -1),
        ("writers", ["1"]),
        ("frozen", {"number": 1}),
        ("draft", {}),
        ("reasons", {"de": "x"}),
        ("reasons", {"en": ""}),
        ("reasons", "x"),
    ],
)
def test_nothing_else_is_read(key: str, value: object) -> None:
    with pytest.raises(Invalid) as refused:
        Release.from_document(approved().to_document() | {key: value})
    assert list(refused.value.faults) == ["document"]


def test_a_reason_of_before_is_read_in_no_language() -> None:
    """Schema 1 had one text, and nobody said in which language."""
    now = WITHDRAWN.to_document()
    kept = {key: value for key, value in now.items() if key not in ("reasons", "needs_rereading")}
    before = kept | {"schema": 1, "reason": "x"}
    read = Release.from_document(before)
    assert read == replace(WITHDRAWN, reasons={"": "x"})
    assert find_reason(read.reasons, "fr") == ("x", "")
    assert Release.from_document(before | {"reason": ""}).reasons == {}


def test_a_reason_is_given_in_the_language_or_with_the_one_that_it_is_in() -> None:
    assert WITHDRAWN.reasons == {"en": "x", "fr": "y"}
    assert [find_reason(WITHDRAWN.reasons, code) for code in ("en", "fr", "es")] == [
        ("x", "en"),
        ("y", "fr"),
        ("x", "en"),
    ]
    assert find_reason({}, "en") == ("", "")


def test_the_fault_of_a_missing_reason_names_a_language_of_the_release() -> None:
    french = replace(approved(), draft=replace(draft(), texts={"fr": ReleaseTexts("Qui", "Compté.")}))
    with pytest.raises(Invalid) as refused:
        french.withdrawn({"en": ""}, TODAY, CORA)
    assert list(refused.value.faults) == ["reason_fr"]


def test_what_came_in_the_place_of_a_release_is_followed_to_the_last() -> None:
    numbered = {1: approved().replaced(2), 2: approved().replaced(3), 3: approved()}
    assert follow(numbered[1], numbered) == (numbered[2], numbered[3])
    assert follow(numbered[3], numbered) == ()


EARLIER = Earlier(1, Period((2025, 1), (2025, 4)), True, (Difference("2025", 232, 223),))


def test_what_is_said_of_earlier_releases_is_frozen_with_it() -> None:
    """And is not there in what was approved before it was kept."""
    frozen = replace(FROZEN, earlier=(EARLIER,))
    assert Frozen.from_document(frozen.to_document()) == frozen
    assert "earlier" not in FROZEN.to_document()


@pytest.mark.parametrize(
    "changed",
    [
        {"replaced": 1},
        {"number": -1},
        {"first": "2025"},
        {"differing": [{"period": "2025", "then": 1}]},
        {"differing": [{"period": "2025", "then": 1, "now": "2"}]},
        {"more": 1},
    ],
)
def test_nothing_else_is_read_of_earlier_releases(changed: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        Earlier.from_document(EARLIER.to_document() | changed)


def test_words_that_were_written_for_others_are_reread_before_it_is_submitted() -> None:
    """Other tables or another period leave the words; saving them, or saying that they fit, is enough."""
    other = release().retabled([("city",)], YEAR, ADA)
    later = release().retabled([("place",)], Period((2024, 1), (2025, 4)), ADA)
    for one in (other, later, other.retabled([("place",)], YEAR, ADA)):
        assert one.needs_rereading and Release.from_document(one.to_document()) == one
        with pytest.raises(Invalid) as refused:
            one.submitted(one.draft)
        assert list(refused.value.faults) == ["reread"]
        assert not one.submitted(one.draft, was_reread=True).needs_rereading
        assert one.edited(one.draft, ADA).submitted(one.draft).state is State.SUBMITTED


def test_what_is_of_another_time_takes_no_place() -> None:
    """Else the numbers of one year would seem to have come in the place of those of another."""
    placed = Release(draft=replace(draft(), replaces=2), writers=(ADA,))
    longer = placed.retabled(placed.draft.tables, Period((2025, 4), (2026, 1)), ADA)
    assert longer.draft.replaces == 2
    assert placed.retabled(placed.draft.tables, Period((2026, 1), (2026, 3)), ADA).draft.replaces == 0


def test_nothing_is_reread_where_there_are_no_words_or_nothing_changed() -> None:
    assert not release().retabled([("place",)], YEAR, ADA).needs_rereading
    silent = Release(draft=draft(texts={}), writers=(ADA,))
    assert not silent.retabled([("city",)], YEAR, ADA).needs_rereading
