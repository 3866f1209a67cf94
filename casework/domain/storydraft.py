"""What the writers of a story decide: its words in each language, and the few details beside them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from casework.errors import Invalid

from .dates import Precision, Season, VagueDate
from .documents import Document, read_text, unreadable
from .folding import clean_line, clean_text
from .incident import IncidentFacts
from .languages import WRITTEN_IN
from .messages import N_
from .person import PersonFacts
from .releasedraft import require_keys
from .vocabulary import NOT_ASKED, UNKNOWN, code_list, grouping

DETAILS = ("age_band", "region", "contact_group", "province")
"""The coded ones, each in the list of its name; `season` is beside them."""

_TEXT_KEYS = frozenset({"title", "account"})
_DETAIL_KEYS = frozenset({*DETAILS, "season"})
_KEYS = frozenset({"texts", "details"})
_NO_DETAIL = frozenset({"", UNKNOWN, NOT_ASKED, "other"})
_SEASONS = (Season.WINTER, Season.SPRING, Season.SUMMER, Season.AUTUMN)


@dataclass(frozen=True, slots=True, repr=False)
class StoryTexts:
    """The words of one language, which may be empty."""

    title: str = ""
    account: str = ""

    def tidied(self, language: str) -> "StoryTexts":
        """Give them trimmed; `Invalid` names field and language, `title_fr`."""
        return StoryTexts(
            clean_line(self.title, f"title_{language}"), clean_text(self.account, f"account_{language}")
        )


NO_TEXTS = StoryTexts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Answers of the case made coarser; an empty one is left out.

    `season` is a season of a year, or a year: never finer.
    """

    age_band: str = ""
    region: str = ""
    contact_group: str = ""
    province: str = ""
    season: str = ""

    def __post_init__(self) -> None:
        """Raise `Invalid`, naming the detail, for what is in no list or finer than a season."""
        for name in DETAILS:
            if (code := getattr(self, name)) and (code in _NO_DETAIL or code not in code_list(name)):
                raise Invalid(**{name: N_("Choose one of the listed answers.")})
        if self.season and VagueDate.parse(self.season).precision not in (Precision.SEASON, Precision.YEAR):
            raise Invalid(season=N_("Choose a season or a year: nothing finer leaves."))

    def to_document(self) -> Document:
        """Give the plain form."""
        return {one.name: getattr(self, one.name) for one in fields(self)}

    @classmethod
    def from_document(cls, document: Any) -> "Details":
        """Read what `to_document` gave."""
        require_keys(document, _DETAIL_KEYS)
        return cls(**{name: read_text(document, name) for name in _DETAIL_KEYS})


NO_DETAILS = Details()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class StoryDraft:
    """What its writers decide; whatever is missing is asked for when it is submitted."""

    texts: Mapping[str, StoryTexts]
    details: Details = field(default=NO_DETAILS)

    def __post_init__(self) -> None:
        """Tidy the texts; `Invalid` names what does not fit."""
        tidy = {code: self.texts.get(code, NO_TEXTS).tidied(code) for code in WRITTEN_IN}
        object.__setattr__(self, "texts", tidy)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that it is told in: those with an account."""
        return tuple(code for code in WRITTEN_IN if self.texts[code].account)

    def title(self, language: str) -> str:
        """Give the title in `language`, or in the first language that has one."""
        codes = sorted(WRITTEN_IN, key=lambda code: code != language)
        return next((self.texts[code].title for code in codes if self.texts[code].title), "")

    def require_whole(self) -> None:
        """Raise `Invalid` unless a reader gets a title and an account in each language that has either."""
        if not self.languages:
            raise Invalid(account_en=N_("Write a title and the account in at least one language."))
        for code, texts in self.texts.items():
            if bool(texts.title) != bool(texts.account):
                name = f"account_{code}" if texts.title else f"title_{code}"
                raise Invalid(**{name: N_("Write both, title and account, or neither.")})

    def to_document(self) -> Document:
        """Give the plain form."""
        return {
            "texts": {
                code: {"title": texts.title, "account": texts.account} for code, texts in self.texts.items()
            },
            "details": self.details.to_document(),
        }

    @classmethod
    def from_document(cls, document: Any) -> "StoryDraft":
        """Read what `to_document` gave."""
        require_keys(document, _KEYS)
        texts = document["texts"]
        require_keys(texts, frozenset(WRITTEN_IN))
        for one in texts.values():
            require_keys(one, _TEXT_KEYS)
        try:
            return cls(
                texts={
                    code: StoryTexts(read_text(one, "title"), read_text(one, "account"))
                    for code, one in texts.items()
                },
                details=Details.from_document(document["details"]),
            )
        except Invalid:
            raise unreadable() from None


Offer = Mapping[str, tuple[str, ...]]
"""By detail, the answers that a story of a case can give."""


def offer_details(people: Iterable[PersonFacts], incidents: Iterable[IncidentFacts]) -> Offer:
    """Say which details a case has, each made coarser as far as a story tells it."""
    found: dict[str, dict[str, None]] = {name: {} for name in (*DETAILS, "season")}
    regions = grouping("region_of_origin", "region")
    for person in people:
        found["age_band"][person.age_band] = None
        found["region"][regions.get(person.region_of_origin, "")] = None
    groups, provinces = grouping("contact_type", "contact_group"), grouping("place", "province")
    for incident in incidents:
        found["contact_group"][groups.get(incident.contact_type, "")] = None
        found["province"][provinces.get(incident.place, "")] = None
        found["season"] |= dict.fromkeys(coarsen(incident.date))
    return {name: tuple(code for code in codes if code not in _NO_DETAIL) for name, codes in found.items()}


def require_offered(details: Details, offer: Offer) -> None:
    """Raise `Invalid`, naming it, for a detail that no answer of the case gives."""
    for name, codes in offer.items():
        code = getattr(details, name)
        if code and code not in codes:
            raise Invalid(**{name: N_("The case does not say so. Choose one of the listed answers.")})


def coarsen(when: VagueDate) -> tuple[str, ...]:
    """Give the season and the year of a date, as far as it decides them, in the spelling of `VagueDate`."""
    found: list[VagueDate] = []
    if when.year is not None and when.month is not None:
        season, year = _SEASONS[when.month % 12 // 3], when.year + when.month // 12
        found.append(VagueDate.from_parts(Precision.SEASON, year, season=season))
    elif when.season is not None:
        found.append(when)
    if (year_of := when.calendar_year()) is not None:
        found.append(VagueDate.from_parts(Precision.YEAR, year_of))
    return tuple(one.encode() for one in found)
