"""What was chosen and what was before: whose it is, how long it lasts, and that it happens once."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID, uuid4

import pytest

from casework.domain.person import Consent
from casework.errors import Forbidden, Invalid, NotFound
from casework.services import bin
from casework.services.access import get_case_row
from casework.services.bundles import doing, keeping
from casework.services.bundles.binning import Binning
from casework.services.bundles.consenting import Consenting
from casework.services.bundles.keeping import MOST
from casework.services.context import Context
from casework.services.lists import Filter
from casework.services.runtime import Runtime
from casework.services.signing_in import sessions
from casework.store import bundles as store
from casework.store.cases import Case
from casework.store.database import db
from tests.services.bundles.steps import choose, do, log, outcome_of, somebody
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log

ON = date(2026, 5, 12)
YES = Consenting("statistics", Consent("given", ON))


@pytest.mark.parametrize("undoes", [False, True])
def test_a_button_pressed_twice_does_it_once(founded: Founded, undoes: bool) -> None:
    """The second does nothing and writes nothing; nor does somebody who comes while the first is at it."""
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, log(founded))
    do(context, bundle_id, Binning())

    def act() -> None:
        if undoes:
            doing.undo(context, bundle_id)
        else:
            doing.do(context, bundle_id, Binning(), 1 << 40)

    if undoes:
        act()
    before, outcome = len(open_log(founded.context())), outcome_of(context, bundle_id)
    act()
    assert len(open_log(founded.context())) == before
    assert outcome_of(context, bundle_id) == outcome


def test_while_one_is_at_it_nobody_else_is(founded: Founded) -> None:
    """Busy until it is done, or for a minute where whoever was at it was killed."""
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, log(founded))
    with keeping.claimed(context, bundle_id, keeping.State.CHOSEN) as bundle:
        assert bundle is not None and keeping.get_bundle(context, bundle_id).is_busy
        doing.do(context, bundle_id, Binning(), 1 << 40)
        assert keeping.get_bundle(context, bundle_id).outcome is None
        later = replace(context, runtime=_in(context, 61))
        assert not keeping.get_bundle(later, bundle_id).is_busy
    assert not keeping.get_bundle(context, bundle_id).is_busy


def _in(context: Context, seconds: int) -> Runtime:
    now = context.runtime.now() + timedelta(seconds=seconds)
    return replace(context.runtime, now=lambda: now)


def test_a_bundle_is_its_members_for_an_hour(founded: Founded) -> None:
    """Nobody else finds it; it goes after an hour without a deed, by a sweep too, and with an emergency."""
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, log(founded))
    for login in (COLLEAGUE, COORDINATOR):
        with pytest.raises(NotFound):
            keeping.get_bundle(founded.context(login), bundle_id)
        with pytest.raises(NotFound):
            doing.do(founded.context(login), bundle_id, Binning(), 1 << 40)
    with pytest.raises(Forbidden):
        keeping.choose(founded.context(ADVOCATE), [uuid4()], {})
    with pytest.raises(NotFound):
        keeping.get_bundle(replace(context, runtime=_in(context, keeping.KEPT_SECONDS)), bundle_id)
    sessions.sweep(_in(context, keeping.KEPT_SECONDS))
    assert store.find_bundle(bundle_id) is None
    bundle_id = choose(founded.context(CASEWORKER), log(founded))
    sessions.end_all_sessions()
    assert store.find_bundle(bundle_id) is None


def test_choosing_again_and_again_fills_no_memory(founded: Founded) -> None:
    """The oldest of a member's bundles go; nobody else's do."""
    logged, context = log(founded), founded.context(CASEWORKER)
    theirs = choose(founded.context(COLLEAGUE), logged)
    for _ in range(12):
        newest = choose(context, logged)
    assert len(store.list_bundles(context.member_id)) == 10
    assert keeping.get_bundle(context, newest).cases == (logged.case_id,)
    assert keeping.get_bundle(founded.context(COLLEAGUE), theirs).cases == (logged.case_id,)


def test_nothing_in_the_store_says_what_was_chosen(founded: Founded) -> None:
    """Not the cases, not the search that found them, not what was before."""
    logged, context = log(founded, people=somebody(Consent("refused", ON))), founded.context(CASEWORKER)
    bundle_id = keeping.choose(context, [logged.case_id], {"text": "Vulcan"})
    do(context, bundle_id, Consenting("statistics", Consent("withdrawn", ON), replaces=True))
    row = store.find_bundle(bundle_id)
    assert row is not None
    for word in ("Vulcan", "refused", logged.reference, logged.case_id.hex):
        assert word.encode() not in row.state_sealed
    assert logged.case_id.bytes not in row.state_sealed


def test_how_many_can_be_chosen(founded: Founded) -> None:
    """None, or more than fit a transaction, are refused; twice the same is once; all listed ones fit."""
    context = founded.context(CASEWORKER)
    for count in (0, MOST + 1):
        with pytest.raises(Invalid) as invalid:
            keeping.choose(context, [uuid4() for _ in range(count)], {})
        assert set(invalid.value.faults) == {"case"}
    mine, theirs = log(founded), log(founded, COLLEAGUE)
    assert keeping.get_bundle(context, choose(context, mine, mine)).cases == (mine.case_id,)
    context = founded.context(CASEWORKER)
    own, every = (keeping.choose_all(context, Filter(mine=one), {}) for one in (True, False))
    assert set(keeping.get_bundle(context, own).cases) == {mine.case_id}
    assert set(keeping.get_bundle(context, every).cases) == {mine.case_id, theirs.case_id}


def test_a_deed_that_breaks_leaves_the_bundle_as_it_was(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing happened, nobody is busy, and it can be tried again."""
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, log(founded), log(founded))
    opened: list[UUID] = []

    def break_second(context: Context, case_id: UUID) -> Case:
        opened.append(case_id)
        if len(opened) > 1:
            raise MemoryError
        return get_case_row(context, case_id)

    with monkeypatch.context() as patched:
        patched.setattr("casework.services.bundles.doing.get_case_row", break_second)
        with pytest.raises(MemoryError):
            do(context, bundle_id, Binning())
    db.session.rollback()
    assert bin.list_bin(founded.context()) == []
    assert do(founded.context(CASEWORKER), bundle_id, Binning()).cases == 2
