"""What the ids in audit entries stand for, as far as the reader may see it."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from casework.domain.case import read_reference
from casework.domain.member import MemberProfile
from casework.domain.messages import N_
from casework.domain.pattern import PatternDefinition
from casework.errors import Invalid, VaultError
from casework.services.access import may_see
from casework.services.context import Context
from casework.services.patterns import list_patterns
from casework.store import members as store
from casework.vault import documents
from casework.vault.fields import MEMBER_PROFILE


@dataclass(frozen=True, slots=True)
class Names:
    """Members by id, former ones too; references of the cases that the reader may open; patterns."""

    members: Mapping[UUID, str]
    cases: Mapping[UUID, str]
    patterns: Mapping[UUID, PatternDefinition]


def look_up(context: Context) -> Names:
    """Return every name that an entry may need."""
    facts = context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())
    return Names(
        members=dict(sorted(_members(context).items(), key=lambda item: item[1].casefold())),
        cases={case.id: case.facts.reference for case in facts.cases.values() if may_see(context, case)},
        patterns={view.id: view.definition for view in list_patterns(context)},
    )


def find_case(names: Names, typed: str) -> UUID:
    """Return the case with this reference; raises Invalid naming `case`."""
    wanted = read_reference(typed) or typed.strip()
    for case_id, reference in names.cases.items():
        if reference == wanted:
            return case_id
    raise Invalid(case=N_("No case that you may open has this reference. Look it up in the list of cases."))


def _members(context: Context) -> dict[UUID, str]:
    """Return the display names; a profile that does not open must not close the log."""
    named = {}
    for row in store.list_members():
        try:
            if row.profile_sealed is not None:
                version, sealed = row.profile_version, row.profile_sealed
                plain = context.keyring.open(MEMBER_PROFILE, row.id, version, sealed)
                named[row.id] = MemberProfile.from_document(documents.decode(plain)).display_name
        except (VaultError, Invalid):
            continue
    return named
