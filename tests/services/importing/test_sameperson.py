"""One person over several rows of an incident."""

import pytest

from casework.domain.consent import Consent
from casework.domain.person import PersonFacts, PersonIdentity
from casework.services.importing.answers import ReadPerson
from casework.services.importing.sameperson import add_person

BORN = PersonIdentity(name="Bernadette Kouassi-Nguema", birth_date="1990-02-03")
REACHED = PersonIdentity(name="KOUASSI-NGUEMA Bernadette", phone="514 555-0187")
SAID_YES = PersonFacts(gender="woman", consents={"statistics": Consent("given")})
NOTHING = PersonFacts()


def put(*people: tuple[PersonFacts, PersonIdentity]) -> list[ReadPerson]:
    """Put people together, row after row."""
    together: list[ReadPerson] = []
    for facts, identity in people:
        add_person(together, ReadPerson(facts, identity, ("driver",)))
    return together


def test_what_one_row_leaves_out_another_says() -> None:
    """Identity, answers, roles and consents are put together; the first way of writing the name stays."""
    [one] = put((NOTHING, BORN), (SAID_YES, REACHED))
    assert (one.identity.name, one.identity.birth_date) == (BORN.name, BORN.birth_date)
    assert one.identity.phone == REACHED.phone
    assert (one.person.gender, one.person.consents, one.roles) == ("woman", SAID_YES.consents, ("driver",))


@pytest.mark.parametrize(
    ("facts", "identity"),
    [
        (SAID_YES, PersonIdentity(name=BORN.name, birth_date="1991-02-03")),
        (PersonFacts(gender="man"), BORN),
        (PersonFacts(gender="woman", consents={"statistics": Consent("refused")}), BORN),
        (SAID_YES, PersonIdentity(name="Somebody else")),
    ],
)
def test_who_differs_in_anything_is_another_person(facts: PersonFacts, identity: PersonIdentity) -> None:
    """A "no" beside a "yes" is somebody's own answer too: neither is lost."""
    assert len(put((SAID_YES, BORN), (facts, identity))) == 2


def test_who_has_no_name_is_nobody_again() -> None:
    """Two without a name are two."""
    assert len(put((NOTHING, PersonIdentity()), (NOTHING, PersonIdentity()))) == 2
