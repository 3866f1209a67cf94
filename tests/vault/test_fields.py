"""The registry of fields is permanent."""

import re

import pytest

from casework.domain.permissions import ROLE_COMPARTMENTS, Role
from casework.vault.fields import FIELDS, Compartment, Under, require_under
from casework.vault.padding import Padding
from casework.vault.rosterentry import ROLES

REGISTERED = {
    ("organization.profile", "compartment", "shared", "steps"),
    ("organization.recovery", "compartment", "shared", "steps"),
    ("organization.retention", "compartment", "shared", "steps"),
    ("organization.log", "compartment", "shared", "steps"),
    ("member.profile", "compartment", "shared", "steps"),
    ("pattern.definition", "compartment", "shared", "steps"),
    ("invitation.details", "compartment", "shared", "steps"),
    ("import.mapping", "compartment", "shared", "padme"),
    ("erasure.receipt", "compartment", "shared", "steps"),
    ("case.coded", "compartment", "coded", "steps"),
    ("person.coded", "compartment", "coded", "steps"),
    ("incident.coded", "compartment", "coded", "steps"),
    ("follow_up.coded", "compartment", "coded", "steps"),
    ("own_term.definition", "compartment", "coded", "steps"),
    ("import.batch", "compartment", "coded", "steps"),
    ("case.key.identity", "compartment", "identity", "none"),
    ("case.key.narrative", "compartment", "narrative", "none"),
    ("case.named", "case", "identity", "padme"),
    ("person.identity", "case", "identity", "padme"),
    ("incident.narrative", "case", "narrative", "padme"),
    ("follow_up.narrative", "case", "narrative", "padme"),
    ("attachment.narrative", "case", "narrative", "padme"),
    ("revision.identity", "case", "identity", "padme"),
    ("revision.narrative", "case", "narrative", "padme"),
    ("member.anchor", "member", None, "steps"),
    ("member.pin", "member", None, "none"),
    ("member.second_factor", "member", None, "steps"),
    ("upload.state", "member", None, "padme"),
    ("upload.piece", "member", None, "padme"),
    ("bundle.state", "member", None, "padme"),
    ("session.seed", "session", None, "none"),
    ("session.pin", "session", None, "none"),
    ("session.device", "member", None, "steps"),
    ("search.text", "session", None, "steps"),
    ("ceremony.state", "session", None, "padme"),
    ("passphrase.seed", "passphrase", None, "none"),
    ("invitation", "token", None, "padme"),
    ("draft.content", "content", None, "padme"),
    ("release.content", "compartment", "shared", "padme"),
    ("ledger_entry.entry", "compartment", "coded", "padme"),
    ("index.manifest", "compartment", "coded", "padme"),
    ("index.column", "compartment", "coded", "padme"),
    ("story.narrative", "case", "narrative", "padme"),
    ("official_count.count", "compartment", "shared", "steps"),
    ("access_request.request", "compartment", "shared", "steps"),
    ("published_story.content", "compartment", "shared", "padme"),
    ("saved_view.own", "member", None, "padme"),
    ("saved_view.shared", "compartment", "shared", "padme"),
    ("policy_event.event", "compartment", "shared", "steps"),
    ("dismissal.content", "compartment", "coded", "padme"),
    ("audit.entry", "audit", "audit", "padme"),
}


def test_the_registry_is_what_was_ever_written() -> None:
    """Adding a field adds a line here; changing or reusing one makes sealed records unreadable."""
    assert {(field.id, field.under, field.compartment, field.padding) for field in FIELDS} == REGISTERED
    assert len({field.id for field in FIELDS}) == len(FIELDS)


def test_ids_are_short_ascii() -> None:
    """An id fits its length byte with room to spare."""
    for field in FIELDS:
        assert re.fullmatch(r"[a-z_]+(\.[a-z_]+)*", field.id) and len(field.id) <= 40


def test_only_contents_of_a_fixed_size_go_without_padding() -> None:
    """What has a length of its own is padded."""
    unpadded = {field.id for field in FIELDS if field.padding is Padding.NONE}
    assert unpadded == {
        "case.key.identity",
        "case.key.narrative",
        "member.pin",
        "passphrase.seed",
        "session.pin",
        "session.seed",
    }


def test_roles_and_compartments_have_the_domain_s_names() -> None:
    """The roster's permanent role names, and the compartments, are those that permissions speak of."""
    assert {role.value for role in Role} == ROLES
    assert {name for names in ROLE_COMPARTMENTS.values() for name in names} == {c.value for c in Compartment}


def test_a_field_stays_under_its_kind_of_key() -> None:
    """Sealing a field under another kind of key is a mistake in the program."""
    with pytest.raises(ValueError, match=r"incident\.coded is sealed under a compartment key"):
        require_under(next(field for field in FIELDS if field.id == "incident.coded"), Under.CASE)
