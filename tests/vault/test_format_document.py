"""docs/vault-format.md and the code say the same."""

import re
from itertools import dropwhile, takewhile
from pathlib import Path

import pytest

from casework.vault.fields import FIELDS, Compartment
from casework.vault.labels import Label
from casework.vault.padding import Padding
from casework.vault.rosterentry import ROLES

TEXT = (Path(__file__).parents[2] / "docs" / "vault-format.md").read_text("utf-8")


def rows(section: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    after = TEXT.partition(f"## {section}\n")[2].splitlines()
    from_table = dropwhile(lambda line: not line.startswith("|"), after)
    table = list(takewhile(lambda line: line.startswith("|"), from_table))[2:]
    return [[cell.strip().strip("`") for cell in line.strip("|").split("|")] for line in table]


def test_the_table_of_fields_is_the_registry() -> None:
    """Every field, with its key, compartment and padding, in the same order."""
    registered = [[field.id, field.under, field.compartment or "–", field.padding] for field in FIELDS]
    assert [row[:4] for row in rows("4. Fields")] == registered


def test_the_table_of_labels_is_complete() -> None:
    """Every label once, in alphabetical order, and none is described elsewhere that does not exist."""
    assert [row[0] for row in rows("13. Labels")] == sorted(Label)
    assert set(re.findall(r'"(casework v1 [a-z0-9 ]+)"', TEXT)) <= set(Label)


@pytest.mark.parametrize("label", sorted(Label))
def test_every_label_s_construction_is_given(label: str) -> None:
    """Beside the table, the construction that uses it stands in the text."""
    assert f'"{label}"' in TEXT


def test_names_are_complete() -> None:
    """Paddings, compartments and roles are named as they are written."""
    assert [row[0] for row in rows("2. Padding")] == list(Padding)
    for name in (*Compartment, *ROLES):
        assert f"`{name}`" in TEXT
