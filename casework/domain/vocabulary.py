"""The code lists: permanent codes, their labels in each language, and how they group.

Each list is one file in `data/`. A code is permanent: a term may be added or reworded, never renumbered
or taken away. `other`, `unknown` and `not_asked` are answers of their own, and tables show them.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from casework.errors import Invalid

from .folding import fold, fold_bare
from .languages import LANGUAGES, in_each
from .messages import N_

OTHER = "other"
UNKNOWN = "unknown"
NOT_ASKED = "not_asked"
PSEUDO_CODES = (OTHER, UNKNOWN, NOT_ASKED)
ANOTHER = "another"
"""No code of a list: it stands in a release for the answers of a long list that are not told one by one."""

LIST_NAMES = (
    "actor",
    "age_band",
    "case_status",
    "cbsa_action",
    "cbsa_outcome",
    "citizenship",
    "city",
    "closing_reason",
    "consent_answer",
    "consent_means",
    "consent_purpose",
    "consequence",
    "contact_group",
    "contact_type",
    "date_precision",
    "detention_ground",
    "follow_up_kind",
    "gender",
    "immigration_status",
    "language",
    "official_bound",
    "official_group",
    "official_measure",
    "official_unit",
    "pattern_status",
    "place",
    "police_level",
    "police_service",
    "province",
    "racialised_identity",
    "raised_by",
    "reason_given",
    "referral_type",
    "region",
    "region_of_origin",
    "review_outcome",
    "role",
    "season",
    "source_kind",
    "source_reliability",
    "status_surfaced",
    "violation_status",
)


class UnknownTerm(Invalid):
    """No such list, or no such code in it; the fault is under the list's name."""


@dataclass(frozen=True, slots=True)
class Term:
    """One answer of a list. `attested` when published sources use it; the rest is ours."""

    code: str
    labels: Mapping[str, str]
    attested: bool
    attributes: Mapping[str, Any]

    def label(self, language: str) -> str:
        """Give the label in one of our languages."""
        return self.labels[language]


class CodeList:
    """An ordered list of terms, the pseudo terms that it admits last.

    `groupings` maps an attribute of its terms to the list whose codes that attribute holds; `exclusive`
    are the codes that cannot stand beside another answer.
    """

    __slots__ = ("_labels", "_terms", "codes", "exclusive", "groupings", "labels", "name", "terms")

    def __init__(self, name: str, source: Mapping[str, Any], pseudo: Mapping[str, Any]) -> None:
        """Make the list of its data file's content and of the pseudo terms' entries."""
        self.name = name
        self.labels = in_each(source["label"])
        own = source.get("relabelled", {})  # where the common words would say something else
        entries = source["terms"] | {code: own.get(code, pseudo[code]) for code in source.get("admits", ())}
        self.terms = tuple(_term(code, entry) for code, entry in entries.items())
        self.codes = tuple(term.code for term in self.terms)
        self.groupings: Mapping[str, str] = source.get("groupings", {})
        self.exclusive = frozenset(source.get("exclusive", ())) | ({UNKNOWN, NOT_ASKED} & set(self.codes))
        self._terms = {term.code: term for term in self.terms}
        self._labels = {
            (term.code, language): term.labels[language] for term in self.terms for language in LANGUAGES
        }

    def __contains__(self, code: object) -> bool:
        """Tell whether `code` is in the list."""
        return code in self._terms

    def __iter__(self) -> Iterator[Term]:
        """Go through the terms in their order."""
        return iter(self.terms)

    def __len__(self) -> int:
        """Count the terms, pseudo terms included."""
        return len(self.terms)

    def __repr__(self) -> str:
        """Name the list, not its content."""
        return f"CodeList({self.name!r})"

    def term(self, code: str) -> Term:
        """Give the term of `code`; raises `UnknownTerm`."""
        try:
            return self._terms[code]
        except KeyError:
            raise _unknown(self.name) from None

    def label(self, code: str, language: str) -> str:
        """Give the label of `code` in `language`; raises `UnknownTerm`."""
        try:
            return self._labels[code, language]
        except KeyError:
            raise _unknown(self.name) from None

    def choices(self, language: str) -> list[tuple[str, str]]:
        """List (code, label) in the order of the list, as a form wants it."""
        return [(code, self._labels[code, language]) for code in self.codes]

    def find(self, text: str) -> str | None:
        """Find the code that `text` names by code, label in any language or alias, ignoring case and accents.

        None when nothing or more than one term fits.
        """
        fitting = _spellings(self.name).get(fold(text), frozenset())
        return next(iter(fitting)) if len(fitting) == 1 else None

    def has_word(self, text: str) -> bool:
        """Tell whether `text` names a term, or several, whatever stands between its letters and digits."""
        return fold_bare(text) in _bare_spellings(self.name)

    def find_bare(self, text: str) -> str | None:
        """Find as `find` does, whatever stands between letters and digits: "S.P.V.M.", "St Michel"."""
        fitting = _bare_spellings(self.name).get(fold_bare(text), frozenset())
        return next(iter(fitting)) if len(fitting) == 1 else None


@cache
def code_list(name: str) -> CodeList:
    """Give the list called `name`; raises `UnknownTerm`."""
    if name not in LIST_NAMES:
        raise _unknown(name)
    return CodeList(name, read_data(name), read_data("pseudo")["terms"])


@cache
def grouping(list_name: str, attribute: str) -> Mapping[str, str]:
    """Map every code of a list to its coarser code, for example contact type to contact group.

    A pseudo term stays what it is; where the coarser list does not have it, it becomes `unknown`.
    Raises `UnknownTerm` when the list has no such grouping.
    """
    fine = code_list(list_name)
    if attribute not in fine.groupings:
        raise _unknown(list_name)
    coarse = code_list(fine.groupings[attribute])
    groups = {}
    for term in fine.terms:
        group = term.attributes.get(attribute, term.code if term.code in coarse else UNKNOWN)
        groups[term.code] = coarse.term(group).code
    return MappingProxyType(groups)


def read_data(name: str) -> dict[str, Any]:
    """Read the data file `name`.toml that ships with the package."""
    return tomllib.loads((files(__package__) / "data" / f"{name}.toml").read_text(encoding="utf-8"))


def _term(code: str, entry: Mapping[str, Any]) -> Term:
    own = {"attested", *LANGUAGES}
    return Term(
        code=code,
        labels=in_each(entry),
        attested=entry.get("attested", False),
        attributes=MappingProxyType(
            {
                key: tuple(value) if isinstance(value, list) else value
                for key, value in entry.items()
                if key not in own
            }
        ),
    )


@cache
def _bare_spellings(list_name: str) -> Mapping[str, frozenset[str]]:
    fitting: dict[str, frozenset[str]] = {}
    for spelling, codes in _spellings(list_name).items():
        bare = fold_bare(spelling)
        fitting[bare] = fitting.get(bare, frozenset()) | codes
    return fitting


@cache
def _spellings(list_name: str) -> Mapping[str, frozenset[str]]:
    fitting: dict[str, frozenset[str]] = {}
    for term in code_list(list_name):
        for spelling in (term.code, *term.labels.values(), *term.attributes.get("aliases", ())):
            folded = fold(spelling)
            fitting[folded] = fitting.get(folded, frozenset()) | {term.code}
    return fitting


def _unknown(list_name: str) -> UnknownTerm:
    return UnknownTerm(**{list_name: N_("Choose one of the listed answers.")})
