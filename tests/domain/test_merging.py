"""Two records of one person: which answers differ, what is proposed, and the one record."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given

from casework.domain.merging import (
    BOTH,
    EACH,
    LEFT,
    RIGHT,
    list_differing,
    list_names,
    merge_people,
    offered_choices,
    propose_choice,
)
from casework.domain.ownterm import choose_terms
from casework.domain.person import IDENTITY_FIELDS, Consent, PersonFacts, PersonIdentity
from casework.errors import Invalid

from .strategies import people

TERMS = {name: f"{name}:" for name in IDENTITY_FIELDS}
ONE = (
    PersonFacts(
        age_band="25_34",
        gender="woman",
        languages=("es",),
        racialised_identities=("unknown",),
        consents={"statistics": Consent("given", date(2026, 5, 1)), "story": Consent("refused")},
    ),
    PersonIdentity(name="Naïma Benali", phone="514 555-0199", note="After six."),
)
OTHER = (
    PersonFacts(
        age_band="35_44",
        languages=("fr",),
        racialised_identities=("black",),
        consents={"story": Consent("given"), "litigation": Consent("given")},
    ),
    PersonIdentity(name="Naima Benali", phone="514 555-0177", uci="1122", note="Never at work."),
)


def test_what_differs_is_listed_once_in_order() -> None:
    """Identity first, then coded answers, then consents; what is the same is not asked about."""
    assert list_differing(ONE, OTHER) == (
        *("name", "phone", "uci", "note", "age_band", "gender", "racialised_identities", "languages"),
        *("consent_statistics", "consent_story", "consent_litigation"),
    )
    assert list_differing(ONE, ONE) == ()


@pytest.mark.parametrize(
    ("name", "choice"),
    [
        ("uci", RIGHT),  # the filled one
        ("gender", LEFT),
        ("phone", BOTH),
        ("note", BOTH),
        ("languages", BOTH),
        ("racialised_identities", ""),  # unknown stands beside no answer
        ("age_band", ""),  # nobody has two ages
        ("consent_statistics", RIGHT),  # the stricter: not asked before given
        ("consent_story", LEFT),  # refused before given
        ("consent_litigation", LEFT),
    ],
)
def test_a_choice_is_proposed_where_one_can_be(name: str, choice: str) -> None:
    """Where both say something and only one can stand, somebody has to choose."""
    assert propose_choice(name, ONE, OTHER) == choice


@pytest.mark.parametrize(
    ("one", "other", "differs"),
    [
        ("(514) 555-9876", "514 555 9876", False),
        ("+1 514 555 9876", "514.555.9876", False),
        ("514 555-9876", "514 555-9877", True),
        ("514 555-9876", "514 555-9876 after six", True),
        ("514 555-9876", "", True),
    ],
)
def test_one_number_written_in_two_ways_is_one(one: str, other: str, differs: bool) -> None:
    """Nobody is asked about it, and one of both is kept."""
    left, right = ((PersonFacts(), PersonIdentity(phone=phone, uci="11-22")) for phone in (one, other))
    assert list_differing(left, right) == (("phone",) if differs else ())
    if not differs:
        assert merge_people(left, right, {}, TERMS)[1] == left[1]


@pytest.mark.parametrize("name", ["age_band", "immigration_status"])
def test_each_of_two_cases_keeps_what_it_says_of_its_time(name: str) -> None:
    """Also where the other one says nothing: what was true then may not be now."""
    of = PersonFacts(age_band="25_34", immigration_status="refugee_claimant"), PersonIdentity()
    nothing = PersonFacts(), PersonIdentity()
    assert propose_choice(name, of, nothing, of_two_cases=True) == EACH
    assert propose_choice(name, of, nothing) == LEFT
    with pytest.raises(Invalid):
        merge_people(of, nothing, {"age_band": EACH, "immigration_status": EACH}, TERMS)


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        ("1995", "1995-01-05", RIGHT),
        ("5 January 1995", "1995", LEFT),
        ("1995-01", "1995-01-05", RIGHT),
        ("1995", "1996-01-05", BOTH),
        ("1995-01-05", "1995-01-06", BOTH),
        ("", "1995", RIGHT),
    ],
)
def test_of_two_birth_dates_the_finer_is_proposed(one: str, other: str, kept: str) -> None:
    """Where the other one says no more than its year or month; both where they contradict."""
    sides = [(PersonFacts(), PersonIdentity(birth_date=date)) for date in (one, other)]
    assert propose_choice("birth_date", sides[0], sides[1]) == kept


@pytest.mark.parametrize(
    ("name", "is_offered"),
    [("phone", True), ("uci", False), ("languages", True), ("racialised_identities", False)],
)
def test_both_are_offered_only_where_there_are_two(name: str, is_offered: bool) -> None:
    """Not where one side says nothing, or "unknown"."""
    assert (BOTH in offered_choices(name, ONE, OTHER)) == is_offered


@pytest.mark.parametrize(
    ("one", "other", "kept"),
    [
        (Consent("withdrawn"), Consent("refused"), LEFT),
        (Consent("given"), Consent("withdrawn"), RIGHT),
        (Consent("given", date(2025, 1, 1)), Consent("given", date(2026, 1, 1)), RIGHT),
        (Consent("refused"), Consent("refused", date(2026, 1, 1)), RIGHT),
    ],
)
def test_the_stricter_consent_is_proposed(one: Consent, other: Consent, kept: str) -> None:
    """Of two that say the same, the later one."""
    sides = [(PersonFacts(consents={"statistics": consent}), PersonIdentity()) for consent in (one, other)]
    assert propose_choice("consent_statistics", sides[0], sides[1]) == kept


def test_one_record_is_made_by_the_choices() -> None:
    """What is left out of a field stands in the note, after its term; nothing is lost that should be kept."""
    choices = {name: propose_choice(name, ONE, OTHER) for name in list_differing(ONE, OTHER)}
    facts, identity = merge_people(
        ONE, OTHER, choices | {"age_band": LEFT, "racialised_identities": RIGHT}, TERMS
    )
    assert identity == PersonIdentity(
        name="Naïma Benali",
        phone="514 555-0199",
        uci="1122",
        note="After six.\n\nNever at work.\n\nname: Naima Benali\nphone: 514 555-0177",
    )
    assert facts == PersonFacts(
        age_band="25_34",
        gender="woman",
        languages=("fr", "es"),
        racialised_identities=("black",),
        consents={"story": Consent("refused")},
    )


@pytest.mark.parametrize("choice", ["", BOTH, "neither"])
def test_without_a_choice_every_such_field_is_named(choice: str) -> None:
    """An age cannot be two."""
    choices = {name: LEFT for name in list_differing(ONE, OTHER)} | {"age_band": choice, "uci": "neither"}
    with pytest.raises(Invalid) as invalid:
        merge_people(ONE, OTHER, choices, TERMS)
    assert set(invalid.value.faults) == {"age_band", "uci"}


def test_records_that_differ_in_own_terms_alone_are_asked_about() -> None:
    """The finer answer is proposed; of two, both where both can be kept, else somebody chooses."""
    one, other = UUID(int=1), UUID(int=2)
    plain = PersonFacts(region_of_origin="caribbean", languages=("other",)), PersonIdentity()
    fine, fine_too = (
        (
            replace(plain[0], own_terms=choose_terms({"region_of_origin": [term], "languages": [term]})),
            plain[1],
        )
        for term in (one, other)
    )
    assert list_differing(plain, fine) == ("region_of_origin", "languages")
    proposed = {name: propose_choice(name, plain, fine) for name in ("region_of_origin", "languages")}
    assert proposed == {"region_of_origin": RIGHT, "languages": RIGHT}
    assert merge_people(plain, fine, proposed, TERMS)[0] == fine[0]
    assert propose_choice("region_of_origin", fine, fine_too) == ""
    assert propose_choice("languages", fine, fine_too) == BOTH
    merged, _who = merge_people(fine, fine_too, {"region_of_origin": LEFT, "languages": BOTH}, TERMS)
    assert merged.own_terms == choose_terms({"region_of_origin": [one], "languages": [one, other]})


def test_several_answers_that_do_not_go_together_are_named() -> None:
    """Unknown beside an answer."""
    choices = {name: LEFT for name in list_differing(ONE, OTHER)} | {"racialised_identities": BOTH}
    with pytest.raises(Invalid) as invalid:
        merge_people(ONE, OTHER, choices, TERMS)
    assert set(invalid.value.faults) == {"racialised_identities"}


@given(people, people)
def test_either_side_whole_is_that_side(one: PersonFacts, other: PersonFacts) -> None:
    """Choosing one side throughout gives its answers; no note of an earlier merge goes along."""
    left, right = (one, PersonIdentity(name="A")), (other, PersonIdentity(name="B"))
    for choice, (facts, identity) in ((LEFT, left), (RIGHT, right)):
        made = merge_people(left, right, dict.fromkeys(list_names(), choice), TERMS)
        asked = {purpose: consent for purpose, consent in facts.consents.items() if consent != Consent()}
        assert made == (replace(facts, consents=asked, merged=None, aside=None), identity)


@given(people, people)
def test_what_is_proposed_is_offered_and_goes_through(one: PersonFacts, other: PersonFacts) -> None:
    """Only what has to be chosen is left open."""
    left, right = (one, PersonIdentity(name="A")), (other, PersonIdentity())
    proposed = {name: propose_choice(name, left, right) for name in list_differing(left, right)}
    open_still = {name for name, choice in proposed.items() if not choice}
    assert all(choice in offered_choices(name, left, right) for name, choice in proposed.items() if choice)
    if open_still:
        with pytest.raises(Invalid) as invalid:
            merge_people(left, right, proposed, TERMS)
        assert set(invalid.value.faults) == open_still
    else:
        merge_people(left, right, proposed, TERMS)
