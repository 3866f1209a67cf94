"""What a story can be told from: who agreed, what the case gives, and what of it stands in a text."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from casework.domain.folding import fold
from casework.domain.languages import LANGUAGES
from casework.domain.messages import N_
from casework.domain.ownterm import OwnTerm
from casework.domain.story import Story
from casework.domain.storydraft import Offer, StoryDraft, offer_details, require_offered
from casework.domain.traces import NAME, Known, Trace, find_traces
from casework.domain.vocabulary import PSEUDO_CODES, code_list
from casework.errors import Invalid
from casework.services.cases import CaseView
from casework.services.context import Context
from casework.services.ownterms import get_term_book
from casework.services.stories.agreeing import list_unasked
from casework.vault import documents

_LEAST_LETTERS = 4


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
    known = _know(context, case)
    return {
        code: Traced(find_traces(texts.title, known), find_traces(texts.account, known))
        for code, texts in draft.texts.items()
    }


def require_nameless(traces: Traces) -> None:
    """Raise Invalid, naming the account, where a name of the case stands in a text."""
    for code, traced in traces.items():
        if any(one.kind == NAME for one in traced.all):
            raise Invalid(
                **{f"account_{code}": N_("A name of the case stands in the text. Change it first.")}
            )


def mark_of(story: Story, traces: Traces, version: int) -> str:
    """Return a mark of what an approver saw: words, details, decisions and what was found."""
    seen = {
        "version": version,
        "draft": story.draft.to_document(),
        "checks": dict(story.checks),
        "traces": {
            code: [[one.start, one.end, one.kind] for one in traced.all] for code, traced in traces.items()
        },
    }
    return hashlib.sha256(documents.encode(seen)).hexdigest()


def _know(context: Context, case: CaseView) -> Known:
    people = [person.identity for person in case.people]
    numbers = [case.facts.reference]
    for one in people:
        numbers += [one.phone, one.email, one.uci, one.birth_date]
    own = [term for term in get_term_book(context).terms.values() if term.list_name == "place"]
    written = [one.address for one in people] + [one.narrative.exact_place for one in case.incidents]
    return Known(
        names=tuple(one.name for one in people if one.name),
        numbers=tuple(filter(None, numbers)),
        places=(*_shipped_places(), *_labels(own), *_pieces(written)),
    )


def _labels(terms: Sequence[OwnTerm]) -> Iterator[str]:
    for term in terms:
        yield from filter(None, (term.label_en, term.label_fr, term.label_es))


def _pieces(texts: Sequence[str]) -> Iterator[str]:
    """Take what is written of a place apart, without its numbers: "12 Main Street, Laval"."""
    for text in texts:
        for piece in re.split(r"[,;\n]", text):
            words = re.sub(r"\d+", " ", piece).strip()
            if len(words) >= _LEAST_LETTERS:
                yield words


@cache
def _shipped_places() -> tuple[str, ...]:
    """Return cities and boroughs as each language calls them, but what a province is called too."""
    coarse = {fold(label) for code in LANGUAGES for _code, label in code_list("province").choices(code)}
    found: dict[str, None] = {}
    for name in ("city", "place"):
        terms = code_list(name)
        for language in LANGUAGES:
            labels = (terms.label(term, language) for term in terms.codes if term not in PSEUDO_CODES)
            found |= dict.fromkeys(label for label in labels if fold(label) not in coarse)
    return tuple(found)
