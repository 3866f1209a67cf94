"""Prints how long a search takes over books in memory: no page, no database; each case with one person."""

import argparse
import statistics
import time
from dataclasses import replace
from datetime import date
from uuid import UUID, uuid4

from benchmarks.population import make_population
from benchmarks.records import RECORD_WORDS
from casework.domain.case import CaseFacts
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative
from casework.domain.person import PersonFacts, PersonIdentity
from casework.services.arranging import arrange
from casework.services.books import (
    FactBook,
    OpenedCase,
    OpenedIncident,
    OpenedPerson,
    PersonTexts,
    TextBook,
    searched_narrative,
)
from casework.services.chunked import Chunked
from casework.services.matching import Shown, match
from casework.services.textreading import with_texts

ROUNDS = 9
_TEXT = "river window paper morning ticket officer car street number question answer door friend call " * 8
_SEARCHES = {
    "a name": "Gurpreet Sandhu",
    "a name, turned round, misspelt": "Sandu Gurprit",
    "a name, in one word": "gurpreetsandhu",
    "a very common name": "Mohamed",
    "a phone number": "514 555-0199",
    "two words that every narrative holds": "river window",
    "two rare words": " ".join(RECORD_WORDS),
    "nothing fits": "zzzz qqqq",
}


def main() -> None:
    """Make the books, and time each search; the first of all, which makes caches, is told apart."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=100_000)
    arguments = parser.parse_args()
    started = time.process_time()
    facts, texts = _books(arguments.people)
    print(f"{arguments.people:,} people, {len(texts.called):,} different words in their names", end="; ")
    print(f"made in {time.process_time() - started:.1f} s of processor time")
    shown = Shown(lambda: list(facts.incidents_by_date), lambda _incident: True)
    started = time.process_time()
    match("Yolanda Kadour", shown, facts, texts, _nothing_said)
    print(f"first search {(time.process_time() - started) * 1000:,.0f} ms of processor time")
    print(f"{'milliseconds, median':40}{'clock':>8}{'CPU':>8}{'exact':>9}{'similar':>9}")
    for name, text in _SEARCHES.items():
        walls, processors = [], []
        for _ in range(ROUNDS):
            wall, processor = time.perf_counter(), time.process_time()
            found = match(text, shown, facts, texts, _nothing_said)
            walls.append((time.perf_counter() - wall) * 1000)
            processors.append((time.process_time() - processor) * 1000)
        figures = f"{statistics.median(walls):8,.0f}{statistics.median(processors):8,.0f}"
        print(f"{name:40}{figures}{len(found.exact):9,}{len(found.similar):9,}", flush=True)


def _nothing_said(_word: str) -> set[int]:
    return set()


def _books(count: int) -> tuple[FactBook, TextBook]:
    population = make_population(count, seed=7).people
    happened = IncidentFacts(
        date=VagueDate.parse("2026-05-12"),
        contact_type="traffic_stop",
        police_service="spvm",
        logged_on=date(2026, 5, 12),
        logged_by=uuid4(),
    )
    cases, people, incidents = {}, {}, {}
    identities: dict[UUID, PersonTexts] = {}
    narratives: dict[UUID, str] = {}
    opened = CaseFacts.opened("2026-0001", date(2026, 5, 12), uuid4())
    for place, person in enumerate(population):
        case_id, person_id, incident_id = uuid4(), uuid4(), uuid4()
        cases[case_id] = OpenedCase(case_id, 1, False, frozenset(), opened)
        people[person_id] = OpenedPerson(person_id, case_id, 1, PersonFacts())
        incidents[incident_id] = OpenedIncident(incident_id, case_id, 1, happened)
        identity = PersonIdentity(name=person.name, phone=person.phone, uci=person.uci)
        identities[person_id] = PersonTexts.of(identity)
        rare = " ".join(RECORD_WORDS) if place % 100 == 0 else ""
        narratives[incident_id] = searched_narrative(IncidentNarrative(f"{_TEXT}{rare}", ""))
    texts = with_texts(TextBook(), identities, narratives)
    facts = FactBook(cases=Chunked(cases), people=Chunked(people), incidents=Chunked(incidents))
    return replace(facts, orders=arrange(facts)), texts


if __name__ == "__main__":
    main()
