"""Who probably stands in two cases: shown to who may open both, decided once, taken back."""

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from casework.analysis.duplicates.finding import Likeness, find_duplicates
from casework.analysis.duplicates.people import Described, People
from casework.domain.person import PersonIdentity
from casework.errors import Forbidden, NotFound
from casework.services import bin, erasing
from casework.services.context import Context
from casework.services.duplicates import comparisons
from casework.services.duplicates.comparisons import Comparisons
from casework.services.duplicates.deciding import (
    SaidBefore,
    take_back,
    tell_apart,
    tell_same,
)
from casework.services.duplicates.reviewing import find_likely, list_elsewhere, review
from casework.services.incidents import Logged, log_incident
from casework.store.cases import find_person
from casework.store.links import list_links
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.records import incident_draft, person_draft

NAIMA = PersonIdentity(name="Naïma Benali", birth_date="1988-03-14", phone="514 555-0199", uci="1122-3344")
AGAIN = PersonIdentity(name="BENALI Naima", birth_date="14/03/1988", phone="(514) 555 0199", uci="")


def _log(founded: Founded, identity: PersonIdentity, access: str = "") -> Logged:
    people = (replace(person_draft(), identity=identity),)
    team = frozenset({founded.players[CASEWORKER].id}) if access else frozenset[UUID]()
    restricted, team_only = access == "restricted", access == "team_only"
    draft = incident_draft(people=people, team=team, team_only=team_only, restricted=restricted)
    return log_incident(founded.context(CASEWORKER), draft)


def _pairs(context: Context) -> list[set[str]]:
    return [{pair.left.reference, pair.right.reference} for pair in review(context).pairs]


def test_one_person_in_two_cases_is_found_with_what_speaks_for_it(founded: Founded) -> None:
    """Accents, order and spaces aside; what is alike is named; somebody else is nobody's double."""
    first, second = _log(founded, NAIMA), _log(founded, AGAIN)
    _log(founded, PersonIdentity(name="Wendell Toussaint", birth_date="1970-01-02"))
    found = review(founded.context(COLLEAGUE))
    assert (found.total, found.is_ready) == (1, True)
    assert {found.pairs[0].left.reference, found.pairs[0].right.reference} == {
        first.reference,
        second.reference,
    }
    assert (found.pairs[0].alike, found.pairs[0].near) == (
        frozenset(("name", "birth_date", "phone")),
        frozenset(),
    )


def test_one_spelling_comes_before_two(founded: Founded) -> None:
    """Though a namesake says that it is a common name, and two spellings look like a rare one."""
    others = [PersonIdentity(name=f"Zeno{chr(97 + at)} Fulgencio{chr(97 + at)}") for at in range(20)]
    people = tuple(replace(person_draft(), identity=one) for one in others)
    log_incident(founded.context(CASEWORKER), incident_draft(people=people))
    born = {"birth_date": "1988-03-14", "phone": "514 555-0199"}
    for name in ("Ottoline Beaugrand", "Ottoline Beaugrandes"):
        _log(founded, PersonIdentity(name=name, **born))
    for birth_date in ("1966-07-21", "1966-07-21", "1931-11-30"):
        _log(founded, PersonIdentity(name="Hubert Delaporte", birth_date=birth_date, phone="438 555-0123"))
    pairs = review(founded.context(COLLEAGUE)).pairs
    names = [pair.left.told.name.split()[0] for pair in pairs]
    assert names.index("Hubert") < names.index("Ottoline")
    assert all(pair.alike | pair.near for pair in pairs)


def test_what_is_written_meanwhile_is_compared_too(founded: Founded) -> None:
    """Who is added after the first comparison is found as well, and no longer once the case is in the bin."""
    context = founded.context(CASEWORKER)
    first = _log(founded, NAIMA)
    assert _pairs(context) == []
    second = _log(founded, AGAIN)
    assert _pairs(context) == [{first.reference, second.reference}]
    bin.bin_case(context, second.case_id, 1)
    assert _pairs(context) == []


@pytest.mark.parametrize("access", ["team_only", "restricted"])
def test_a_case_that_is_not_theirs_shows_in_no_pair(founded: Founded, access: str) -> None:
    """A stranger to one of both cases learns of neither pair, nor link, nor on entry."""
    seen, hidden = _log(founded, NAIMA), _log(founded, AGAIN, access)
    stranger = founded.context(COLLEAGUE)
    assert _pairs(stranger) == []
    assert {one.reference for one in find_likely(stranger, Described("Naïma Benali", "1988-03-14"))} == {
        seen.reference
    }
    tell_same(founded.context(CASEWORKER), seen.people[0], hidden.people[0])
    assert list_elsewhere(stranger, seen.case_id) == {}
    assert list_elsewhere(founded.context(CASEWORKER), seen.case_id) == {
        seen.people[0]: [(hidden.people[0], hidden.case_id, hidden.reference)]
    }
    for decide in (tell_same, tell_apart, take_back):
        with pytest.raises(NotFound):
            decide(stranger, seen.people[0], hidden.people[0])
    assert len(list_links()) == 1


@pytest.mark.parametrize("decide", [tell_same, tell_apart])
def test_what_was_decided_is_not_asked_again_until_it_is_taken_back(
    founded: Founded, decide: Callable[[Context, UUID, UUID], object]
) -> None:
    """Either answer takes the pair off the list, in whichever order they are named; undo brings it back."""
    context = founded.context(CASEWORKER)
    first, second = _log(founded, NAIMA), _log(founded, AGAIN)
    decide(context, second.people[0], first.people[0])
    assert _pairs(context) == []
    assert bool(list_elsewhere(context, first.case_id)) == (decide is tell_same)
    take_back(context, first.people[0], second.people[0])
    assert len(_pairs(context)) == 1
    assert list_elsewhere(context, first.case_id) == {}
    with pytest.raises(NotFound):
        take_back(context, first.people[0], second.people[0])


def test_links_lead_over_a_third_case(founded: Founded) -> None:
    """Who is one with another, and that one with a third, also stands in the third's case."""
    context = founded.context(CASEWORKER)
    logged = [_log(founded, NAIMA) for _ in range(3)]
    tell_same(context, logged[0].people[0], logged[1].people[0])
    tell_same(context, logged[1].people[0], logged[2].people[0])
    places = list_elsewhere(context, logged[0].case_id)[logged[0].people[0]]
    assert {place[2] for place in places} == {logged[1].reference, logged[2].reference}


@pytest.mark.parametrize("access", ["team_only", "restricted"])
@pytest.mark.parametrize("is_binned", [False, True])
def test_links_lead_over_nobody_whose_case_is_not_theirs(
    founded: Founded, access: str, is_binned: bool
) -> None:
    """Two open cases that a closed one joins tell a stranger nothing of one another, nor from the bin."""
    context, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    seen, hidden, other = _log(founded, NAIMA), _log(founded, NAIMA, access), _log(founded, NAIMA)
    for one in (seen, other):
        tell_same(context, one.people[0], hidden.people[0])
    if is_binned:
        bin.bin_case(context, hidden.case_id, 1)
    assert list_elsewhere(stranger, seen.case_id) == list_elsewhere(stranger, other.case_id) == {}
    (places,) = list_elsewhere(context, seen.case_id).values()
    assert other.people[0] in {place[0] for place in places}
    tell_same(stranger, seen.people[0], other.people[0])
    (places,) = list_elsewhere(stranger, seen.case_id).values()
    assert [place[0] for place in places] == [other.people[0]]


def test_only_two_different_cases_can_be_linked(founded: Founded) -> None:
    """Nobody is linked with themselves or with nobody, and who reads no case decides nothing."""
    context, logged = founded.context(CASEWORKER), _log(founded, NAIMA)
    for other in (logged.people[0], uuid4()):
        with pytest.raises(NotFound):
            tell_same(context, logged.people[0], other)
    with pytest.raises(Forbidden):
        review(founded.context(ADVOCATE))


def test_erasing_a_case_takes_its_links(founded: Founded) -> None:
    """No row says afterwards that somebody of the erased case was somebody."""
    first, second = _log(founded, NAIMA), _log(founded, AGAIN)
    tell_same(founded.context(CASEWORKER), first.people[0], second.people[0])
    coordinator = founded.context(COORDINATOR)
    bin.bin_case(coordinator, first.case_id, 1)
    erasing.erase_case(coordinator, first.case_id)
    assert list_links() == []
    assert list_elsewhere(founded.context(CASEWORKER), second.case_id) == {}


@pytest.mark.parametrize("erased", [0, 1, 2])
def test_who_is_one_person_over_an_erased_case_is_so_still(founded: Founded, erased: int) -> None:
    """Three records in a row, the middle one erased or another; and whom nobody takes for them."""
    cases, other = [_log(founded, NAIMA) for _ in range(3)], _log(founded, AGAIN)
    people, context = [case.people[0] for case in cases], founded.context(COORDINATOR)
    tell_same(context, people[0], people[1])
    tell_same(context, people[1], people[2])
    tell_apart(context, people[erased], other.people[0])
    bin.bin_case(context, cases[erased].case_id, 1)
    erasing.erase_case(context, cases[erased].case_id)
    one, two = (case.case_id for at, case in enumerate(cases) if at != erased)
    (places,) = list_elsewhere(context, one).values()
    assert [place[1] for place in places] == [two]
    assert [is_same for *_pair, is_same in list_links()].count(False) == 1


def test_many_people_are_compared_beside_the_request(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond what can be done while somebody waits a thread does it, and the answer comes later."""
    monkeypatch.setattr(comparisons, "AT_ONCE", 1)
    one, other = uuid4(), uuid4()
    described = {id_: Described("Naïma Benali", "1988-03-14", uci="1122-3344") for id_ in (one, other)}
    compared = Comparisons()
    compared.follow(described)
    held = threading.Lock()

    def wait(people: People) -> list[Likeness]:
        with held:
            return find_duplicates(people)

    monkeypatch.setattr(comparisons, "find_duplicates", wait)
    with held:
        assert compared.pairs() is None
        assert compared.like(described[one]) == ()
    while (found := compared.pairs()) is None:
        time.sleep(0.01)
    assert {found[0][0], found[0][1]} == {one, other}


def test_who_goes_while_all_are_compared_is_in_no_pair(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread had begun with them; what it leaves behind has them no more."""
    monkeypatch.setattr(comparisons, "AT_ONCE", 1)
    one, other, gone = uuid4(), uuid4(), uuid4()
    described = {id_: Described("Naïma Benali", "1988-03-14", uci="1122-3344") for id_ in (one, other, gone)}
    described[gone] = Described("Naïma Benali", "1988-03-14", "514 555-0177", "1122-3344")
    compared, held = Comparisons(), threading.Lock()
    compared.follow(described)

    def wait(people: People) -> list[Likeness]:
        with held:
            return find_duplicates(people)

    monkeypatch.setattr(comparisons, "find_duplicates", wait)
    with held:
        assert compared.pairs() is None
        compared.follow({id_: one for id_, one in described.items() if id_ != gone})
    while (found := compared.pairs()) is None:
        time.sleep(0.01)
    assert [set(pair[:2]) for pair in found] == [{one, other}]
    assert list(compared.like(Described("Naïma Benali", "1988-03-14", "514 555-0177"))) in (
        [one, other],
        [other, one],
    )


def test_who_is_not_one_person_over_two_of_an_erased_case_is_not_still(founded: Founded) -> None:
    """Each of two outside was one of two in it, who are not one: so those are two."""
    one, other, context = _log(founded, NAIMA), _log(founded, AGAIN), founded.context(COORDINATOR)
    both = tuple(replace(person_draft(), identity=identity) for identity in (NAIMA, AGAIN))
    case = log_incident(founded.context(CASEWORKER), incident_draft(people=both))
    tell_same(context, one.people[0], case.people[0])
    tell_apart(context, case.people[0], case.people[1])
    tell_same(context, case.people[1], other.people[0])
    bin.bin_case(context, case.case_id, 1)
    erasing.erase_case(context, case.case_id)
    assert list_links() == [(*sorted((one.people[0], other.people[0])), False)]


def test_who_is_told_apart_leaves_the_others(founded: Founded) -> None:
    """Their own link on the way is cut, one that leads elsewhere stays; the undo brings back what was."""
    context = founded.context(CASEWORKER)
    mine, third, other, mother = (_log(founded, NAIMA).people[0] for _ in range(4))
    for one, two in ((mine, third), (third, other), (mine, mother)):
        tell_same(context, one, two)
    before = set(list_links())
    said = tell_apart(context, mine, other)
    assert said == SaidBefore(None, (third,))
    assert _reached(context, mine) == {mother}
    assert _reached(context, other) == {third}
    assert (min(mine, other), max(mine, other), False) in list_links()
    take_back(context, mine, other, said)
    assert set(list_links()) == before
    assert _reached(context, mine) == {third, other, mother}


@pytest.mark.parametrize("is_same", [True, False])
def test_the_undo_of_a_word_brings_back_the_word_before_it(founded: Founded, is_same: bool) -> None:
    """Who was told apart before is so again, and who was linked too, with a no that holds for both."""
    context = founded.context(CASEWORKER)
    mine, other = (_log(founded, NAIMA).people[0] for _ in range(2))
    first, then = (tell_same, tell_apart) if is_same else (tell_apart, tell_same)
    first(context, mine, other)
    before = set(list_links())
    said = then(context, mine, other)
    assert (said.is_same, said.cut) == (is_same, ())
    take_back(context, mine, other, said)
    assert set(list_links()) == before


def test_nobody_cuts_or_restores_a_link_that_they_may_not_know_of(founded: Founded) -> None:
    """A way over a closed case stays, and whoever makes up an undo links nobody in it."""
    context, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    mine, other = (_log(founded, NAIMA).people[0] for _ in range(2))
    closed = _log(founded, NAIMA, "restricted").people[0]
    for one in (mine, other):
        tell_same(context, one, closed)
    assert tell_apart(stranger, mine, other) == SaidBefore()
    assert [is_same for *_pair, is_same in list_links()].count(True) == 2
    for made_up in ((closed,), (mine,), (uuid4(),)):
        with pytest.raises(NotFound):
            take_back(stranger, mine, other, SaidBefore(None, made_up))
    assert len(list_links()) == 3


def test_who_is_one_over_a_third_is_not_asked_about_again(founded: Founded) -> None:
    """But by whom that third is hidden from: they know of no answer."""
    context, stranger = founded.context(CASEWORKER), founded.context(COLLEAGUE)
    one, other = (_log(founded, NAIMA) for _ in range(2))
    seen, hidden = _log(founded, PersonIdentity(name="Aziza Orr")), _log(founded, NAIMA, "restricted")
    asked = [{one.reference, other.reference}]
    for each in (one, other):
        tell_same(context, each.people[0], hidden.people[0])
    assert (_pairs(context), _pairs(stranger)) == ([], asked)
    for each in (one, other):
        tell_same(stranger, each.people[0], seen.people[0])
    assert _pairs(stranger) == []


def _reached(context: Context, person_id: UUID) -> set[UUID]:
    row = find_person(person_id)
    assert row is not None
    return {place[0] for place in list_elsewhere(context, row.case_id).get(person_id, ())}
