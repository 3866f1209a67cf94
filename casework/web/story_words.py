"""What the pages of stories say: how far one is, what could identify, and what was found in a text."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from casework.domain.approval import State
from casework.domain.story import PublishedStory, Story
from casework.domain.storychecks import ABSENT, CHANGED, OTHERS, PLAIN, PUBLIC, STAYS, Kept
from casework.domain.storydraft import Details, StoryDraft
from casework.domain.traces import kinds
from casework.domain.traces.kinds import Trace, Weight
from casework.reports.stories.contents import name_month, tell_details
from casework.services.stories.telling import Asked, Traced
from casework.web.language import language

STATES = {
    State.DRAFT: _l("Draft"),
    State.SUBMITTED: _l("Waits for approval"),
    State.RETURNED: _l("Story given back"),
    State.APPROVED: _l("Story approved"),
}

DECISIONS_IN_WORDS: Mapping[str, Any] = {
    ABSENT: _l("Nothing of it is told"),
    CHANGED: _l("Left out, changed or made general"),
    STAYS: _l("Stays: they want it told"),
}

REASONS_IN_WORDS: Mapping[str, Any] = {
    PLAIN: _l("It is a plain word here"),
    PUBLIC: _l("Everybody knows it, and it points at nobody"),
    OTHERS: _l("It tells of something else than the case"),
}

# By kind: what it is, and what to look for.
ITEMS_IN_WORDS: Mapping[str, tuple[Any, Any]] = {
    "names": (
        _l("Names"),
        _l("Of anybody: also nicknames, initials, names of children, friends, employers."),
    ),
    "places": (_l("Exact places"), _l("Streets, towns, schools, shops, shelters, hospitals, highways.")),
    "dates": (_l("Dates"), _l("Days and months, birthdays, hearings, “the day after the election”.")),
    "work": (_l("Work and studies"), _l("A rare job, an employer, a school, a shift.")),
    "family": (_l("Family"), _l("How many children, twins, a pregnancy, an illness, who lives where.")),
    "origin": (_l("Origin"), _l("A nationality or language that few people have there.")),
    "injuries": (_l("Injuries and health"), _l("What others saw, or a file describes.")),
    "officers": (_l("Officers"), _l("Badge numbers, names, car numbers: they know whom they stopped.")),
    "media": (_l("What was in the news"), _l("An article, a video, a post that tells of the same event.")),
    "quotations": (
        _l("Their own words"),
        _l("A sentence that they also said elsewhere, or that only they say."),
    ),
    "photos": (_l("Photographs"), _l("Those that you mean to publish beside it: faces, clothes, rooms.")),
}

# By what was found: what it is, and what to do.
_FOUND: Mapping[str, tuple[Any, Any]] = {
    kinds.NAME: (_l("a name of the case"), _l("Take it out, or write “she”, “a father”, “my friend”.")),
    kinds.NEAR_NAME: (
        _l("perhaps a name of the case, misspelt"),
        _l("Take it out, unless it is another word."),
    ),
    kinds.LIKE_NAME: (_l("part of a name of the case"), _l("Leave it only if it is a plain word here.")),
    kinds.KNOWN: (_l("a number or address of the case"), _l("Take it out.")),
    kinds.NUMBER: (_l("a phone number, an address or a file number"), _l("Take it out.")),
    kinds.LIKE_NUMBER: (_l("a long number"), _l("Leave it only if it belongs to nobody.")),
    kinds.DATE: (_l("a date or a month"), _l("Write the season, or “one evening”.")),
    kinds.LIKE_DATE: (_l("perhaps a date or a month"), _l("Leave it only if it tells no day and no month.")),
    kinds.DAY: (_l("a day of the week or a holiday"), _l("Write “one evening”, unless any would do.")),
    kinds.TIME: (_l("a time of day"), _l("Write “in the morning”, “late at night”.")),
    kinds.LIKE_TIME: (_l("perhaps a time of day"), _l("Leave it only if it tells how long something took.")),
    kinds.AGE: (_l("an age"), _l("Leave it out: the age band stands beside the story.")),
    kinds.LIKE_AGE: (_l("perhaps an age"), _l("Leave it only if it counts something else.")),
    kinds.PLACE: (_l("a place"), _l("Write the province, or “a big city”, “a station”, “near their home”.")),
    kinds.LANDMARK: (_l("a place with a name"), _l("Write “a school”, “a bus”, unless everybody knows it.")),
    kinds.TOWN: (_l("a town that is not in the case"), _l("Leave it only if it points at nobody.")),
    kinds.LIKE_PLACE: (_l("perhaps a place of the case"), _l("Leave it only if it is a plain word here.")),
    kinds.OFFICER: (_l("an officer or a vehicle"), _l("Write “an officer”, “a car”.")),
    kinds.NOTED: (_l("a name in the notes of the case"), _l("Leave it only if it points at nobody.")),
    kinds.ORIGIN: (_l("a nationality or a language"), _l("Leave it only where many share it.")),
}  # fmt: skip

_HEADINGS = {
    Weight.BLOCKS: _l("Has to go before it is submitted"),
    Weight.ASKED: _l("Has to go, unless two people say that it may stay"),
    Weight.SHOWN: _l("To be thought about"),
}


class Part(NamedTuple):
    """A part of a text; `found` says what was found there, empty where nothing was."""

    text: str
    found: str


class Finding(NamedTuple):
    """What was found in a text, and what to do about it."""

    text: str
    found: str
    deed: str


def state_in_words(story: Story) -> str:
    """Say how far a story is."""
    return str(STATES[story.state])


def published_in_words(story: PublishedStory) -> str:
    """Say whether an approved story stands."""
    return str(_("Story withdrawn") if story.is_withdrawn else _("Story approved"))


def month_in_words(month: str) -> str:
    """Say which month it was."""
    return name_month(month, language())


def title_of(draft: StoryDraft) -> str:
    """Return its title in the reader's language, or the first that has one."""
    return draft.title(language()) or str(_("Story without a title"))


def name_all(writers: Iterable[UUID], names: Mapping[UUID, str]) -> str:
    """Name those who wrote a story."""
    return ", ".join(names.get(writer, str(_("a former member"))) for writer in writers)


def name_damaged(numbers: Iterable[int], references: Iterable[str]) -> list[str]:
    """Name stories that do not open: the approved by their number, others by the reference of their case."""
    approved = [_("story %(number)s", number=one) for one in numbers]
    return approved + [
        _("a story of the case %(case)s", case=one) if one else _("a story of a case") for one in references
    ]


def details_in_words(details: Details) -> list[tuple[str, str]]:
    """Put the details that are not left out in words, each with what it is called."""
    return [(one.term, one.text) for one in tell_details(details, language())]


def part(text: str, found: Iterable[Trace]) -> list[list[Part]]:
    """Take a text apart at what was found, by paragraph."""
    parts, at = [], 0
    for one in found:
        parts += [Part(text[at : one.start], ""), Part(text[one.start : one.end], str(_FOUND[one.kind][0]))]
        at = one.end
    paragraphs: list[list[Part]] = [[]]
    for each in (*parts, Part(text[at:], "")):
        first, *rest = each.text.split("\n")
        paragraphs[-1].append(each._replace(text=first))
        paragraphs += [[each._replace(text=line)] for line in rest]
    return [paragraph for paragraph in paragraphs if any(each.text.strip() for each in paragraph)]


def list_findings(draft: StoryDraft, code: str, traced: Traced) -> list[tuple[str, list[Finding]]]:
    """List what was found in a language once each, in its order, the gravest first, each under a heading."""
    texts = draft.texts[code]
    found = [(texts.title, one) for one in traced.title] + [(texts.account, one) for one in traced.account]
    listed: dict[Weight, dict[Finding, None]] = {}
    for text, one in found:
        finding = Finding(text[one.start : one.end], *map(str, _FOUND[one.kind]))
        listed.setdefault(one.weight, {})[finding] = None
    return [(str(said), list(listed[weight])) for weight, said in _HEADINGS.items() if weight in listed]


def why_in_words(kept: Kept | None, names: Mapping[UUID, str]) -> str:
    """Say who let a word stay, and why."""
    if kept is None or not kept.reason or kept.by is None:
        return str(_("Nobody said why."))
    name = names.get(kept.by, str(_("a former member")))
    return str(_("%(name)s: “%(reason)s.”", name=name, reason=REASONS_IN_WORDS[kept.reason]))


def list_kept(story: Story, names: Mapping[UUID, str]) -> list[tuple[str, str, str]]:
    """List the words that stay: the words, what they were taken for, who let them stay and why."""
    return [
        (kept.words, str(_FOUND[kept.kind][0]), why_in_words(kept, names))
        for kept in sorted(story.stays.values(), key=lambda kept: kept.words.lower())
    ]


def name_asked(asked: Mapping[str, Asked]) -> list[tuple[str, str]]:
    """Name the words that may stay, each with its key: “Mill”: perhaps a place of the case."""
    return [
        (key, _("“%(text)s”: %(found)s", text=one.words, found=_FOUND[one.kind][0]))
        for key, one in asked.items()
    ]
