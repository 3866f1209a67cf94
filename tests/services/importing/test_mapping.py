"""The mapping file: whatever is wrong in it is named by its entry, before a row is read."""

from pathlib import Path

import pytest

from casework.domain.person import Consent
from casework.errors import Invalid
from casework.services.importing.mappingfile import read_mapping

EXAMPLE = Path(__file__).parents[3] / "docs" / "examples" / "toronto-arrests.toml"
SOUND = """
source = "a list"
key = "row"
[date]
precision = "year"
year = "year"
[fields]
contact_type = "traffic_stop"
police_service = "spvm"
"""

WRONG = {
    "not TOML": ("source = ", "mapping"),
    "an unknown entry": (f'sauce = "typo"\n{SOUND}', "mapping.sauce"),
    "no source": (SOUND.replace('source = "a list"', ""), "source"),
    "a required field left out": (SOUND.replace('police_service = "spvm"', ""), "fields.police_service"),
    "an unknown field": (f'{SOUND}shoe_size = "42"', "fields.shoe_size"),
    "an unknown code": (SOUND.replace('"spvm"', '"polizei"'), "fields.police_service"),
    "an unknown code among values": (
        f'{SOUND}[fields.gender]\ncolumn = "sex"\nvalues = {{ M = "male person" }}',
        "fields.gender",
    ),
    "an age that is none": (
        f'{SOUND}[fields.gender]\ncolumn = "sex"\nkind = "age"',
        "fields.gender.kind",
    ),
    "a section without its column": (f'{SOUND}[fields.gender]\nkind = "labels"', "fields.gender.column"),
    "a season": (SOUND.replace('precision = "year"', 'precision = "season"'), "date.precision"),
    "a date without its column": (SOUND.replace('year = "year"', ""), "date.year"),
    "a column without its format": (SOUND.replace('year = "year"', 'column = "day"'), "date.format"),
    "consent that rests on nothing": (f'{SOUND}[consent]\nstatistics = "given"', "consent.basis"),
    "consent to anything else": (f'{SOUND}[consent]\nbasis = "b"\nphotos = "given"', "consent.photos"),
    "consent in a way that is none": (
        f'{SOUND}[consent]\nbasis = "b"\nstatistics = "given"\nhow = "by_owl"',
        "consent.how",
    ),
    "consent that is no section": (f'consent = "x"\n{SOUND}', "consent"),
    "consent that is a list": (
        f'{SOUND}[consent]\nbasis = "b"\nstatistics = ["given"]',
        "consent.statistics",
    ),
    "nulls that are no texts": (f'nulls = [["x"]]\n{SOUND}', "nulls"),
    "nulls that are no list": (f'nulls = "NA"\n{SOUND}', "nulls"),
    "a column without a name": (f'{SOUND}[fields.gender]\ncolumn = ""', "fields.gender.column"),
    "values that are no section": (
        f'{SOUND}[fields.gender]\ncolumn = "sex"\nvalues = "x"',
        "fields.gender.values",
    ),
    "two codes where one is taken": (
        f'{SOUND}[fields.gender]\ncolumn = "sex"\nvalues = {{ X = ["man", "woman"] }}',
        "fields.gender",
    ),
    "a key that is no name": (SOUND.replace('key = "row"', "key = [1]"), "key"),
    "a code that is a list": (
        f'{SOUND}[fields.gender]\ncolumn = "sex"\notherwise = ["x"]',
        "fields.gender",
    ),
    "a kind that is a list": (
        f'{SOUND}[fields.gender]\ncolumn = "sex"\nkind = ["x"]',
        "fields.gender.kind",
    ),
    "an identity column without a name": (f'{SOUND}[identity]\nname = ""', "identity.name"),
    "an identity that is a number": (f"{SOUND}[identity]\nname = 5", "identity.name"),
    "an identity that nobody keeps": (f'{SOUND}[identity]\nshoe = "shoe"', "identity.shoe"),
}


@pytest.mark.parametrize("content", [SOUND.encode(), EXAMPLE.read_bytes()], ids=["smallest", "example"])
def test_a_sound_mapping_is_read(content: bytes) -> None:
    """The smallest one, and the complete one that the guide shows."""
    mapping = read_mapping(content)
    assert {"contact_type", "police_service"} <= {column.name for column in mapping.coded}
    assert set(mapping.key) <= mapping.columns()


@pytest.mark.parametrize(("content", "entry"), WRONG.values(), ids=WRONG)
def test_a_wrong_entry_is_named(content: str, entry: str) -> None:
    """So that whoever wrote the file knows where to look."""
    with pytest.raises(Invalid) as refused:
        read_mapping(content.encode())
    assert list(refused.value.faults) == [entry]


def test_how_they_answered_goes_with_every_answer() -> None:
    """And with no purpose that nobody was asked about."""
    content = f'{SOUND}[consent]\nbasis = "b"\nhow = "signed_form"\nstatistics = "given"\nstory = "not_asked"'
    mapping = read_mapping(content.encode())
    assert mapping.consents == {
        "statistics": Consent("given", how="signed_form"),
        "story": Consent("not_asked"),
    }
    assert mapping.counts
    assert not read_mapping(SOUND.encode()).counts
