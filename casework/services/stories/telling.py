"""What a story can be told from: who agreed, what the case gives, and what of it stands in a text."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from casework.domain.messages import N_
from casework.domain.story import Story
from casework.domain.storychecks import Kept, key_of
from casework.domain.storydraft import Offer, StoryDraft, offer_details, require_offered
from casework.domain.traces.finding import find_traces
from casework.domain.traces.flat import flatten
from casework.domain.traces.kinds import Trace, Weight
from casework.errors import Invalid
from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.stories.agreeing import list_unasked
from casework.services.stories.knowing import know
from casework.vault import documents

_HAS_TO_GO = N_(
    "What has to go still stands in the text: it is marked, and listed below it. Change it first."
)


@dataclass(frozen=True, slots=True, repr=False)
class Traced:
    """What was found in the title and in the account of one language."""

    title: Sequence[Trace]
    account: Sequence[Trace]

    @property
    def all(self) -> Sequence[Trace]:
        """Both together."""
        return (*self.title, *self.account)


Traces = Mapping[str, Traced]
"""By language."""


@dataclass(frozen=True, slots=True, repr=False)
class Asked:
    """Words that may stay, and what they were taken for: see `domain/traces/kinds.py`."""

    words: str
    kind: str


def require_tellable(context: Context, case: CaseView) -> None:
    """Raise Invalid naming `consent` unless the story of this case may be told, or go on to be.

    Everybody in the case has to agree, not only who is told of: those who live together know each other in
    any story. That of a restricted case is told by nobody.
    """
    if case.restricted:
        raise Invalid(consent=N_("This case is restricted: its story is not told."))
    if not case.people:
        raise Invalid(
            consent=N_("Nobody is in this case who could agree. Add who it is about, and ask them.")
        )
    if list_unasked(context, case):
        raise Invalid(consent=N_("Not everybody in the case agrees that the story is told. Ask them first."))


def offer_for(case: CaseView) -> Offer:
    """Say which details a story of this case can give."""
    return offer_details((one.facts for one in case.people), (one.facts for one in case.incidents))


def require_still_offered(draft: StoryDraft, case: CaseView) -> None:
    """Raise Invalid, naming it, for a detail that the case gives no more: it was corrected meanwhile."""
    try:
        require_offered(draft.details, offer_for(case))
    except Invalid as invalid:
        fault = N_("A detail is not what the case says now. Change the story, or give it back to be changed.")
        raise Invalid(**dict.fromkeys(invalid.faults, fault)) from None


def trace(context: Context, case: CaseView, draft: StoryDraft) -> Traces:
    """Look for traces of the case in each language of a story."""
    known = know(context, case)
    return {
        code: Traced(find_traces(texts.title, known), find_traces(texts.account, known))
        for code, texts in draft.texts.items()
    }


def list_asked(draft: StoryDraft, traces: Traces) -> dict[str, Asked]:
    """Return what may stay only where both say so, once each, by `key_of`."""
    asked: dict[str, Asked] = {}
    for code, traced in traces.items():
        texts = draft.texts[code]
        for text, found in ((texts.title, traced.title), (texts.account, traced.account)):
            for one in found:
                if one.weight is Weight.ASKED:
                    words = text[one.start : one.end]
                    key = key_of(one.kind, " ".join(flatten(words).split()))
                    asked.setdefault(key, Asked(words, one.kind))
    return asked


def keep(context: Context, asked: Mapping[str, Asked], reasons: Mapping[str, str]) -> dict[str, Kept]:
    """Return the words that stay, for the reasons that the member gives; both by `key_of`."""
    return {
        key: Kept(one.words, one.kind, reasons[key], context.member_id)
        for key, one in asked.items()
        if reasons.get(key)
    }


def require_clear(traces: Traces) -> None:
    """Raise Invalid, naming the account, where something stands in a text that has to go."""
    for code, traced in traces.items():
        if any(one.weight is Weight.BLOCKS for one in traced.all):
            raise Invalid(**{f"account_{code}": _HAS_TO_GO})


def mark_of(story: Story, traces: Traces, version: int) -> str:
    """Return a mark of what an approver saw: words, details, decisions and what was found."""
    seen = {
        "version": version,
        "draft": story.draft.to_document(),
        "checks": dict(story.checks),
        "stays": {key: kept.to_document() for key, kept in story.stays.items()},
        "traces": {
            code: [[one.start, one.end, one.kind] for one in traced.all] for code, traced in traces.items()
        },
    }
    return hashlib.sha256(documents.encode(seen)).hexdigest()
