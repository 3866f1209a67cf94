"""The drill: a quorum proves that it opens, less is told why not, and nothing changes but the date."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.domain.permissions import Permission
from casework.domain.quorum import USUAL, Quorum
from casework.domain.recovery import DRILL_DAYS
from casework.errors import Forbidden, ShareRefused
from casework.services import drafts, incidents, unfinished
from casework.services.organization import get_organization
from casework.services.recovery import drills
from casework.services.recovery.entering import forget_entered
from casework.services.recovery.overview import is_drill_due, look_at_recovery
from casework.services.recovery.record import find_record
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.store.cases import Case
from casework.store.database import db
from casework.store.members import RecoverySeal
from casework.store.restricted import list_seals_to
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from casework.vault.compartments import RECOVERY_ID
from tests.faults.damage import flipped
from tests.support.application import ADVOCATE, CASEWORKER, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.dump import changed_tables, dump_tables
from tests.support.records import incident_draft


def shares(founded: Founded) -> tuple[str, ...]:
    """Return the shares in force."""
    return founded.players[COORDINATOR].recovery_shares


def log_restricted(founded: Founded) -> Case:
    """Log a case that only the caseworker is named in."""
    caseworker = founded.context(CASEWORKER)
    draft = incident_draft(restricted=True, team=frozenset({caseworker.member_id}))
    return db.session.get_one(Case, incidents.log_incident(caseworker, draft).case_id)


def refusal(entered: Entered, typed: str) -> tuple[str, tuple[int, ...]]:
    """Return why a share is not taken."""
    with pytest.raises(ShareRefused) as refused:
        entered.add(typed)
    return refused.value.reason, refused.value.numbers


@pytest.mark.parametrize("pair", list(itertools.permutations(range(3), 2)))
def test_any_quorum_opens_everything_and_changes_the_date_alone(
    founded: Founded, pair: tuple[int, int]
) -> None:
    """Every epoch key and every draft; only the organization's row, the log and its head are written."""
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/incidents/new", {"text": ["Papers."]})
    log_restricted(founded)
    context, before = founded.context(), dump_tables()
    entered = drills.begin_entering(context)
    for index in pair:
        entered = entered.add(shares(founded)[index])
    opened = drills.drill(context, entered)
    assert (opened.epoch_keys, opened.cases, opened.drafts, opened.failed) == (5, 1, 1, ())
    assert set(changed_tables(before, dump_tables())) == {"organization", "audit_entry", "write_head"}
    record = find_record(founded.context())
    assert record is not None
    assert (record.drilled_on, record.drilled_by) == (founded.runtime.today(), context.member_id)
    assert (record.threshold, record.shares, record.made_by) == (2, 3, context.member_id)
    assert open_log(founded.context())[-1]["event"] == "recovery.drilled"


def test_too_few_shares_open_nothing(founded: Founded) -> None:
    """One of two: how many are missing is told, and no date is written."""
    context = founded.context()
    entered = drills.begin_entering(context).add(shares(founded)[0])
    assert (entered.threshold, entered.missing, entered.is_complete) == (2, 1, False)
    before = dump_tables()
    with pytest.raises(ShareRefused) as refused:
        drills.drill(context, entered)
    assert (refused.value.reason, refused.value.numbers) == ("too_few", (1,))
    assert dump_tables() == before


def test_a_share_of_another_set_is_told_at_once(founded: Founded) -> None:
    """What was drawn before, or elsewhere, is not taken, be it the first or the second."""
    other = Sharing.draw(USUAL)
    entered = drills.begin_entering(founded.context())
    assert refusal(entered, other.shares[1]) == ("superseded", (2,))
    assert refusal(entered.add(shares(founded)[0]), other.shares[2]) == ("superseded", (3,))


def test_a_share_entered_already_is_told(founded: Founded) -> None:
    """Twice the same sheet is one sheet."""
    entered = drills.begin_entering(founded.context()).add(shares(founded)[2])
    assert refusal(entered, shares(founded)[2].upper()) == ("repeated", (3,))


def test_shares_of_another_organization_fit_and_are_refused(founded: Founded) -> None:
    """Where nothing is written down, only their key tells."""
    forget_record()
    context, other = founded.context(), Sharing.draw(USUAL)
    entered = drills.begin_entering(context).add(other.shares[0])
    assert refusal(entered, shares(founded)[1]) == ("foreign", (2,))
    with pytest.raises(ShareRefused) as refused:
        drills.drill(context, entered.add(other.shares[1]))
    assert refused.value.reason == "strange"


def forget_record() -> None:
    """Be a database from before it was written down."""
    row = get_organization()
    row.recovery_sealed, row.recovery_version = None, 0
    db.session.commit()


def test_an_older_database_learns_its_threshold_from_the_shares(founded: Founded) -> None:
    """How many there are stays unknown; how many open, and that they do, is written down."""
    forget_record()
    context = founded.context()
    assert is_drill_due(context)
    assert look_at_recovery(context).quorum is None
    entered = Entered.of(shares(founded)[1:])
    assert drills.drill(context, entered).failed == ()
    record = find_record(founded.context())
    assert record is not None
    assert (record.threshold, record.shares, record.made_on) == (2, None, None)
    assert not is_drill_due(founded.context())


@pytest.mark.parametrize("damage", ["gone", "changed", "swapped"])
def test_a_seal_that_does_not_open_is_named(founded: Founded, damage: str) -> None:
    """The sheets are right and the database is not: the drill says which key, and writes no date."""
    seal = db.session.get(RecoverySeal, ("coded", 1))
    other = db.session.get(RecoverySeal, ("identity", 1))
    assert seal is not None and other is not None
    if damage == "gone":
        db.session.delete(seal)
    else:
        seal.key_sealed = other.key_sealed if damage == "swapped" else flipped(seal.key_sealed, -1)
    db.session.commit()
    opened = drills.drill(founded.context(), Entered.of(shares(founded)[:2]))
    assert opened.failed == ("coded 1",)
    record = find_record(founded.context())
    assert record is not None and record.drilled_on is None


@pytest.mark.parametrize("damage", ["gone", "changed"])
def test_a_restricted_case_that_does_not_open_is_named(founded: Founded, damage: str) -> None:
    """Nobody but who is named, and the shares, can tell: the drill does."""
    case = log_restricted(founded)
    seal = next(seal for seal in list_seals_to(RECOVERY_ID) if seal.compartment == "narrative")
    if damage == "gone":
        db.session.delete(seal)
    else:
        seal.key_sealed = flipped(seal.key_sealed, -1)
    db.session.commit()
    opened = drills.drill(founded.context(), Entered.of(shares(founded)[:2]))
    assert opened.failed == (f"case {case.id.hex}",)


def test_it_is_due_when_never_and_after_half_a_year(founded: Founded) -> None:
    """Coordinators are reminded, nobody else."""
    assert is_drill_due(founded.context())
    assert not is_drill_due(founded.context(CASEWORKER))
    drills.drill(founded.context(), Entered.of(shares(founded)[:2]))
    record, today = find_record(founded.context()), founded.runtime.today()
    assert record is not None
    assert not record.is_drill_due(today + timedelta(days=DRILL_DAYS))
    assert record.is_drill_due(today + timedelta(days=DRILL_DAYS + 1))


@pytest.mark.parametrize("login", [CASEWORKER, ADVOCATE])
def test_only_coordinators_drill(founded: Founded, login: str) -> None:
    """Others are refused at every step."""
    context = founded.context(login)
    for deed in (
        lambda: drills.begin_entering(context),
        lambda: drills.enter_share(context, "", shares(founded)[0]),
        lambda: drills.drill(context, Entered.of(shares(founded)[:2])),
        lambda: look_at_recovery(context),
    ):
        with pytest.raises(Forbidden, match=Permission.MANAGE_RECOVERY):
            deed()


def test_what_was_entered_is_for_one_member_and_leaves_nothing(founded: Founded) -> None:
    """It lies sealed under the browser's cookie; another member does not go on with it; forgotten is gone."""
    context = founded.context()
    cookie, entered = drills.enter_share(context, "", shares(founded)[0])
    assert entered.numbers == drills.get_entered(context, cookie).numbers == [1]
    assert drills.get_entered(founded.context(), "").numbers == []
    document = unfinished.load(cookie, "drill") | {"member": founded.players[CASEWORKER].id.hex}
    (row,) = list_records(CeremonyRow)
    assert shares(founded)[0].split()[7].encode() not in row.state_sealed
    unfinished.keep(founded.runtime, cookie, document)
    assert drills.get_entered(founded.context(), cookie).numbers == []
    forget_entered(cookie)
    assert list_records(CeremonyRow) == []


quorums = st.integers(min_value=2, max_value=16).flatmap(
    lambda count: st.builds(Quorum, st.integers(min_value=2, max_value=count), st.just(count))
)


@given(quorums, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=25)
def test_any_quorum_gives_the_key_back_and_one_fewer_never(quorum: Quorum, random: object) -> None:
    """M of N in any order; with M-1 the key is not given, and how many are missing is told."""
    assert hasattr(random, "sample")
    sharing = Sharing.draw(quorum)
    chosen = random.sample(sharing.shares, quorum.threshold)
    assert Entered.of(chosen).open(sharing.public).seed == sharing.seed
    with pytest.raises(ShareRefused) as refused:
        Entered.of(chosen[1:]).open(sharing.public)
    assert (refused.value.reason, refused.value.numbers) == ("too_few", (1,))
