"""Invented records for the benchmarks: varied enough that caches of answers do not flatter them."""

import json
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import islice, repeat
from uuid import UUID, uuid4

from flask import Flask

from casework.domain.case import CaseFacts
from casework.domain.coded import INCIDENT_FIELDS, normalise_multi
from casework.domain.dates import VagueDate
from casework.domain.incident import IncidentFacts, IncidentNarrative, Participation
from casework.domain.member import MemberProfile
from casework.domain.organization import OrganizationProfile
from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.services import records
from casework.services.context import Context, build_context
from casework.services.founding import found_organization
from casework.services.incidents import IncidentDraft, PersonDraft
from casework.services.references import draw_references
from casework.services.transactions import transaction
from casework.store import cases as store
from casework.store.database import db
from casework.store.followups import FollowUp
from casework.vault.identity import MemberSecret

RECORD_WORDS = ["lantern", "orchard"]

_WORDS = (
    "river window paper morning ticket officer car street number question answer door friend call".split()
)
_BATCH = 1000
Kind = tuple[CaseFacts, bool, frozenset[UUID]]
"""What is coded of a case, its reference aside, whether it is its team's alone, and who is in it."""

FollowUps = Callable[[Context, int, records.NewCase, int], Sequence[FollowUp]]
"""Gives the follow-ups of a new case, sealed under a generation, by the case's number."""
Twin = tuple[str, str, str, str, str, str]
"""A case of one person and one incident in the plain twin: see `PlainTwin.add`."""

_ROLES = ("driver",)
_CONSENTING = PersonFacts(consents={"statistics": Consent("given")})


def found(app: Flask) -> Context:
    """Found an organization and return its coordinator's context."""
    runtime, secret = app.extensions["casework"], MemberSecret.generate()
    member_id = found_organization(
        runtime,
        OrganizationProfile("Benchmark", ("en",), "en"),
        MemberProfile("Coordinator", "en"),
        "coordinator",
        "a passphrase of the benchmark",
        secret,
        MemberSecret.generate().public,
        is_demonstration=True,
    )
    return build_context(runtime, member_id, secret)


def draft(index: int) -> IncidentDraft:
    """Return what a form would give."""
    chance = random.Random(index)
    return IncidentDraft(
        date=VagueDate.on(_day(chance)),
        answers=_answers(chance),
        narrative=IncidentNarrative(_narrative(chance)),
        people=(PersonDraft(identity=identity(index), facts=_CONSENTING, roles=_ROLES),),
    )


def identity(index: int) -> PersonIdentity:
    """Return the person of that number."""
    return PersonIdentity(name=_name(random.Random(-1 - index)))


def add_incidents(context: Context, number: int) -> list[IncidentFacts]:
    """Store incidents of one case, whose people do not matter; returns their facts."""
    facts = [_facts(context, random.Random(index)) for index in range(number)]
    with transaction(context, "incidents.imported") as opened:
        case = _case(context, opened.generation, draw_references(context, 1)[0], _usual(context))
        records.add_cases([case])
        rows = []
        for fact in facts:
            row = store.Incident(id=uuid4(), case_id=case.row.id)
            records.write_incident_facts(context, opened.generation, row, fact)
            records.write_narrative(case.keys, row, IncidentNarrative())
            rows.append(row)
        db.session.add_all(rows)
        opened.note(batch=uuid4(), count=number)
    return facts


def add_cases(
    context: Context, number: int, kinds: Iterator[Kind] | None = None, follow_ups: FollowUps | None = None
) -> list[Twin]:
    """Store cases of one person and one incident, open to all or as `kinds` says; returns the twin's rows."""
    kinds = kinds or repeat(_usual(context))
    plain: list[Twin] = []
    for start in range(0, number, _BATCH):
        size = min(_BATCH, number - start)
        with transaction(context, "incidents.imported") as opened:
            references = draw_references(context, size)
            drawn = list(islice(kinds, size))
            pairs = zip(references, drawn, strict=True)
            cases = [_case(context, opened.generation, *pair) for pair in pairs]
            records.add_cases(cases)
            for at, case in enumerate(cases):
                by = drawn[at][0].opened_by
                plain.append(_add(context, opened.generation, case, by, references[at], start + at))
                if follow_ups:
                    db.session.add_all(follow_ups(context, opened.generation, case, start + at))
            opened.note(batch=uuid4(), count=size)
    return plain


def plain_row(row_id: UUID, index: int, facts: IncidentFacts | None) -> Twin:
    """Return a case of one person and one incident for the plain twin."""
    drawn = draft(index)
    coded = json.dumps(facts.to_document() if facts else drawn.answers)
    return row_id.hex, f"2026-{index}", identity(index).name, drawn.date.encode(), coded, drawn.narrative.text


def _usual(context: Context) -> Kind:
    return CaseFacts.opened("", context.runtime.today(), context.member_id), False, frozenset()


def _case(context: Context, generation: int, reference: str, kind: Kind) -> records.NewCase:
    facts, team_only, team = kind
    case = records.make_case(context, generation, replace(facts, reference=reference), team_only, team)
    case.row.binned_at = context.runtime.now() if facts.binned_on else None
    return case


def _add(
    context: Context, generation: int, case: records.NewCase, by: UUID, reference: str, index: int
) -> Twin:
    drawn, row = draft(index), store.Incident(id=uuid4(), case_id=case.row.id)
    person, name = store.Person(id=uuid4(), case_id=case.row.id), identity(index)
    records.write_person(context, generation, case.keys, person, _CONSENTING, name)
    facts = IncidentFacts(
        date=drawn.date,
        logged_on=context.runtime.today(),
        logged_by=by,
        participations=(Participation(person.id, _ROLES),),
        **drawn.answers,  # type: ignore[arg-type]
    )
    records.write_incident_facts(context, generation, row, facts)
    records.write_narrative(case.keys, row, drawn.narrative)
    db.session.add_all((person, row))
    coded = json.dumps(facts.to_document())
    return case.row.id.hex, reference, name.name, facts.date.encode(), coded, drawn.narrative.text


def _facts(context: Context, chance: random.Random) -> IncidentFacts:
    return IncidentFacts(
        date=VagueDate.on(_day(chance)),
        logged_on=context.runtime.today(),
        logged_by=context.member_id,
        **_answers(chance),  # type: ignore[arg-type]
    )


def _answers(chance: random.Random) -> dict[str, str | tuple[str, ...]]:
    answers: dict[str, str | tuple[str, ...]] = {}
    for field in INCIDENT_FIELDS:
        codes = [code for code in field.codes.codes if code not in field.codes.exclusive]
        if field.multiple:
            answers[field.name] = normalise_multi(field.name, chance.sample(codes, chance.randint(0, 2)))
        else:
            answers[field.name] = chance.choice(codes)
    return answers


def _day(chance: random.Random) -> date:
    return date(2023, 1, 1) + timedelta(days=chance.randrange(1300))


def _name(chance: random.Random) -> str:
    return f"{chance.choice(_WORDS).title()} {chance.choice(_WORDS).title()} {chance.randrange(10_000)}"


def _narrative(chance: random.Random) -> str:
    words = chance.choices(_WORDS, k=120)
    if chance.random() < 0.01:
        words[40:40] = RECORD_WORDS
    return " ".join(words)
