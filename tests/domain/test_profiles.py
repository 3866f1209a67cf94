"""The organisation and its members as others see them."""

from typing import Any

import pytest

from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.errors import Invalid

ORGANIZATION = OrganizationProfile(" Solidarité  Verdun ", ("en", "fr"), "fr")
MEMBER = MemberProfile("Noor", "es")


def test_the_sealed_forms_are_exactly_these() -> None:
    """The content of schema 1 never changes, and reads back."""
    assert ORGANIZATION.to_document() == {
        "schema": 1, "name": "Solidarité Verdun", "languages": ["en", "fr"], "default_language": "fr"
    }  # fmt: skip
    assert MEMBER.to_document() == {"schema": 1, "display_name": "Noor", "language": "es"}
    assert OrganizationProfile.from_document(ORGANIZATION.to_document()) == ORGANIZATION
    assert MemberProfile.from_document(MEMBER.to_document()) == MEMBER


@pytest.mark.parametrize(
    "change",
    [{"schema": 2}, {"name": ""}, {"name": " x"}, {"name": None}, {"languages": "en"}, {"languages": []},
     {"languages": ["fr", "en"]}, {"languages": ["de"]}, {"languages": [[]]}, {"default_language": "es"},
     {"more": 1}],
)  # fmt: skip
def test_a_strange_organisation_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        OrganizationProfile.from_document({**ORGANIZATION.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}


@pytest.mark.parametrize(
    "change", [{"schema": 2}, {"display_name": ""}, {"language": "de"}, {"login": "noor"}]
)
def test_a_strange_member_is_refused(change: dict[str, Any]) -> None:
    """A document that `to_document` could not have given is refused."""
    with pytest.raises(Invalid) as refusal:
        MemberProfile.from_document({**MEMBER.to_document(), **change})
    assert set(refusal.value.faults) == {"document"}


@pytest.mark.parametrize(
    ("name", "languages", "default", "field"),
    [("", ("en",), "en", "name"), ("x", (), "en", "languages"), ("x", ("en", "de"), "en", "languages"),
     ("x", ("en",), "fr", "default_language")],
)  # fmt: skip
def test_what_an_organisation_lacks_is_named(
    name: str, languages: tuple[str, ...], default: str, field: str
) -> None:
    """Set-up is told which field to mend."""
    with pytest.raises(Invalid) as refusal:
        OrganizationProfile(name, languages, default)
    assert set(refusal.value.faults) == {field}


@pytest.mark.parametrize(
    ("name", "language", "field"), [("  ", "fr", "display_name"), ("Noor", "xx", "language")]
)
def test_what_a_member_lacks_is_named(name: str, language: str, field: str) -> None:
    """A member needs a name and a language of the screens."""
    with pytest.raises(Invalid) as refusal:
        MemberProfile(name, language)
    assert set(refusal.value.faults) == {field}
