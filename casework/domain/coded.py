"""Which coded fields there are, from which list each takes its codes, and how answers are kept.

A field that takes several answers is never empty: nothing chosen is kept as `not_asked`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from casework.errors import Invalid

from .documents import unreadable
from .messages import N_
from .vocabulary import NOT_ASKED, CodeList, code_list


@dataclass(frozen=True, slots=True)
class CodedField:
    """One coded field of an incident or a person: its name, its code list, and whether it takes several."""

    name: str
    list_name: str
    multiple: bool = False

    @property
    def codes(self) -> CodeList:
        """The code list that this field takes its answers from."""
        return code_list(self.list_name)


INCIDENT_FIELDS = (
    CodedField("contact_type", "contact_type"),
    CodedField("place", "place"),
    CodedField("police_service", "police_service"),
    CodedField("status_surfaced", "status_surfaced", multiple=True),
    CodedField("raised_by", "raised_by"),
    CodedField("reasons", "reason_given", multiple=True),
    CodedField("referral_types", "referral_type", multiple=True),
    CodedField("cbsa_actions", "cbsa_action", multiple=True),
    CodedField("detention_grounds", "detention_ground", multiple=True),
    CodedField("consequences", "consequence", multiple=True),
)

ROLES_FIELD = CodedField("roles", "role", multiple=True)

PERSON_FIELDS = (
    CodedField("age_band", "age_band"),
    CodedField("gender", "gender"),
    CodedField("racialised_identities", "racialised_identity", multiple=True),
    CodedField("immigration_status", "immigration_status"),
    CodedField("region_of_origin", "region_of_origin"),
    CodedField("languages", "language", multiple=True),
)

FIELDS = {field.name: field for field in (*INCIDENT_FIELDS, ROLES_FIELD, *PERSON_FIELDS)}


def normalise_multi(field: str, codes: Iterable[str]) -> tuple[str, ...]:
    """Give several answers to `field` once each, in the order of the list; none at all is `not_asked`.

    Raises `Invalid` naming `field` for an unknown code, or when an exclusive answer such as `unknown`
    or `no_action` stands beside another one. A `not_asked` beside an answer is dropped: it was asked.
    """
    listed = FIELDS[field].codes
    chosen = set(codes)
    if any(code not in listed for code in chosen):
        raise Invalid(**{field: N_("Choose one of the listed answers.")})
    if len(chosen) > 1:
        chosen.discard(NOT_ASKED)
    if len(chosen) > 1 and chosen & listed.exclusive:
        raise Invalid(**{field: N_("Choose either this answer alone or the others without it.")})
    return tuple(code for code in listed.codes if code in chosen) or (NOT_ASKED,)


def require_answers(field: CodedField, answers: str | tuple[str, ...]) -> None:
    """Raise `Invalid` naming the field unless `answers` is just what a form would have kept."""
    if not field.multiple:
        if answers not in field.codes:
            raise Invalid(**{field.name: N_("Choose one of the listed answers.")})
    elif not isinstance(answers, tuple) or normalise_multi(field.name, answers) != answers:
        raise Invalid(**{field.name: N_("Choose each answer once.")})


@cache
def single_reader(field: str) -> dict[str, str]:
    """Give the table by which a document's code becomes the one shared string for it."""
    return {code: code for code in FIELDS[field].codes.codes}


@lru_cache(maxsize=1 << 16)
def read_answers(field: str, *codes: str) -> tuple[str, ...]:
    """Give a document's several answers as one shared tuple; `Invalid` when no form could have kept them.

    The few combinations that occur are checked once, which is what makes opening 100,000 records fast.
    """
    try:
        kept = normalise_multi(field, codes)
    except Invalid:
        raise unreadable() from None
    if kept != codes:
        raise unreadable()
    return kept
