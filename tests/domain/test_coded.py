"""How several answers to one question are kept."""

import pytest

from casework.domain.coded import FIELDS, normalise_multi
from casework.errors import Invalid


def test_answers_are_kept_once_in_the_order_of_the_list() -> None:
    """The order of ticking does not show in the record."""
    assert normalise_multi("consequences", ["job_loss", "family_separation", "job_loss"]) == (
        "family_separation", "job_loss"
    )  # fmt: skip


@pytest.mark.parametrize("field", [field.name for field in FIELDS.values() if field.multiple])
def test_nothing_chosen_is_kept_as_not_asked(field: str) -> None:
    """A field with several answers is never empty."""
    assert normalise_multi(field, []) == ("not_asked",)


def test_not_asked_gives_way_to_an_answer() -> None:
    """Who answers was asked, whatever the form had ticked before."""
    assert normalise_multi("reasons", ["not_asked", "warrant"]) == ("warrant",)
    assert normalise_multi("reasons", ["not_asked", "none_given"]) == ("none_given",)


@pytest.mark.parametrize(
    ("field", "codes"),
    [
        ("cbsa_actions", ["no_action", "removed"]),
        ("cbsa_actions", ["unknown", "removed"]),
        ("reasons", ["none_given", "warrant"]),
        ("reasons", ["none_given", "unknown"]),
    ],
)
def test_an_exclusive_answer_stands_alone(field: str, codes: list[str]) -> None:
    """Contradictory answers are sent back by their field, never silently thinned out."""
    with pytest.raises(Invalid) as refusal:
        normalise_multi(field, codes)
    assert set(refusal.value.faults) == {field}


def test_other_may_stand_beside_an_answer() -> None:
    """`other` is one answer among several."""
    assert normalise_multi("reasons", ["other", "warrant"]) == ("warrant", "other")


def test_an_unlisted_code_is_refused() -> None:
    """The fault names the field, not the code."""
    with pytest.raises(Invalid) as refusal:
        normalise_multi("roles", ["secret"])
    assert set(refusal.value.faults) == {"roles"}
    assert "secret" not in str(refusal.value)


def test_the_fields_and_their_lists() -> None:
    """The set of coded fields is part of the sealed format: a change is a new schema."""
    assert {name: (field.list_name, field.multiple) for name, field in FIELDS.items()} == {
        "contact_type": ("contact_type", False),
        "place": ("place", False),
        "police_service": ("police_service", False),
        "status_surfaced": ("status_surfaced", True),
        "raised_by": ("raised_by", False),
        "reasons": ("reason_given", True),
        "referral_types": ("referral_type", True),
        "cbsa_actions": ("cbsa_action", True),
        "detention_grounds": ("detention_ground", True),
        "consequences": ("consequence", True),
        "roles": ("role", True),
        "age_band": ("age_band", False),
        "gender": ("gender", False),
        "racialised_identities": ("racialised_identity", True),
        "immigration_status": ("immigration_status", False),
        "region_of_origin": ("region_of_origin", False),
        "languages": ("language", True),
    }
