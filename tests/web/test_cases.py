"""The page of a case, its people, and who may open it."""

import re
from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from casework.domain.person import Consent, PersonFacts, PersonIdentity
from casework.services import cases, incidents, patterns
from casework.services.followups.writing import add_follow_up
from casework.services.holding import hold_case
from casework.services.incidents import Logged, PersonDraft
from tests.services.releases.written import release
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.counted import log_many
from tests.support.records import detention_draft
from tests.web.incidents import log, person, read_form


def _text(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_a_case_tells_its_story(founded: Founded) -> None:
    """Heading, narrative, exact place, what police and CBSA did, and who logged it are on the page."""
    logged = log(
        founded.context(CASEWORKER), person("Naïma B.", "driver"), person("Ilyas", "relative"),
        text="First <line>.\nSecond.", exact_place="Jarry and Saint-Denis", place="verdun",
        status_surfaced=("officer_asked",), raised_by="officer", reasons=("none_given",),
        referral_types=("status_check",), cbsa_actions=("attended",), consequences=("job_loss",),
    )  # fmt: skip
    answer = founded.client(COLLEAGUE).get(f"/cases/{logged.case_id}")
    text = _text(answer.text)
    assert answer.status_code == 200
    assert answer.text.count("<h1>") == 1
    assert "<h1>Naïma B. and Ilyas</h1>" in answer.text
    for told in (
        logged.reference, "First &lt;line&gt;.", "Jarry and Saint-Denis", "Verdun", "SPVM Montréal",
        "Traffic stop", "Officer asked", "None given", "Status check", "Attended", "Job loss",
        "Naïma B. (Driver)", "Logged by Ines",
    ):  # fmt: skip
        assert told in text


def test_what_was_not_asked_makes_no_noise(founded: Founded) -> None:
    """Empty fields are not listed; an unknown answer is, in italics."""
    logged = log(founded.context(CASEWORKER), referral_types=("unknown",))
    page = founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text
    assert "<em>Unknown</em>" in page
    for absent in ("Status came up", "What the CBSA did", "What followed", "UCI", "Gender"):
        assert absent not in page


@pytest.mark.parametrize(
    ("people", "said"),
    [
        ((person("Naïma"),), ""),
        (
            (person("Naïma"), person("Ilyas", statistics="refused")),
            "not in statistics Consent of Ilyas is missing",
        ),
        ((person("Naïma", statistics="not_asked"),), "not in statistics Consent of Naïma is missing"),
    ],
)
def test_a_missing_consent_is_said(founded: Founded, people: tuple[PersonDraft, ...], said: str) -> None:
    """The page says why an incident is in no statistics, and nothing when it is."""
    logged = log(founded.context(CASEWORKER), *people)
    text = _text(founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text)
    assert (said in text) if said else ("in statistics" not in text)


def test_a_fitting_pattern_is_proposed_and_only_somebody_adds_it(founded: Founded) -> None:
    """A rule proposes and never tags; Add sets it, Take off removes it."""
    context = founded.context(CASEWORKER)
    view = next(
        one for one in patterns.list_patterns(context) if one.definition.starter == "accent_or_appearance"
    )
    logged = log(context, status_surfaced=("accent_or_appearance",))
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}"
    name = view.definition.name("en")
    assert re.search(rf'class="tag proposed">{name}', client.get(path).text)
    assert incidents.get_incident(context, logged.incident_id).facts.patterns == ()
    sent = {"case": logged.case_id.hex, "incident": logged.incident_id.hex, "tag": view.id.hex}
    assert client.post("/incidents/tag", data=sent | {"deed": "add"}).location == path
    page = client.get(path).text
    assert re.search(rf'class="tag">{name}', page)
    assert "One incident changed." in page
    client.post("/incidents/tag", data=sent | {"deed": "remove"})
    assert re.search(rf'class="tag proposed">{name}', client.get(path).text)


def test_what_is_proposed_never_stands_above_a_clock(founded: Founded) -> None:
    """Patterns of the only incident stand in the head; where somebody is detained, with the incident."""
    context = founded.context(CASEWORKER)
    logged = log(context, status_surfaced=("accent_or_appearance",))
    tag, path = 'class="tags"', f"/cases/{logged.case_id}"
    page = founded.client(CASEWORKER).get(path).text
    assert page.count(tag) == 1 and page.index(tag) < page.index('id="clocks"')
    add_follow_up(context, logged.case_id, detention_draft(person=logged.people[0]))
    page = founded.client(CASEWORKER).get(path).text
    assert page.count(tag) == 1 and page.index(tag) > page.index('id="incident-')


def test_people_stand_in_the_order_of_their_letters(founded: Founded) -> None:
    """Accents and capitals do not count, as in every other list."""
    names = ["Tremblay Zoé", "tremblay marc-andré", "Tremblay Élodie"]
    logged = log(founded.context(CASEWORKER), *map(person, names))
    page = _text(founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text)
    people = page[page.index("Add a person") - 3000 : page.index("Add a person")]
    places = [people.rindex(name) for name in reversed(names)]
    assert places == sorted(places)


def test_several_incidents_stand_in_their_order(founded: Founded) -> None:
    """The oldest comes first, an unknown date last; the page says how many count."""
    context = founded.context(CASEWORKER)
    logged = log(context, date="2026-05-12", text="second")
    for when, text in (("unknown", "third"), ("2025", "first")):
        log(context, person("Zoya", statistics="refused"), case_id=logged.case_id, date=when, text=text)
    text = _text(founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text)
    assert text.index("first") < text.index("second") < text.index("opens the case") < text.index("third")
    assert "partly in statistics 1 of 3 incidents count in statistics." in text


def test_a_person_is_changed_on_their_page(founded: Founded) -> None:
    """Identity, coded facts, and consents with their days are saved; what was not touched stays."""
    logged = log(
        founded.context(CASEWORKER),
        PersonDraft(
            identity=PersonIdentity(name="Naïma", uci="11-2233", note="Call\nafter six"),
            facts=PersonFacts(languages=("ar",), consents={"casework": Consent("given")}),
            roles=("driver",),
        ),
    )
    one = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    client, path = founded.client(CASEWORKER), f"/cases/{logged.case_id}/people/{one.id}"
    sent = read_form(client, path)
    assert sent["note"] == ["Call\nafter six"]
    sent |= {"gender": ["woman"], "consent_statistics": ["given"], "consent_statistics_on": ["2026-06-01"]}
    spot = f"/cases/{logged.case_id}#person-{one.id.hex}"
    assert client.post(path, data=sent).location == spot
    now = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0]
    assert (now.version, now.identity) == (2, one.identity)
    assert now.facts.gender == "woman"
    assert now.facts.languages == ("ar",)
    assert now.facts.consent("statistics").answer == "given"
    assert str(now.facts.consent("statistics").on) == "2026-06-01"
    assert now.facts.consent("casework") == Consent("given")


def test_somebody_is_added_on_the_page_of_a_case(founded: Founded) -> None:
    """Into the incident that was chosen, which stays as it is; a form with faults comes back as it was."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    first = log(context, person("Naïma", "driver"), text="As told.", place="verdun", reasons=("none_given",))
    log(context, person("Ilyas"), case_id=first.case_id)
    path = f"/cases/{first.case_id}/people/new"
    assert path in client.get(f"/cases/{first.case_id}").text
    before = incidents.get_incident(context, first.incident_id)
    sent = read_form(client, path) | {"incident": [first.incident_id.hex], "roles": ["witness"]}
    assert client.post(path, data=sent | {"roles": []}).status_code == 422
    refused = client.post(path, data=sent | {"name": ["Zoë"], "email": ["zoë at mail"]})
    assert refused.status_code == 422
    assert "zoë at mail" in refused.text
    assert "Write one address" in refused.text
    sent |= {"name": ["Zoë"], "consent_statistics": ["given"]}
    spot = client.post(path, data=sent).location
    now = incidents.get_incident(context, first.incident_id)
    *others, new = now.facts.participations
    assert spot == f"/cases/{first.case_id}#person-{new.person_id.hex}"
    assert (tuple(others), new.roles) == (before.facts.participations, ("witness",))
    assert replace(now.facts, participations=before.facts.participations) == before.facts
    assert now.narrative == before.narrative
    added = {one.id: one for one in now.people}[new.person_id]
    assert (added.identity.name, added.facts.consent("statistics").answer) == ("Zoë", "given")
    assert "Person added." in client.get(f"/cases/{first.case_id}").text


def test_nobody_is_added_to_an_incident_of_another_case(founded: Founded) -> None:
    """Its id is as good as none."""
    context, client = founded.context(CASEWORKER), founded.client(CASEWORKER)
    one, other = log(context), log(context, person("Ilyas"))
    path = f"/cases/{one.case_id}/people/new"
    sent = read_form(client, path) | {"name": ["Zoë"], "incident": [other.incident_id.hex]}
    assert client.post(path, data=sent).status_code == 404
    assert len(incidents.get_incident(context, other.incident_id).people) == 1


def test_a_detention_stands_in_the_story_in_its_time(founded: Founded) -> None:
    """Between the incidents before and after it, with the way to what was written of it."""
    context = founded.context(CASEWORKER)
    first = log(context, date="2026-01-10", text="The first one.")
    log(context, date="2026-03-10", text="The second one.", case_id=first.case_id)
    held = add_follow_up(context, first.case_id, detention_draft("2026-02-01T10:00"))
    story = founded.client(CASEWORKER).get(f"/cases/{first.case_id}").text.partition('id="follow-ups"')[0]
    places = [story.index(text) for text in ("The first one.", "<h3>Detention</h3>", "The second one.")]
    assert places == sorted(places)
    assert f'href="#follow-up-{held.hex}"' in story


def test_a_person_of_another_case_is_not_found_under_this_one(founded: Founded) -> None:
    """The address of a person names the case that they are of."""
    context = founded.context(CASEWORKER)
    one, other = log(context), log(context)
    stranger = cases.get_case(context, other.case_id).people[0].id
    client = founded.client(CASEWORKER)
    for path in (f"/cases/{one.case_id}/people/{stranger}", f"/cases/{one.case_id}/people/{UUID(int=7)}"):
        assert client.get(path).status_code == 404
        assert client.post(path, data={"version": "1", "name": "X"}).status_code == 404


def _access(founded: Founded, case_id: UUID, login: str, **sent: object) -> int:
    client = founded.client(login)
    version = cases.get_case(founded.context(COORDINATOR), case_id).version
    return client.post(f"/cases/{case_id}/access", data={"version": version} | sent).status_code


def test_a_case_is_limited_to_a_team_and_opened_again(founded: Founded) -> None:
    """Who is left out gets 404 everywhere; whoever limits a case stays in its team."""
    logged = log(founded.context(CASEWORKER))
    colleague = founded.players[COLLEAGUE]
    path = f"/cases/{logged.case_id}"
    assert _access(founded, logged.case_id, CASEWORKER, access="team") == 302
    for address in (path, f"{path}/access", f"{path}/incidents/new", f"/incidents/{logged.incident_id}"):
        assert founded.client(COLLEAGUE).get(address).status_code == 404
        assert founded.client(CASEWORKER).get(address, follow_redirects=True).status_code == 200
        assert founded.client(COORDINATOR).get(address, follow_redirects=True).status_code == 200
        assert founded.client(ADVOCATE).get(address).status_code == 403
    assert _access(founded, logged.case_id, COLLEAGUE, access="all") == 404
    assert _access(founded, logged.case_id, CASEWORKER, access="team", team=[colleague.id.hex]) == 302
    assert founded.client(COLLEAGUE).get(path).status_code == 200
    assert "Ines, Theo" in _text(founded.client(COLLEAGUE).get(path).text)
    assert _access(founded, logged.case_id, COLLEAGUE, access="all") == 302
    assert not cases.get_case(founded.context(CASEWORKER), logged.case_id).team_only


@pytest.mark.parametrize("team", [[UUID(int=7).hex], ["nobody"]])
def test_a_team_holds_members_only(founded: Founded, team: list[str]) -> None:
    """Somebody who is no member is refused at the field, and nothing changes."""
    logged = log(founded.context(CASEWORKER))
    assert _access(founded, logged.case_id, CASEWORKER, access="team", team=team) == 422
    assert not cases.get_case(founded.context(CASEWORKER), logged.case_id).team_only


def test_access_that_changed_meanwhile_is_not_overwritten(founded: Founded) -> None:
    """A form about access that was read before somebody else's change is answered with 409."""
    logged = log(founded.context(CASEWORKER))
    path = f"/cases/{logged.case_id}/access"
    assert _access(founded, logged.case_id, COORDINATOR, access="team", team=[]) == 302
    late = founded.client(COORDINATOR).post(path, data={"version": "1", "access": "all"})
    assert late.status_code == 409
    assert cases.get_case(founded.context(COORDINATOR), logged.case_id).team_only


def test_a_case_is_handed_over(founded: Founded) -> None:
    """It leaves the one's own cases for the other's, and the page says who accompanies it."""
    logged = log(founded.context(COORDINATOR))
    client, path = founded.client(COORDINATOR), f"/cases/{logged.case_id}"
    was = founded.players[COORDINATOR].id.hex
    assert f'name="was" type="hidden" value="{was}"' in client.get(f"{path}/hand-over").text
    sent = {"was": was}
    assert client.post(f"{path}/hand-over", data=sent).status_code == 422
    sent |= {"to": founded.players[CASEWORKER].id.hex}
    assert client.post(f"{path}/hand-over", data=sent).location == f"{path}#accompanied"
    assert "Who accompanies it Ines" in _text(founded.client(COORDINATOR).get(path).text)
    assert logged.reference in founded.client(CASEWORKER).get("/cases").text
    late = founded.client(COORDINATOR).post(f"{path}/hand-over", data=sent)
    assert late.status_code == 409


def _change(founded: Founded, logged: Logged, **fields: str) -> str:
    """Change somebody on their page; returns the page that it leads to, in words."""
    client, case = founded.client(CASEWORKER), cases.get_case(founded.context(CASEWORKER), logged.case_id)
    path = f"/cases/{logged.case_id}/people/{case.people[0].id}"
    sent = read_form(client, path) | {name: [value] for name, value in fields.items()}
    answer = client.post(path, data=sent, follow_redirects=True)
    assert answer.status_code == (422 if "fault" in answer.text else 200)
    return _text(answer.text)


def test_how_somebody_answered_is_kept_and_shown(founded: Founded) -> None:
    """With the answer and its day, in the member's words."""
    logged = log(founded.context(CASEWORKER))
    told = _change(
        founded, logged, consent_story="refused", consent_story_on="2026-06-01", consent_story_how="in_person"
    )
    assert "Anonymised story Spoken, in person Refused Jun 1, 2026" in told
    kept = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0].facts
    assert kept.consent("story") == Consent("refused", date(2026, 6, 1), "in_person")
    assert kept.consent("statistics").how == "not_asked"


@pytest.mark.parametrize("how", ["signed_form", "by_owl"])
def test_how_without_an_answer_names_the_field(founded: Founded, how: str) -> None:
    """Nothing that was chosen is dropped in silence."""
    logged = log(founded.context(CASEWORKER))
    told = _change(founded, logged, consent_litigation="not_asked", consent_litigation_how=how)
    assert ("Choose what they answered" in told) is (how == "signed_form")
    assert ("Choose one of the listed answers." in told) is (how == "by_owl")


@pytest.mark.parametrize(
    ("day", "hint"),
    [
        ("", "A day is missing. Write when they answered, if you know: Statistics."),
        ("2026-06-01", "so its day is today. If they answered on another day, write it: Statistics."),
        ("2026-06-02", ""),
    ],
)
def test_a_day_that_may_be_wrong_is_hinted_at(founded: Founded, day: str, hint: str) -> None:
    """Saved all the same, a no that keeps the old day as of today; a case says that a day is not known."""
    logged = log(founded.context(CASEWORKER))
    _change(founded, logged, consent_statistics_on="2026-06-01")
    told = _change(founded, logged, consent_statistics="withdrawn", consent_statistics_on=day)
    assert (hint in told) if hint else ("A day is missing" not in told and "Look whether" not in told)
    assert ("Withdrawn day not known" in told) is (not day)


def test_a_new_no_is_of_today_unless_a_member_says_otherwise(founded: Founded) -> None:
    """The form keeps the day of the yes: nobody refused on that. A yes that is new is only hinted at."""
    logged, context = log(founded.context(CASEWORKER)), founded.context(CASEWORKER)

    def kept(purpose: str) -> date | None:
        return cases.get_case(context, logged.case_id).people[0].facts.consent(purpose).on

    for said in ("given", "refused"):
        _change(founded, logged, consent_story=said, consent_story_on="2026-06-01")
    assert kept("story") == founded.runtime.today()
    _change(founded, logged, consent_story="refused", consent_story_on="2026-06-03")
    assert kept("story") == date(2026, 6, 3)
    told = _change(founded, logged, consent_story="given", consent_story_on="2026-06-03")
    assert kept("story") == date(2026, 6, 3)
    assert "its day is not. Look whether it is right: Anonymised story." in told


def test_a_means_that_may_be_wrong_is_hinted_at(founded: Founded) -> None:
    """Who withdraws by telephone did not give it so: saved, and said."""
    logged = log(founded.context(CASEWORKER))
    _change(founded, logged, consent_statistics="given", consent_statistics_how="in_person")
    hint = "how it was given is not. Look whether it is right: Statistics."
    kept = {"consent_statistics": "withdrawn", "consent_statistics_how": "in_person"}
    assert hint in _change(founded, logged, **kept)
    again = {"consent_statistics": "given", "consent_statistics_how": "in_writing"}
    assert hint not in _change(founded, logged, **again)


def test_what_follows_from_a_withdrawal_is_said(founded: Founded) -> None:
    """For statistics: which releases hold them still. For casework: what to do, with the ways to it."""
    logged = log_many(founded.context(CASEWORKER), ["spvm"] * 12)[0]
    release(founded)
    path = f"/cases/{logged.case_id}"
    assert "Consent withdrawn" not in founded.client(CASEWORKER).get(path).text
    told = _change(founded, logged, consent_statistics="withdrawn")
    assert "Invented no longer agrees to be counted." in told
    assert re.search(r"Their figures may stand in what left before, and stay there: release 1 \(", told)
    told = _change(founded, logged, consent_casework="withdrawn")
    assert "Invented withdrew consent to casework." in told
    page = founded.client(CASEWORKER).get(path).text
    assert 'href="#withdrawn"' in page and 'id="withdrawn"' in page
    assert 'href="#delete"' in page and 'id="delete"' in page
    assert page.count(f'href="{path}/close"') == 2


def test_of_a_case_on_hold_nothing_says_to_delete_it(founded: Founded) -> None:
    """Ask counsel: and who shares the case with others is told what to do for these."""
    logged = log(founded.context(CASEWORKER), person("Abel"), person("Bea"))
    hold_case(founded.context(COORDINATOR), logged.case_id, 1)
    told = _change(founded, logged, consent_casework="withdrawn")
    assert "The case is on legal hold: nobody can delete it." in told
    assert "To keep it for the others" in told
    assert "To delete all of it" not in told


def test_the_title_names_who_was_told_of_first(founded: Founded) -> None:
    """In the order of the incidents and of their people, not of the alphabet."""
    context = founded.context(CASEWORKER)
    logged = log(context, person("Zoë"), person("Moussa"))
    log(context, person("Abel"), case_id=logged.case_id, date="2026-06-01")
    page = founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text
    assert "<h1>Zoë, Moussa and Abel</h1>" in page
