"""Which incidents a searched text fits: every term stands in its narrative, or in the rest of its case.

The rest is people (name, phone, e-mail, client number) and follow-ups. A term is a word, or a number with
what stands between its digits: "514 555-0199". What fits only by a name nearly the same comes apart.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from uuid import UUID

from casework.domain.case import read_reference
from casework.domain.folding import fold
from casework.services.books import FactBook, OpenedIncident, TextBook
from casework.services.namebook import find_called

Said = Sequence[tuple[UUID, str]]
"""What follow-ups say, folded, each with its case."""

_NUMBER = re.compile(r"(?<!\w)\+?\(?\d[\d\s().\-/]*\d(?!\w)")
_LEAST_DIGITS = 4
_COUNTRY = re.compile(r"1(?=\d{10}\Z)")
_TRIED = 200
_FEW = 4
"""Looking up one narrative takes as long as going through so many."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What fits, in the order it was given in: exactly, and by a similar name only."""

    exact: list[OpenedIncident]
    similar: list[OpenedIncident]


def match(
    text: str, incidents: Iterable[OpenedIncident], facts: FactBook, texts: TextBook, said: Said = ()
) -> Matches:
    """Return those that fit; a text that is a case's reference fits all of that case.

    Each term goes once through what the earlier ones left. The longest goes first: it leaves the fewest. Ids
    are told apart by number, which is several times as quick where nearly everything fits.
    """
    order, referred = list(incidents), _cases_called(text, facts)
    searched = _Searched(facts, texts, said)
    exact = wide = [one for one in order if one.case_id not in referred] if referred else order
    for term in sorted(_terms(fold(text)), key=len, reverse=True):
        (narratives, cases), near = searched.find(term, wide), searched.called_like(term)
        sure = narratives.keep(exact, cases)
        if near <= cases and wide is exact:
            wide = sure
        else:
            wide = narratives.keep(wide, cases | near)
        exact = sure
        if not wide:
            break
    if wide is exact and not referred:
        return Matches(exact, [])
    found = {one.id.int for one in exact}
    similar = [one for one in wide if one.id.int not in found]
    if referred:
        exact = [one for one in order if one.case_id in referred or one.id.int in found]
    return Matches(exact, similar)


def match_people(text: str, facts: FactBook, texts: TextBook) -> tuple[set[UUID], set[UUID]]:
    """Return whom a text fits by what is known of who they are, and whom by a similar name only.

    A case's reference fits everybody in it; an empty text nobody.
    """
    terms = _terms(fold(text))
    if not terms:
        return set(), set()
    exact = {
        person_id
        for person_id, searched in texts.identities.items()
        if all(term in searched or (_digits(term) or term) in searched for term in terms)
    }
    exact.update(
        one.id for case_id in _cases_called(text, facts) for one in facts.people_by_case.get(case_id, ())
    )
    near = set.intersection(*(set(find_called(term, texts.called, texts.sounds)) for term in terms))
    return exact, near - exact


def _terms(folded: str) -> list[str]:
    """Give the words and the numbers of a folded text."""
    numbers = [number for number in _NUMBER.findall(folded) if _digits(number)]
    for number in numbers:
        folded = folded.replace(number, " ", 1)
    return numbers + folded.split()


def _digits(term: str) -> str:
    """Give the digits of a number, without the code of this country; nothing of a word or a short number."""
    if not _NUMBER.fullmatch(term):
        return ""
    digits = "".join(letter for letter in term if letter.isdigit())
    return _COUNTRY.sub("", digits) if len(digits) >= _LEAST_DIGITS else ""


def _cases_called(text: str, facts: FactBook) -> set[UUID]:
    reference = read_reference(text)
    if reference is None:
        return set()
    return {case.id for case in facts.cases.values() if case.facts.reference == reference}


@dataclass(frozen=True, slots=True)
class _Hits:
    """Incidents, by number: those that a word stands in; or, where those are most of all, all `but` some."""

    incidents: set[int]
    but: bool = False

    def keep(self, among: Iterable[OpenedIncident], cases: set[int]) -> list[OpenedIncident]:
        """Return those of these that are hit, or whose case is among these."""
        hits = self.incidents
        if self.but:
            return [one for one in among if one.id.int not in hits or one.case_id.int in cases]
        return [one for one in among if one.id.int in hits or one.case_id.int in cases]


@dataclass(frozen=True, slots=True, repr=False)
class _Searched:
    facts: FactBook
    texts: TextBook
    said: Said

    def find(self, term: str, among: Sequence[OpenedIncident]) -> tuple[_Hits, set[int]]:
        """Return which incidents, and which cases with all of theirs, the term fits.

        A number fits somebody by its digits, whatever stands between; or its groups fit, each for itself.
        """
        digits = _digits(term)
        if not digits:
            return self._narratives_with(term, among), self._cases_with(term)
        left = among
        for word in sorted(term.split(), key=len, reverse=True):  # the longest leaves the fewest
            left = self._narratives_with(word, left).keep(left, self._cases_with(word))
        return _Hits({one.id.int for one in left}), self._cases_with(digits)

    def called_like(self, term: str) -> set[int]:
        """Return the cases with somebody of a similar name."""
        return self._cases_of(find_called(term, self.texts.called, self.texts.sounds))

    def _narratives_with(self, word: str, among: Sequence[OpenedIncident]) -> _Hits:
        """Return the incidents, of these at least, whose narrative or exact place holds the word."""
        folded = self.texts.narratives
        if len(among) < len(folded) // _FEW:
            return _Hits({one.id.int for one in among if word in folded.get(one.id, "")})
        tried = list(islice(folded.values(), _TRIED))
        if 2 * sum(word in text for text in tried) > len(tried):
            # A word that most hold: the few without it are the smaller set to make and to look into.
            return _Hits({id_.int for id_, text in folded.items() if word not in text}, but=True)
        return _Hits({id_.int for id_, text in folded.items() if word in text})

    def _cases_with(self, word: str) -> set[int]:
        """Return the cases with somebody, or a follow-up, that the word stands with."""
        said = {case_id.int for case_id, folded in self.said if word in folded}
        people = self.texts.identities.items()
        return said | self._cases_of([person_id for person_id, folded in people if word in folded])

    def _cases_of(self, people: Iterable[UUID]) -> set[int]:
        known = self.facts.people
        return {known[person_id].case_id.int for person_id in people if person_id in known}
