"""The demonstration: invented whole, the same for the same day, varied, and signed in to by three members."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask

from casework.app import prepare
from casework.disclosure.ledger.parts import protect_in_parts
from casework.domain.approval import State
from casework.domain.case import CLOSED, OPEN
from casework.domain.dates import Precision
from casework.domain.incident import IncidentNarrative, validate_incident
from casework.domain.pattern import starter_patterns
from casework.domain.permissions import Role
from casework.domain.person import STATISTICS, may_count, validate_person
from casework.domain.rules import matches
from casework.domain.vocabulary import NOT_ASKED, UNKNOWN, grouping
from casework.errors import ConfigError, NotFound
from casework.services import bin, drafts, lists
from casework.services.binned import put_back
from casework.services.books import FactBook
from casework.services.cases import get_case
from casework.services.context import Context
from casework.services.demonstration import (
    DEMONSTRATION_MEMBERS,
    fill_demonstration,
    following,
    withdrawing,
    writing,
)
from casework.services.demonstration.chance import Chance
from casework.services.demonstration.dating import answered
from casework.services.demonstration.encounters import draw_contact_type
from casework.services.demonstration.plan import PlannedCase, PlannedIncident, plan_cases
from casework.services.demonstration.publishing import publish_story
from casework.services.demonstration.sources import sentences, world
from casework.services.exploring.funnels import ask_funnel
from casework.services.exploring.questions import Question
from casework.services.followups.agenda import look_ahead
from casework.services.lists import Filter
from casework.services.membership import admitting
from casework.services.membership.members import list_members
from casework.services.official.ours import find_ours
from casework.services.organization import get_organization_profile, is_demonstration
from casework.services.releases.asking import list_examples
from casework.services.releases.composing import compose as compose_release
from casework.services.releases.drafting import list_releases
from casework.services.releases.offering import offer
from casework.services.releases.previewing import begin_question, carry_out
from casework.services.releases.publishing import list_languages
from casework.services.releases.reading import read_release
from casework.services.releases.standing import find_standing
from casework.services.runtime import Runtime
from casework.services.signing_in import authentication, sessions
from casework.services.stories.reading import list_published
from casework.store.followups import count_follow_ups
from casework.vault.fields import Compartment
from casework.vault.passphrase import require_strong
from tests.services.releases.written import draft as draft_release
from tests.support.application import build_app, close

TODAY = date(2026, 11, 22)
GROUPS = ("victim", "witness", "carding", "ticket", "other")
# Words that make somebody less than a person, in either language.
FORBIDDEN = re.compile(
    r"\b(illegals?|illégaux|illégal|illégale|aliens?|clients?|clientes?|subjects?|sujets?|clandestin\w*"
    r"|sans-papiers|criminals?|délinquant\w*|suspects?|individus?|foreigners?)\b",
    re.IGNORECASE,
)


@pytest.fixture(scope="module")
def cases() -> list[PlannedCase]:
    """The plan of one day."""
    return plan_cases(TODAY)


@pytest.fixture(scope="module")
def incidents(cases: list[PlannedCase]) -> list[PlannedIncident]:
    """Every incident of that plan."""
    return [incident for case in cases for incident in case.incidents]


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, bytecode_folder: Path) -> Iterator[Flask]:
    """The demonstration as `make demo` starts it; tests only read it."""
    app = build_app(
        tmp_path_factory.mktemp("demonstration") / "instance", bytecode_folder, DEMONSTRATION=True
    )
    prepare(app)
    yield app
    close(app)


@pytest.fixture
def demonstration(filled: Flask) -> Iterator[Runtime]:
    """What the filled demonstration holds in its process."""
    with filled.app_context():
        yield filled.extensions["casework"]


def sign_in(runtime: Runtime, role: Role) -> Context:
    """Sign in as the fictional member with a role."""
    member = next(one for one in DEMONSTRATION_MEMBERS if one.role is role)
    context = sessions.resolve(runtime, authentication.sign_in(runtime, member.login, member.passphrase))
    assert isinstance(context, Context)
    return context


@pytest.fixture(scope="module")
def members(filled: Flask) -> dict[Role, Context]:
    """The three members, signed in with their public passphrases."""
    with filled.app_context():
        return {role: sign_in(filled.extensions["casework"], role) for role in Role}


def read(context: Context) -> FactBook:
    """Open every coded record."""
    return context.runtime.casebook.facts(context.keyring, context.runtime.now_seconds())


def count_publishable(cases: list[PlannedCase]) -> tuple[int, int]:
    """Count the cells of contact group by year that have something, and those with five cases or more."""
    found: dict[tuple[str, int | None], set[int]] = {}
    for case in cases:
        for incident in case.incidents:
            present = [case.people[part.person_id.int].facts for part in incident.facts.participations]
            if all(may_count(facts) for facts in present):
                cell = incident.facts.contact_group, incident.facts.date.calendar_year()
                found.setdefault(cell, set()).add(case.number)
    sizes = [len(numbers) for numbers in found.values()]
    return len(sizes), sum(size >= 5 for size in sizes)


# ---- the plan


def test_there_are_four_hundred_incidents_and_a_surge(
    cases: list[PlannedCase], incidents: list[PlannedIncident]
) -> None:
    """Some cases have several incidents, and many households several people."""
    assert len(cases) == 337
    assert len(incidents) == 407
    assert Counter(len(case.incidents) for case in cases) == {1: 279, 2: 46, 3: 12}
    assert 60 < sum(len(case.people) > 1 for case in cases) < 160


def test_the_same_day_and_seed_give_the_same_plan(cases: list[PlannedCase]) -> None:
    """Nothing but the seed and the day decides what is planned, texts and names included."""
    assert plan_cases(TODAY) == cases


@pytest.mark.parametrize("other", [{"today": TODAY, "seed": 99}, {"today": TODAY + timedelta(days=1)}])
def test_another_seed_or_day_gives_another_plan(cases: list[PlannedCase], other: dict[str, date]) -> None:
    """The seed and the day do decide."""
    assert plan_cases(**other) != cases  # type: ignore[arg-type]


def test_every_incident_and_person_could_have_been_typed_in(
    cases: list[PlannedCase], incidents: list[PlannedIncident]
) -> None:
    """The rules that hold for forms hold for what is invented."""
    for incident in incidents:
        validate_incident(incident.facts)
    for case in cases:
        for someone in case.people:
            validate_person(someone.facts, ("casework", "statistics", "story", "litigation"))


@pytest.mark.parametrize("today", [TODAY, date(2024, 2, 29), date(2027, 1, 1), date(2031, 12, 31)])
def test_the_three_years_end_today(today: date) -> None:
    """Whatever day it is: nothing lies after it, nothing long before, and something happened lately."""
    facts = [incident.facts for case in plan_cases(today) for incident in case.incidents]
    spans = [span for one in facts if (span := one.date.span()) is not None]
    assert max(first for first, _last in spans) <= today
    assert min(last for _first, last in spans) >= today - timedelta(days=3 * 365)
    assert today - timedelta(days=30) <= max(one.logged_on for one in facts) <= today
    dated = [(one.date.span(), one.logged_on) for one in facts]
    assert all(span[0] <= logged_on for span, logged_on in dated if span)


def test_dates_are_of_every_precision_and_mostly_days(incidents: list[PlannedIncident]) -> None:
    """Vague dates are there to be seen, and do not drown the rest."""
    precisions = Counter(incident.facts.date.precision for incident in incidents)
    assert set(precisions) == set(Precision)
    assert precisions[Precision.DAY] > 260


def test_consent_is_mostly_given_and_sometimes_not(cases: list[PlannedCase]) -> None:
    """Refused, not asked and withdrawn are all there."""
    answers = Counter(someone.facts.consent(STATISTICS).answer for case in cases for someone in case.people)
    assert set(answers) == {"given", "refused", "not_asked", "withdrawn"}
    assert answers["given"] > 0.8 * answers.total()


def test_how_they_answered_is_mostly_known(cases: list[PlannedCase]) -> None:
    """In several ways, and only where there is an answer."""
    consents = [one for case in cases for who in case.people for one in who.facts.consents.values()]
    assert all(one.how == NOT_ASKED for one in consents if one.answer == NOT_ASKED)
    ways = Counter(one.how for one in consents if one.answer != NOT_ASKED)
    assert len(ways) > 4
    assert ways[NOT_ASKED] < 0.1 * ways.total()


def test_unknown_and_not_asked_are_different_answers_that_both_occur(
    incidents: list[PlannedIncident],
) -> None:
    """A table of the demonstration shows both."""
    raised = Counter(incident.facts.raised_by for incident in incidents)
    reasons = Counter(code for incident in incidents for code in incident.facts.reasons)
    for answers in (raised, reasons):
        assert answers[UNKNOWN] > 3
        assert answers[NOT_ASKED] > 3


def test_services_and_places_go_together(incidents: list[PlannedIncident]) -> None:
    """No service of one province is met in another, and most incidents lie in Montréal."""
    of_place, of_service = grouping("place", "province"), grouping("police_service", "province")
    for incident in incidents:
        provinces = {of_place[incident.facts.place], of_service[incident.facts.police_service]}
        assert len(provinces - {UNKNOWN, NOT_ASKED}) <= 1
    cities = Counter(grouping("place", "city")[incident.facts.place] for incident in incidents)
    assert cities.most_common(1)[0][0] == "montreal"
    assert {"laval", "longueuil", "quebec_city", "ottawa", "toronto", "vancouver"} <= cities.keys()


def test_one_answer_makes_another_more_likely(cases: list[PlannedCase]) -> None:
    """People whose status exposes them are detained far more often; victims withdraw complaints."""
    detained: dict[bool, list[bool]] = {True: [], False: []}
    for case in cases:
        exposed = case.people[0].facts.immigration_status in world()["exposure"]["high"]
        for incident in case.incidents:
            detained[exposed].append(any(code.startswith("detained") for code in incident.facts.cbsa_actions))
    shares = {exposed: sum(found) / len(found) for exposed, found in detained.items()}
    assert shares[True] > 3 * shares[False]
    groups = Counter(
        incident.facts.contact_group
        for case in cases
        for incident in case.incidents
        if "withdrew_complaint" in incident.facts.consequences
    )
    assert set(groups) == {"victim"}


def test_the_mix_drifts_over_the_years() -> None:
    """Fare checks grow and street checks shrink from the first day to the last."""
    chance = Chance(1)
    first = Counter(draw_contact_type(chance, 0.0) for _ in range(4000))
    last = Counter(draw_contact_type(chance, 1.0) for _ in range(4000))
    assert last["fare_check"] > 1.3 * first["fare_check"]
    assert last["street_check"] < 0.8 * first["street_check"]


def test_patterns_are_set_only_where_a_rule_proposes_them_and_not_always(
    incidents: list[PlannedIncident],
) -> None:
    """Each starter pattern is carried by some, and some proposals wait to be decided."""
    rules = {pattern.starter or "": pattern.rule for pattern in starter_patterns()}
    carried = Counter(starter for incident in incidents for starter in incident.patterns)
    proposed = Counter(
        starter for incident in incidents for starter, rule in rules.items() if matches(rule, incident.facts)
    )
    assert all(
        matches(rules[starter], incident.facts) for incident in incidents for starter in incident.patterns
    )
    assert set(carried) == set(rules)
    assert 0.7 * proposed.total() < carried.total() < 0.95 * proposed.total()


@pytest.mark.parametrize("today", [TODAY, date(2026, 6, 15), date(2027, 3, 1)])
def test_the_headline_table_is_mostly_publishable_and_hides_something(today: date) -> None:
    """Contact group by year has five cases or more in most cells, and not in all."""
    cells, publishable = count_publishable(plan_cases(today))
    assert 0.5 < publishable / cells < 1


def test_cases_are_open_and_closed_and_some_are_a_teams(cases: list[PlannedCase]) -> None:
    """A few cases open to their team only, one of these to the coordinator alone."""
    assert {case.status for case in cases} == {OPEN, CLOSED}
    teams = Counter(case.team for case in cases)
    assert 3 <= len(cases) - teams[frozenset()] <= 20
    assert teams[frozenset({Role.COORDINATOR})] >= 1
    assert {case.opened_by for case in cases} == {Role.CASEWORKER, Role.COORDINATOR}


# ---- the texts


def test_narratives_are_many_different_ones_in_both_languages(incidents: list[PlannedIncident]) -> None:
    """Nearly every text is its own, about half of them French."""
    texts = [incident.narrative.text for incident in incidents]
    assert len(set(texts)) > 390
    french = sum(" l’ASFC" in text or " les " in text or " un " in text or " une " in text for text in texts)
    assert 150 < french < 250
    assert all(60 < len(text) < 700 for text in texts)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_each_contact_group_has_a_dozen_beginnings(language: str) -> None:
    """Whoever reads fifty cases does not meet the same beginning again and again."""
    of_type = grouping("contact_type", "contact_group")
    counts: Counter[str] = Counter()
    for name, pieces in sentences(language)["openings"].items():
        contact_type = "traffic_stop" if name.startswith("traffic_stop") else name
        counts[of_type[contact_type]] += len(pieces)
    assert all(counts[group] >= 12 for group in GROUPS)


def test_neighbouring_cases_begin_differently(incidents: list[PlannedIncident]) -> None:
    """In fifty incidents in a row hardly two begin with the same four words after the name."""
    names = [incident.narrative.text for incident in incidents[-50:]]
    beginnings = Counter(" ".join(text.split()[1:6]) for text in names)
    assert beginnings.most_common(1)[0][1] <= 2


def test_no_slot_is_left_unfilled_and_none_is_empty(incidents: list[PlannedIncident]) -> None:
    """No brace, double space, straight apostrophe or missing elision is in any text."""
    for incident in incidents:
        for text in (incident.narrative.text, incident.narrative.exact_place):
            assert not re.search(r"[{}']|  | [.,]|\bde [AEIOUÉÎ]|None", text), text


def test_texts_call_nobody_less_than_a_person(cases: list[PlannedCase]) -> None:
    """No word of the forbidden ones is in narratives, notes or addresses."""
    for case in cases:
        texts = [incident.narrative.text for incident in case.incidents]
        texts += [
            text for someone in case.people for text in (someone.identity.note, someone.identity.address)
        ]
        found = [match.group() for text in texts if (match := FORBIDDEN.search(text))]
        assert found == []


def test_the_net_for_forbidden_words_catches() -> None:
    """A planted word is found: the test above can fail."""
    assert FORBIDDEN.search("Un client raconte.")
    assert FORBIDDEN.search("He was called an illegal.")
    assert not FORBIDDEN.search("Une clinique l’accueille.")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_every_code_that_can_be_drawn_has_its_sentences(language: str) -> None:
    """No path, referral, consequence or way of surfacing is passed over for want of a sentence."""
    pieces, drawn = sentences(language), world()
    assert drawn["paths"].keys() - {UNKNOWN, NOT_ASKED} == pieces["paths"].keys()
    referrals = {code for entry in drawn["surfaced"].values() for code in entry["referrals"]}
    assert referrals - {UNKNOWN, NOT_ASKED} <= pieces["referrals"].keys()
    assert {code for entry in drawn["consequences"].values() for code in entry} <= pieces[
        "consequences"
    ].keys()
    raisers = {f"third_party_{code}" for entry in drawn["contacts"].values() for code in entry["third_party"]}
    surfaced = drawn["surfaced"].keys() - {UNKNOWN, NOT_ASKED, "third_party"} | raisers
    assert surfaced == pieces["surfaced"].keys()
    assert {contact["setting"] for contact in drawn["contacts"].values()} == pieces["where"].keys()


def test_dated_steps_follow_one_another(incidents: list[PlannedIncident]) -> None:
    """No kind of steps begins before the one that led to it; none is before the contact, or yet to come."""
    dated = [incident for incident in incidents if incident.steps]
    assert 200 < len(dated) < 0.7 * len(incidents)
    for incident in dated:
        spans = [span for step in incident.steps if (span := step.when.date.span())]
        contact = incident.facts.date.span()
        assert len(spans) == len(incident.steps)
        assert all(first <= TODAY for first, _last in spans)
        assert contact is None or all(contact[0] <= last for _first, last in spans)
        firsts = dict(reversed(list(answered(incident.facts))))
        begun = [step for step in incident.steps if firsts[step.kind] == step.code]
        begins = [step.when.date.span() for step in begun]
        # Of a month alone no day is said: it may have been any of them.
        assert all(one[0] <= following[1] for one, following in pairwise(filter(None, begins)))
        assert all(one.kind != following.kind for one, following in pairwise(begun))


# ---- the people


def test_no_number_or_address_can_be_anybodys(cases: list[PlannedCase]) -> None:
    """Phones end in 555-01xx, UCIs are of the form that is never given out, mail goes to example.org."""
    identities = [someone.identity for case in cases for someone in case.people]
    assert all(re.fullmatch(r"(\d{3} 555-01\d\d)?", one.phone) for one in identities)
    assert all(re.fullmatch(r"(00-0000-\d{4})?", one.uci) for one in identities)
    assert all(re.fullmatch(r"([a-z.\-]+@example\.org)?", one.email) for one in identities)
    assert any(one.phone for one in identities)
    assert any(one.uci for one in identities)
    assert any(one.email for one in identities)


def test_birth_dates_fit_age_bands(cases: list[PlannedCase]) -> None:
    """On the day that a case was opened, a person's birth date gives their age band."""
    seen = 0
    for case in cases:
        for someone in case.people:
            born = someone.identity.birth_date
            if len(born) == 10 and someone.age is not None:
                birthday = date.fromisoformat(born)
                passed = (case.opened_on.month, case.opened_on.day) >= (birthday.month, birthday.day)
                assert case.opened_on.year - birthday.year - (not passed) == someone.age
                seen += 1
    assert seen > 100


def test_people_of_a_case_have_different_given_names(cases: list[PlannedCase]) -> None:
    """A narrative that names two people is clear."""
    for case in cases:
        names = [someone.given_name for someone in case.people]
        assert len(set(names)) == len(names)


def test_full_names_hardly_repeat(cases: list[PlannedCase]) -> None:
    """A search for a name finds that person."""
    names = Counter(someone.identity.name for case in cases for someone in case.people)
    assert names.most_common(1)[0][1] <= 2
    assert len(names) > 450


# ---- the filled organization


def test_it_is_marked_as_a_demonstration(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """The ribbon on every page hangs on this."""
    assert is_demonstration()
    assert get_organization_profile(members[Role.ADVOCATE]).name == "Collectif Traverse"


def test_one_release_is_out_in_two_languages(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """The advocate wrote it and the coordinator approved it, before some people took their consent back."""
    (view,) = list_releases(members[Role.ADVOCATE])
    approver = members[Role.COORDINATOR].member_id
    assert (view.release.state, view.release.approver) == (State.APPROVED, approver)
    published = read_release(members[Role.ADVOCATE], view.id)
    assert list_languages(published) == ("en", "fr")
    shown = [value for values in published.protected.told.values for value in values]
    assert None in shown
    assert sum(value is not None for value in shown) > len(shown) / 2


def test_the_release_says_of_police_services_what_stands_beside_the_official_counts(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Whoever opens the charts sees both sides, and several bars on ours."""
    ours = find_ours(members[Role.COORDINATOR], "en")
    assert ours is not None
    told = [line.cells[-1].value for line in ours.layout.rows[:-1]]
    assert sum(value is not None and value > 0 for value in told) >= 4


def test_the_pathway_tells_how_soon(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """Steps up to a detention have a median; many are not dated, and none before the step that led to it."""
    stages = ask_funnel(members[Role.COORDINATOR], Question(show="police_service")).whole
    for stage in stages[1:4]:
        lag = stage.since_start
        assert lag.quartiles is not None and lag.backwards == 0
        assert 15 < lag.known < 0.6 * lag.among
    assert stages[3].since_start.quartiles != (0.0, 0.0, 0.0)


def test_something_is_due_today(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """The start page is alive: a review is late, others come, tasks for each; nothing is added twice."""
    agenda = look_ahead(members[Role.CASEWORKER])
    assert [line.review.number for line in agenda.overdue if line.review] == [2]
    assert [line.review.number for line in agenda.soon if line.review] == [1]
    assert [line.review.number for line in agenda.week if line.review] == [3]
    assert all(line.title for line in (*agenda.overdue, *agenda.soon, *agenda.week) if not line.review)
    assert agenda.undated and agenda.later
    own = look_ahead(members[Role.COORDINATOR])
    assert [line.review.is_exact for line in own.soon if line.review] == [False]
    assert len(look_ahead(members[Role.COORDINATOR], everybodys=True).soon) > len(own.soon)
    before = count_follow_ups()
    assert following.is_followed()
    fill_demonstration(demonstration)
    following.follow_cases(members)
    assert count_follow_ups() == before


@pytest.mark.parametrize("role", list(Role))
def test_there_is_a_member_of_each_role_who_can_sign_in(
    members: dict[Role, Context], demonstration: Runtime, role: Role
) -> None:
    """The public passphrases open, and the roster agrees on the roles."""
    assert members[role].roles == {role}
    assert len(list_members(members[role])) == 3


def test_the_public_passphrases_would_be_taken_for_real() -> None:
    """They are no example of a weak one."""
    for member in DEMONSTRATION_MEMBERS:
        require_strong(member.passphrase)


def test_the_advocate_holds_no_key_to_names_or_narratives(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Of the compartments of records, the coded one alone opens to the advocate."""
    keyring = members[Role.ADVOCATE].keyring
    held = {compartment for compartment in Compartment if keyring.holds(compartment)}
    assert held == {Compartment.SHARED, Compartment.CODED}


def test_what_is_stored_is_what_was_planned(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """Every planned coded fact is in the database, people and patterns included."""
    planned = plan_cases(demonstration.today())
    book = read(members[Role.COORDINATOR])
    book = put_back(book, book.binned.keys())
    assert len(book.cases) == len(planned)
    assert len(book.people) == sum(len(case.people) for case in planned)
    wanted = Counter(
        (i.facts.date, i.facts.contact_type, i.facts.police_service, i.facts.cbsa_actions, i.facts.logged_on)
        for case in planned
        for i in case.incidents
    )
    stored = Counter(
        (i.facts.date, i.facts.contact_type, i.facts.police_service, i.facts.cbsa_actions, i.facts.logged_on)
        for i in book.incidents.values()
    )
    assert stored == wanted
    carried = sum(len(incident.patterns) for case in planned for incident in case.incidents)
    assert sum(len(incident.facts.patterns) for incident in book.incidents.values()) == carried


def test_references_are_of_the_year_in_which_a_case_was_opened(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """And no two cases have the same."""
    book = read(members[Role.COORDINATOR])
    facts = [case.facts for case in book.cases.values()]
    assert all(one.reference.startswith(f"{one.opened_on.year}-") for one in facts)
    assert len({one.reference for one in facts}) == len(facts)


def test_both_members_who_may_have_logged_incidents(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Caseworker and coordinator each logged a good part."""
    coordinator, caseworker = members[Role.COORDINATOR], members[Role.CASEWORKER]
    logged = Counter(incident.facts.logged_by for incident in read(coordinator).incidents.values())
    assert set(logged) == {coordinator.member_id, caseworker.member_id}
    assert min(logged.values()) > 80


def test_the_caseworker_is_not_shown_every_case(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """A case of a team without them is not found by the caseworker, and opens to the coordinator."""
    coordinator, caseworker = members[Role.COORDINATOR], members[Role.CASEWORKER]
    everything = Filter(mine=False)
    assert lists.list_cases(coordinator, everything).total == 336
    assert 320 < lists.list_cases(caseworker, everything).total < 336
    closed = next(
        case.id
        for case in read(coordinator).cases.values()
        if case.team_only and caseworker.member_id not in case.team
    )
    assert get_case(coordinator, closed).incidents
    with pytest.raises(NotFound):
        get_case(caseworker, closed)


def test_a_case_is_restricted_one_on_hold_and_one_in_the_bin(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Each is there to be looked at, by whoever accompanies it and by the coordinator."""
    coordinator, caseworker = members[Role.COORDINATOR], members[Role.CASEWORKER]
    cases = read(coordinator).cases.values()
    (restricted,) = [case for case in cases if case.restricted]
    (held,) = [case for case in cases if case.facts.hold_since]
    for context in (coordinator, caseworker):
        view = get_case(context, restricted.id)
        assert view.team == {coordinator.member_id, caseworker.member_id} and not view.keyless
        assert view.people[0].identity.name and view.incidents[0].narrative.text
        assert get_case(context, held.id).facts.responsible == caseworker.member_id
        (binned,) = bin.list_bin(context)
        assert binned.names[0] and 0 < binned.days_left < 30


def test_a_case_opens_with_names_and_narrative(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """What is sealed opens again to the caseworker, and a search finds it without its accents."""
    caseworker = members[Role.CASEWORKER]
    line = lists.list_cases(caseworker, Filter()).lines[0]
    view = get_case(caseworker, line.id)
    assert all(person.identity.name for person in view.people)
    assert all(isinstance(i.narrative, IncidentNarrative) and i.narrative.text for i in view.incidents)
    assert lists.list_incidents(caseworker, Filter(mine=False, text="echelle")).total == 0
    assert lists.list_incidents(caseworker, Filter(mine=False, text="immigration")).total > 10


def test_each_question_that_is_offered_has_an_answer(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Whoever is shown around as the advocate presses one button, and sees a number: the published one."""
    advocate = members[Role.ADVOCATE]
    for asked in list_examples(offer(advocate)):
        look = begin_question(advocate, asked)
        carry_out(advocate, look)
        assert look.seen and look.seen.released and look.seen.released.value


def test_the_caseworker_has_begun_some_forms(
    filled: Flask, demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Each kept draft leads back into the form, with what was typed."""
    caseworker = members[Role.CASEWORKER]
    kept = drafts.list_drafts(caseworker)
    assert len(kept) == 3
    client = filled.test_client()
    cookie = sessions.start_session(demonstration, caseworker.member_id, caseworker.secret)
    client.set_cookie(filled.config["MEMBER_COOKIE"], cookie)
    for draft in kept:
        page = client.get(f"/drafts/{draft.id}", follow_redirects=True)
        assert page.status_code == 200
        assert draft.fields["text"][0][:30] in page.text


def test_filling_again_changes_nothing(
    filled: Flask, demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """Every start of the demonstration calls it."""
    before = read(members[Role.COORDINATOR])
    fill_demonstration(demonstration)
    prepare(filled)
    after = read(members[Role.COORDINATOR])
    assert after.incidents.keys() == before.incidents.keys()
    assert after.people.keys() == before.people.keys()


def test_it_refuses_a_real_organization(app: Flask, runtime: Runtime) -> None:
    """Nothing invented is ever written beside real records."""
    with pytest.raises(ConfigError, match="INSTANCE_PATH"):
        fill_demonstration(runtime)


@pytest.mark.parametrize("batches", [0, 2])
def test_an_interrupted_run_is_finished_by_the_next(
    empty_app: Flask, monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    """Killed before or between the batches, the next start adds what is missing, and nothing twice."""
    written = 0
    real = writing._Writer.write

    def write(self: writing._Writer, cases: list[tuple[bytes, PlannedCase]]) -> None:
        nonlocal written
        if written == batches:
            raise KeyboardInterrupt
        written += 1
        real(self, cases)

    with empty_app.app_context():
        runtime: Runtime = empty_app.extensions["casework"]
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(writing._Writer, "write", write)
            fill_demonstration(runtime)
        fill_demonstration(runtime)
        book = read(sign_in(runtime, Role.COORDINATOR))
        book = put_back(book, book.binned.keys())
        assert (len(book.cases), len(book.incidents)) == (337, 407)
        assert len(list_members(sign_in(runtime, Role.COORDINATOR))) == 3


def test_a_run_killed_while_members_joined_is_finished_too(
    empty_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody who had joined and was not yet admitted is admitted by the next start."""

    def kill(*_arguments: object) -> None:
        raise KeyboardInterrupt

    with empty_app.app_context():
        runtime: Runtime = empty_app.extensions["casework"]
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(admitting, "admit_member", kill)
            fill_demonstration(runtime)
        fill_demonstration(runtime)
        assert len(list_members(sign_in(runtime, Role.COORDINATOR))) == 3


def test_some_withdrew(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """One of them from casework too; another start adds none. The release counts nobody of them."""
    for _ in range(2):
        people = read(members[Role.COORDINATOR]).people.values()
        gone = [one.facts for one in people if one.facts.countable.since and one.facts.countable.until]
        assert [facts.consent("statistics").answer for facts in gone] == ["withdrawn"] * 2
        assert sorted(facts.consent("casework").answer for facts in gone) == ["given", "withdrawn"]
        assert find_standing(members[Role.COORDINATOR]) == {}
        withdrawing.withdraw_consents(members)


def test_its_several_answers_can_be_released_beside_other_tables(
    demonstration: Runtime, members: dict[Role, Context]
) -> None:
    """In one release: reasons that police gave, and what the CBSA did, with little of it hidden."""
    tables = (("contact_group",), ("contact_group", "year"), ("reasons",), ("cbsa_outcome",))
    book = read(members[Role.COORDINATOR])
    composed = compose_release(book, draft_release(tables, TODAY.year - 2, TODAY.year))
    made = protect_in_parts(composed.records, composed.layouts, [], composed.rules, time_limit_seconds=60)
    shares = {table.name: table.share_shown for table in made.report.tables}
    assert min(shares["reasons"], shares["cbsa_outcome"]) >= 0.75


def test_one_story_was_approved(demonstration: Runtime, members: dict[Role, Context]) -> None:
    """Told in three languages, and an advocate reads it; filling again approves no second one."""
    for _ in range(2):
        (told,) = list_published(members[Role.ADVOCATE]).views
        assert told.story.draft.languages == ("en", "fr", "es")
        assert told.story.draft.details.season and not told.is_standing
        publish_story(members)
