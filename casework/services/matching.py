"""Which incidents a searched text fits: every term stands in its narrative, or in the rest of its case.

The rest is people (name, phone, e-mail, client number) and follow-ups. A term is a word, or a number with
what stands between its digits: "514 555-0199". A name fits in one word or several: "bensaid" is "Ben Saïd".
What fits only by a name nearly the same comes apart.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from uuid import UUID

from casework.domain.case import read_reference, read_reference_end
from casework.domain.folding import fold
from casework.services.arranging import age, leave_out
from casework.services.books import FactBook, OpenedIncident, TextBook
from casework.services.chunked import Chunked
from casework.services.namebook import find_called, find_joined

Said = Callable[[str], set[int]]
"""Gives the numbers of the cases with a follow-up that a word stands in."""

_MOST_LEFT_OUT = 200
"""So few are taken out one by one."""

Left = Sequence[OpenedIncident] | None

_NUMBER = re.compile(r"(?<!\w)\+?\(?\d[\d\s().\-/]*\d(?!\w)")
_LEAST_DIGITS = 4
_COUNTRY = re.compile(r"1(?=\d{10}\Z)")
_TRIED = 200
_FEW = 4
"""Looking up one narrative takes as long as going through so many."""

_MOST_GATHERED = 4_000
"""So many incidents and cases are looked up one by one; with more all are gone through, in order."""


@dataclass(frozen=True, slots=True)
class Matches:
    """What fits, in the order it was given in: exactly, and by a similar name only."""

    exact: list[OpenedIncident]
    similar: list[OpenedIncident]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a list shows, searched or not: `all` of it, the newest first, or whether it `has` an incident."""

    all: Callable[[], list[OpenedIncident]]
    has: Callable[[OpenedIncident], bool]


def match(text: str, shown: Shown, facts: FactBook, texts: TextBook, said: Said) -> Matches:
    """Return those shown that fit; a text that is a case's reference fits all of that case.

    Each term goes once through what the earlier ones left. The rarest goes first, then the longest: it leaves
    the fewest. Ids are told apart by number, which is several times as quick where nearly everything fits.
    """
    referred, searched = _cases_called(text, facts), _Searched(facts, texts, said)
    order = shown.all() if referred else None
    exact = wide = None if order is None else [one for one in order if one.case_id not in referred]
    for term in searched.order(_terms(fold(text))):
        hits, cases = searched.find(term, wide)
        near = searched.called_like(term, hits) - cases
        left = searched.keep(wide, hits, cases | near, shown)
        if wide is not exact:
            exact = searched.keep(exact, hits, cases, shown)
        else:
            exact = searched.keep(left, hits, cases, shown) if near else left
        wide = left
        if not wide:
            break
    exact, wide = shown.all() if exact is None else exact, shown.all() if wide is None else wide
    if wide is exact and not referred:
        return Matches(exact, [])
    found = {one.id.int for one in exact}
    similar = [one for one in wide if one.id.int not in found]
    if order is not None:
        exact = [one for one in order if one.case_id in referred or one.id.int in found]
    return Matches(exact, similar)


def match_people(text: str, facts: FactBook, texts: TextBook) -> tuple[set[UUID], set[UUID]]:
    """Return whom a text fits by what is known of who they are, and whom by a similar name only.

    A case's reference fits everybody in it; an empty text nobody.
    """
    terms = _terms(fold(text))
    if not terms:
        return set(), set()
    written = {term: find_joined(term, texts.called, texts.names) for term in terms}
    exact = {
        person_id
        for person_id, searched in texts.identities.items()
        if all(
            term in searched or (_digits(term) or term) in searched or person_id in joined
            for term, joined in written.items()
        )
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
    reference = read_reference(text) or read_reference_end(text)
    if reference is None:
        return set()
    return {case.id for case in facts.cases.values() if case.facts.reference.endswith(reference)}


@dataclass(frozen=True, slots=True)
class _Hits:
    """Incidents, by number: those that a word stands in; or, where those are most of all, all `but` some."""

    incidents: set[int]
    but: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class _Searched:
    """What is searched. Where what is left of it would be given, None stands for all that is shown."""

    facts: FactBook
    texts: TextBook
    said: Said

    def order(self, terms: Iterable[str]) -> list[str]:
        """Return the terms, first those that probably leave the fewest."""
        tried = self._try()
        return sorted(terms, key=lambda term: (sum(term in text for text in tried), -len(term)))

    def find(self, term: str, among: Left) -> tuple[_Hits, set[int]]:
        """Return which incidents, and which cases with all of theirs, the term fits.

        A number fits somebody by its digits, whatever stands between; or its groups fit, each for itself.
        """
        digits = _digits(term)
        if not digits:
            hits = self._narratives_with(term, among)
            return hits, self._cases_missed_with(term, hits) if hits.but else self._cases_with(term)
        words = sorted(term.split(), key=len, reverse=True)  # the longest leaves the fewest
        left = self.facts.incidents_by_date if among is None else among
        for word in words:
            left = self._keep(left, self._narratives_with(word, left), self._cases_with(word))
        return _Hits({one.id.int for one in left}), self._cases_with(digits)

    def keep(self, among: Left, hits: _Hits, cases: set[int], shown: Shown) -> list[OpenedIncident]:
        """Return those left that are hit, or whose case is among these."""
        if among is not None:
            return self._keep(among, hits, cases)
        if hits.but or len(hits.incidents) + len(cases) > _MOST_GATHERED:
            return self._keep(shown.all(), hits, cases)
        incidents, told = Chunked.of(self.facts.incidents), Chunked.of(self.facts.incidents_by_case)
        hit = incidents.pick(UUID(int=number) for number in hits.incidents)
        of_cases = chain.from_iterable(told.pick(UUID(int=number) for number in cases))
        # What hangs on a case that did not open is in no order, and nobody's to see.
        known = (one for one in (*hit, *of_cases) if one.case_id in self.facts.cases)
        found = {one.id.int: one for one in known if shown.has(one)}
        return sorted(found.values(), key=age, reverse=True)

    def _keep(self, among: Sequence[OpenedIncident], hits: _Hits, cases: set[int]) -> list[OpenedIncident]:
        numbers = hits.incidents
        if not hits.but:
            if not numbers:
                return [one for one in among if one.case_id.int in cases]
            return [one for one in among if one.id.int in numbers or one.case_id.int in cases]
        if len(numbers) > _MOST_LEFT_OUT:
            return [one for one in among if one.id.int not in numbers or one.case_id.int in cases]
        missed = Chunked.of(self.facts.incidents).pick(UUID(int=number) for number in numbers)
        gone = (one for one in missed if one.case_id.int not in cases)
        return leave_out(among[::-1], gone)[::-1]

    def called_like(self, term: str, hits: _Hits) -> set[int]:
        """Return the cases with somebody of a similar name; where nearly all are hit, of the others'."""
        people = find_called(term, self.texts.called, self.texts.sounds)
        if not people or not hits.but:
            return self._cases_of(people)
        return self._cases_missed(hits, lambda person_id: person_id in people)

    def _narratives_with(self, word: str, among: Left) -> _Hits:
        """Return the incidents, of these at least, whose narrative or exact place holds the word."""
        folded = self.texts.narratives
        if among is not None and len(among) < len(folded) // _FEW:
            return _Hits({one.id.int for one in among if word in (folded.get(one.id) or "")})
        tried = self._try()
        if 2 * sum(word in text for text in tried) > len(tried):
            # A word that most hold: the few without it are the smaller set to make and to look into.
            return _Hits({id_.int for id_ in folded.find_without(word)}, but=True)
        return _Hits({id_.int for id_ in folded.find(word)})

    def _try(self) -> Sequence[str]:
        """Return some narratives, by which to tell how rare a word is."""
        return list(islice(self.texts.narratives.values(), _TRIED))

    def _cases_with(self, word: str) -> set[int]:
        """Return the cases with somebody, or a follow-up, that the word stands with."""
        return self.said(word) | self._cases_of(self.texts.identities.find(word)) | self._cases_joined(word)

    def _cases_missed_with(self, word: str, hits: _Hits) -> set[int]:
        """Return the cases that it stands with elsewhere, of those in whose narratives it does not."""
        texts = self.texts.identities
        missed = self._cases_missed(hits, lambda person_id: word in (texts.get(person_id) or ""))
        return self.said(word) | missed | self._cases_joined(word)

    def _cases_joined(self, word: str) -> set[int]:
        """Return the cases with somebody whose name is this word but for blanks and hyphens."""
        return self._cases_of(find_joined(word, self.texts.called, self.texts.names))

    def _cases_missed(self, hits: _Hits, fits: Callable[[UUID], bool]) -> set[int]:
        """Return the cases of what is not hit, where nearly all are, with somebody who fits."""
        missed = Chunked.of(self.facts.incidents).pick(UUID(int=number) for number in hits.incidents)
        people = self.facts.people_by_case
        cases = {one.case_id for one in missed}
        return {case.int for case in cases if any(fits(person.id) for person in people.get(case, ()))}

    def _cases_of(self, people: Iterable[UUID]) -> set[int]:
        return {person.case_id.int for person in Chunked.of(self.facts.people).pick(people)}
