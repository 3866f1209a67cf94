"""An organization's own terms: what one is, how records keep them, how answers read with them."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from casework.domain.ownterm import (
    LISTS,
    MERGED,
    OwnTerm,
    TermBook,
    choose_terms,
    find_taken,
    fitting,
)
from casework.domain.person import PersonFacts
from casework.domain.vocabulary import code_list
from casework.errors import Invalid

ONE, TWO, THREE = (UUID(int=number) for number in (1, 2, 3))
TOWN = OwnTerm(list_name="place", parent="other", label_en=" Kahnawà:ke  town", label_fr="Kahnawake")


def test_the_sealed_form_is_exactly_this() -> None:
    """The content of schema 1 never changes; another shape is another schema."""
    assert replace(TOWN, state=MERGED, merged_into=ONE).to_document() == {
        "schema": 1,
        "list": "place",
        "parent": "other",
        "label_en": "Kahnawà:ke town",
        "label_fr": "Kahnawake",
        "label_es": "",
        "state": "merged",
        "merged_into": ONE.hex,
    }
    assert OwnTerm.from_document(TOWN.to_document()) == TOWN


@pytest.mark.parametrize(
    "change",
    [
        {"schema": 2}, {"list": "case_status"}, {"list": None}, {"parent": "secret"}, {"parent": "not_asked"},
        {"label_en": " secret"}, {"label_en": 1}, {"label_en": "", "label_fr": ""}, {"state": "secret"},
        {"state": "merged"}, {"merged_into": ONE.hex}, {"merged_into": "secret"}, {"extra": 1},
    ],
)  # fmt: skip
def test_anything_else_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused without a word of its content."""
    with pytest.raises(Invalid) as refusal:
        OwnTerm.from_document({**TOWN.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("list_name", LISTS)
def test_a_term_can_be_put_under_each_answer_that_says_something(list_name: str) -> None:
    """Those that say nothing have nothing finer below them."""
    for code in code_list(list_name).codes:
        if code in ("unknown", "not_asked"):
            with pytest.raises(Invalid):
                replace(TOWN, list_name=list_name, parent=code)
        else:
            assert replace(TOWN, list_name=list_name, parent=code).parent == code


def test_an_answer_reads_as_its_own_terms_and_else_as_its_code() -> None:
    """Several below one code each; a term of another list, or below another code, says nothing."""
    job = OwnTerm(list_name="consequence", parent="job_loss", label_en="Lost a permit")
    dog, cat = (OwnTerm(list_name="consequence", parent="other", label_en=name) for name in ("Dog", "Cat"))
    book = TermBook({ONE: job, TWO: dog, THREE: cat})
    said = book.say("consequences", ("job_loss", "other"), (TWO, THREE), "fr")
    assert said == [("job_loss", "Perte d’emploi"), ("other", "Cat"), ("other", "Dog")]
    assert book.say("place", "other", (TWO,), "en") == [("other", "Other")]
    assert book.say("consequences", ("other",), (ONE, UUID(int=9)), "en") == [("other", "Other")]


def test_merged_terms_lead_to_one_and_a_ring_of_them_ends() -> None:
    """No deed makes a ring; a damaged or rolled back table could."""
    first = replace(TOWN, state=MERGED, merged_into=TWO)
    book = TermBook({ONE: first, TWO: replace(TOWN, label_en="Oka", label_fr="")})
    assert book.stands_for(ONE) == TWO
    assert book.say("place", "other", (ONE, TWO), "fr") == [("other", "Oka")]
    ring = TermBook({ONE: first, TWO: replace(TOWN, state=MERGED, merged_into=ONE)})
    assert ring.stands_for(ONE) in (ONE, TWO)


def test_a_name_is_of_one_term_of_its_list() -> None:
    """Shipped labels, aliases and codes count; a merged term leaves its name, another list has its own."""
    assert set(find_taken(replace(TOWN, label_en="Verdun"), ())) == {"label_en"}
    assert set(find_taken(TOWN, (replace(TOWN, label_en="kahnawake", label_fr=""),))) == {"label_fr"}
    assert find_taken(TOWN, (replace(TOWN, state=MERGED, merged_into=ONE),)) == {}
    assert find_taken(TOWN, (replace(TOWN, list_name="police_service"),)) == {}


def test_what_fits_no_answer_goes() -> None:
    """Terms below an answer that is not given, of another list, or of nobody."""
    person = PersonFacts(region_of_origin="caribbean", languages=("fr", "other"))
    terms = {
        ONE: OwnTerm(list_name="region_of_origin", parent="caribbean", label_en="Haiti"),
        TWO: OwnTerm(list_name="language", parent="so", label_en="A dialect"),
    }
    chosen = choose_terms({"region_of_origin": [ONE], "languages": [TWO, THREE], "gender": [ONE]})
    assert fitting(chosen, person, terms.get) == choose_terms({"region_of_origin": [ONE]})
    assert fitting((), person, terms.get) == ()


def test_hyphens_apostrophes_and_colons_make_no_other_name() -> None:
    """ "montreal nord" is the shipped Montréal-Nord, "Kahnawake" the own Kahnawà:ke."""
    own = OwnTerm(list_name="place", parent="other", label_en="Kahnawà:ke")
    for text in ("montreal nord", "Kahnawake"):
        taken = find_taken(OwnTerm(list_name="place", parent="other", label_en=text), [own])
        assert set(taken) == {"label_en"}, text


def test_a_name_has_letters_or_digits() -> None:
    """A term that is called "---" is none."""
    with pytest.raises(Invalid) as refused:
        OwnTerm(list_name="place", parent="other", label_fr="---")
    assert set(refused.value.faults) == {"label_fr"}


@pytest.mark.parametrize(
    ("list_name", "text"),
    [
        ("police_service", "S.P.V.M."),
        ("place", "Saint Michel"),
        ("place", "St-Michel"),
        ("place", "Cote des Neiges"),
    ],
)
def test_what_is_shipped_is_found_however_it_is_written(list_name: str, text: str) -> None:
    """Aliases too, whatever stands between their letters."""
    taken = find_taken(OwnTerm(list_name=list_name, parent="other", label_en=text), [])
    assert set(taken) == {"label_en"}
