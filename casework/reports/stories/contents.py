"""What every file of a story says, in one language: what was published, and what stands around it."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from casework.domain.dates import VagueDate
from casework.domain.story import PublishedStory
from casework.domain.storydraft import DETAILS, Details
from casework.domain.vocabulary import code_list
from casework.reports.calendar import write_month, write_season
from casework.reports.texts import read_texts

_NOTES = ("consent", "changed", "trust")


@dataclass(frozen=True, slots=True)
class Detail:
    """A detail in words."""

    term: str
    text: str


def lay_out(story: PublishedStory, language: str) -> dict[str, Any]:
    """Return the story in a language that it is told in, as plain data for every renderer."""
    texts = read_texts(__package__, language)
    said = story.draft.texts[language]
    year, month = (int(part) for part in story.approved_in.split("-"))
    approved = name_month(story.approved_in, language)
    return {
        "language": language,
        "organization": story.organization,
        "number": texts["story"].format(number=story.number),
        "approved": texts["approved"].format(month=approved),
        "month": [year, month],
        "title": said.title,
        "account": [part for part in said.account.split("\n") if part.strip()],
        "details_heading": texts["details"],
        "details": [
            [one.term + texts["colon"], one.text] for one in tell_details(story.draft.details, language)
        ],
        "note_heading": texts["note"],
        "notes": [texts[name].format(organization=story.organization) for name in _NOTES],
        "page": texts["page"],
    }


def tell_details(details: Details, language: str) -> list[Detail]:
    """Put the details that are not left out in words, each with what it is called."""
    texts = read_texts(__package__, language)
    found = [
        Detail(texts[name], code_list(name).label(code, language))
        for name in DETAILS
        if (code := getattr(details, name))
    ]
    if details.season:
        found.append(Detail(texts["season"], name_season(details.season, language)))
    return found


def name_season(code: str, language: str) -> str:
    """Return a season or year in words: "Spring 2026", "printemps 2026", "2026"."""
    when = VagueDate.parse(code)
    if when.season is None or when.year is None:
        return code
    return write_season(when.season, when.year, language)


def name_month(month: str, language: str) -> str:
    """Return a month in words: "November 2026"."""
    return write_month(date.fromisoformat(f"{month}-01"), language)
