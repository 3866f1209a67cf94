"""Logging and changing an incident through its form."""

import re
from uuid import UUID, uuid4

import pytest

from casework.services import cases, incidents, patterns
from casework.services.lists import Filter, list_incidents
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.web.incidents import fields, log, parse_form, person, person_fields, read_form

NEW = "/incidents/new"


def _only(founded: Founded, login: str = CASEWORKER) -> incidents.IncidentView:
    context = founded.context(login)
    lines = list_incidents(context, Filter(mine=False)).lines
    assert len(lines) == 1
    return incidents.get_incident(context, lines[0].id)


def test_the_fewest_answers_log_an_incident(founded: Founded) -> None:
    """Contact type, date and service are enough: the rest is kept as not asked, and nobody is invented."""
    answer = founded.client(CASEWORKER).post(NEW, data=fields() | person_fields(0))
    view = _only(founded)
    assert answer.status_code == 302
    assert answer.location == f"/cases/{view.case_id}"
    assert view.facts.date.encode() == "2026-05-12"
    assert view.facts.place == view.facts.raised_by == "not_asked"
    assert view.facts.consequences == ("not_asked",)
    assert view.people == ()


@pytest.mark.parametrize("button", ["save", "another"])
def test_the_form_session_holds_nothing_of_the_incident(founded: Founded, button: str) -> None:
    """That it was saved, and not in which case: the cookie is signed, and not sealed."""
    client = founded.client(CASEWORKER)
    client.post(NEW, data=fields() | person_fields(0) | {button: "1"})
    with client.session_transaction() as session:
        assert session["_flashes"] == [("good", "Incident saved.")]


def test_everything_that_was_entered_is_kept(founded: Founded) -> None:
    """Coded answers, narrative, place, two people with roles and consents, patterns, the team: all arrive."""
    context = founded.context(CASEWORKER)
    pattern = patterns.list_patterns(context)[0].id
    colleague = founded.players[COLLEAGUE].id
    sent = fields(
        precision="season", season="winter", year="2026", place="verdun", raised_by="officer",
        status_surfaced=["officer_asked", "booking"], reasons=["none_given"], referral_types=["status_check"],
        cbsa_actions=["attended", "call_in"], detention_grounds=["identity"], consequences=["job_loss"],
        text="Deux patrouilles.\r\n\r\nPuis l’ASFC.", exact_place="Jarry", patterns=[pattern.hex],
        access="team", team=[colleague.hex],
    )  # fmt: skip
    first = person_fields(
        0, name="Naïma", roles=["driver"], consent_statistics="given", consent_statistics_on="2026-05-13",
        languages=["ar", "fr"], age_band="25_34", phone="514 555 0101", uci="11-2233",
    )  # fmt: skip
    second = person_fields(4, name="Ilyas", roles=["relative", "witness"], consent_story="refused")
    assert founded.client(CASEWORKER).post(NEW, data=sent | first | second).status_code == 302
    view, case = _only(founded), cases.get_case(founded.context(CASEWORKER), _only(founded).case_id)
    assert view.facts.date.encode() == "2026-winter"
    assert view.facts.status_surfaced == ("officer_asked", "booking")
    assert view.facts.cbsa_actions == ("attended", "call_in")
    assert view.facts.patterns == (pattern,)
    assert view.narrative.text == "Deux patrouilles.\n\nPuis l’ASFC."
    assert view.narrative.exact_place == "Jarry"
    naima, ilyas = view.people
    assert (naima.identity.name, naima.identity.phone, naima.identity.uci) == (
        "Naïma",
        "514 555 0101",
        "11-2233",
    )
    assert str(naima.facts.consent("statistics").on) == "2026-05-13"
    assert set(naima.facts.languages) == {"ar", "fr"}
    assert ilyas.facts.consent("story").answer == "refused"
    assert [part.roles for part in view.facts.participations] == [("driver",), ("witness", "relative")]
    assert case.team_only
    assert case.team == {colleague, founded.players[CASEWORKER].id}


def test_faults_stand_on_top_and_at_their_fields_and_nothing_is_lost(founded: Founded) -> None:
    """A form with gaps comes back with every answer, a linked summary, and a message at each field."""
    sent = fields(day="", contact_type="", text="It rained.", consequences=["job_loss"])
    who = person_fields(
        3, name="Wendell", roles=["witness"], consent_statistics="given", email="w@example.org"
    )
    answer = founded.client(CASEWORKER).post(NEW, data=sent | who)
    page = answer.text
    assert answer.status_code == 422
    assert "2 answers need another look." in page
    assert '<a href="#day">' in page
    assert '<a href="#contact_type">' in page
    assert 'id="day-fault"' in page
    shown = parse_form(page)
    assert shown["text"] == ["It rained."]
    assert shown["consequences"] == ["job_loss"]
    assert shown["people-0-name"] == ["Wendell"]
    assert shown["people-0-roles"] == ["witness"]
    assert shown["people-0-consent_statistics"] == ["given"]
    assert shown["people-0-email"] == ["w@example.org"]
    assert list_incidents(founded.context(CASEWORKER), Filter()).total == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"contact_type": "teleported"}, "contact_type"),
        ({"police_service": "starfleet"}, "police_service"),
        ({"place": "atlantis"}, "place"),
        ({"raised_by": "nobody_at_all"}, "raised_by"),
        ({"cbsa_actions": ["attended", "<b>"]}, "cbsa_actions"),
        ({"cbsa_actions": ["no_action", "attended"]}, "cbsa_actions"),
        ({"precision": "century"}, "precision"),
        ({"day": "12 May"}, "day"),
        ({"day": "2099-01-01"}, "day"),
        ({"precision": "month", "month": "13", "year": "2026"}, "month"),
        ({"precision": "month", "month": "5", "year": "26x"}, "year"),
        ({"precision": "season", "season": "monsoon", "year": "2026"}, "season"),
        ({"precision": "year", "year": "26"}, "year"),
        ({"patterns": ["not-an-id"]}, "patterns"),
        ({"patterns": [UUID(int=7).hex]}, "patterns"),
        ({"exact_place": "x" * 201}, "exact_place"),
    ],
)
def test_an_answer_that_cannot_be_is_refused_at_its_field(
    founded: Founded, wrong: dict[str, object], field: str
) -> None:
    """A code that is in no list, a date that is none, a text too long: told at the field, in our words."""
    answer = founded.client(CASEWORKER).post(NEW, data=fields() | wrong)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    faults = re.findall(r'class="fault"[^>]*>([^<]*)<', answer.text)
    assert len(faults) == 1
    assert "valid" not in faults[0]
    assert list_incidents(founded.context(CASEWORKER), Filter()).total == 0


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"roles": ["hero"]}, "roles"),
        ({"age_band": "ageless"}, "age_band"),
        ({"languages": ["klingon"]}, "languages"),
        ({"consent_statistics": "perhaps"}, "consent_statistics"),
        ({"consent_story": "given", "consent_story_on": "yesterday"}, "consent_story_on"),
        ({"name": "x" * 201}, "name"),
    ],
)
def test_an_answer_about_a_person_is_refused_at_that_person(
    founded: Founded, wrong: dict[str, object], field: str
) -> None:
    """A person's fault stands in their own panel."""
    answer = founded.client(CASEWORKER).post(
        NEW, data=fields() | person_fields(2, **({"name": "Yara"} | wrong))
    )
    assert answer.status_code == 422
    assert f'id="people-0-{field}-fault"' in answer.text


def test_people_are_added_and_removed_without_a_script(founded: Founded) -> None:
    """The two buttons give the form back one person longer or shorter, checking and saving nothing."""
    client = founded.client(CASEWORKER)
    sent = fields(day="") | person_fields(3, name="Yara") | person_fields(5, name="Linh")
    more = client.post(NEW, data=sent | {"add_person": "1"})
    names = {name: value for name, value in parse_form(more.text).items() if name.endswith("-name")}
    assert more.status_code == 200
    assert names == {"people-0-name": ["Yara"], "people-1-name": ["Linh"], "people-2-name": [""]}
    fewer = client.post(NEW, data=sent | {"remove_person": "people-3"})
    names = {name: value for name, value in parse_form(fewer.text).items() if name.endswith("-name")}
    assert list(names.values()) == [["Linh"]]
    assert list_incidents(founded.context(CASEWORKER), Filter()).total == 0


def test_the_enter_key_keeps_a_draft_only(founded: Founded) -> None:
    """The first submit button of the form, which Enter presses, neither saves nor removes."""
    page = founded.client(CASEWORKER).get(NEW, follow_redirects=True).text
    form = page[page.index("data-draft-url") :]
    assert form.index('name="save_draft"') < form.index('name="remove_person"')


def test_the_next_of_a_series_keeps_service_and_team(founded: Founded) -> None:
    """After "save and log another" the form is empty but for what the last one has in common with it."""
    client = founded.client(CASEWORKER)
    colleague = founded.players[COLLEAGUE].id
    sent = fields(police_service="spl", text="Long ago.", access="team", team=[colleague.hex], another="1")
    answer = client.post(NEW, data=sent)
    shown = read_form(client, answer.location)
    assert answer.location.startswith(NEW)
    assert shown["police_service"] == ["spl"]
    assert shown["access"] == ["team"]
    assert shown["team"] == [colleague.hex]
    assert shown["day"] == shown["text"] == [""]
    assert founded.client(COORDINATOR).get(answer.location).status_code == 200


def test_a_strangers_incident_is_nothing_to_repeat(founded: Founded) -> None:
    """An incident of another team's case gives its service away to nobody."""
    logged = log(founded.context(CASEWORKER), team=frozenset())
    like = f"{NEW}?like={logged.incident_id.hex}"
    assert founded.client(COLLEAGUE).get(like, follow_redirects=True).status_code == 404


def test_one_more_incident_of_a_case(founded: Founded) -> None:
    """In an existing case its people are ticked, their details stay, and new ones come in."""
    logged = log(founded.context(CASEWORKER), person("Naïma", "driver"), person("Ilyas", "relative"))
    client, path = founded.client(COLLEAGUE), f"/cases/{logged.case_id}/incidents/new"
    sent = read_form(client, path)
    assert [sent[f"people-{i}-version"] for i in (0, 1)] == [[""], [""]]
    sent |= fields(day="2026-06-01")
    sent |= {"people-1-takes_part": ["y"], "people-1-roles": ["witness"]} | person_fields(2, name="Zoya")
    assert client.post(path, data=sent).status_code == 302
    case = cases.get_case(founded.context(CASEWORKER), logged.case_id)
    assert sorted(one.identity.name for one in case.people) == ["Ilyas", "Naïma", "Zoya"]
    named = {one.id: one for one in case.people}
    parts = [(named[p.person_id].identity.name, p.roles) for p in case.incidents[1].facts.participations]
    assert sorted(parts) == [("Naïma", ("witness",)), ("Zoya", ("not_asked",))]
    assert named[case.incidents[1].facts.participations[0].person_id].version == 1


def test_nobody_of_another_case_can_be_named(founded: Founded) -> None:
    """A hidden field that names somebody of another case, or nobody, is answered with 404."""
    context = founded.context(CASEWORKER)
    mine, other = log(context), log(context)
    stranger = cases.get_case(context, other.case_id).people[0].id
    client = founded.client(CASEWORKER)
    for path in (NEW, f"/cases/{mine.case_id}/incidents/new", f"/incidents/{mine.incident_id}"):
        for person_id in (stranger.hex, uuid4().hex, "nobody"):
            sent = fields() | person_fields(0, person_id=person_id, takes_part="y")
            assert client.post(path, data=sent).status_code == 404


def test_a_team_holds_members_only(founded: Founded) -> None:
    """Somebody who is no member cannot be put into a team."""
    answer = founded.client(CASEWORKER).post(NEW, data=fields(access="team", team=[uuid4().hex]))
    assert answer.status_code == 422
    assert 'id="team-fault"' in answer.text


def test_the_form_of_an_incident_shows_and_saves_it_unchanged(founded: Founded) -> None:
    """Opening an incident and saving it as it is changes nothing but its version."""
    context = founded.context(CASEWORKER)
    pattern = patterns.list_patterns(context)[1].id
    logged = log(
        context, person("Naïma", "driver"), person("Ilyas", statistics="refused"),
        text="First line.\n\n<b>Third</b> & “more”", exact_place="Jarry", date="2026-autumn",
        patterns=(pattern,),
        cbsa_actions=("attended", "call_in"), place="verdun", raised_by="officer",
    )  # fmt: skip
    before = incidents.get_incident(context, logged.incident_id)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    spot = f"/cases/{logged.case_id}#incident-{logged.incident_id.hex}"
    assert client.post(path, data=read_form(client, path)).location == spot
    after = incidents.get_incident(founded.context(CASEWORKER), logged.incident_id)
    assert (after.facts, after.narrative, after.people) == (before.facts, before.narrative, before.people)
    assert after.version == before.version + 1


def test_changing_an_incident_and_its_people(founded: Founded) -> None:
    """A change of the incident and of one person is saved; the other person keeps their version."""
    logged = log(
        founded.context(CASEWORKER), person("Naïma", "driver"), person("Ilyas"), cbsa_actions=("attended",)
    )
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    sent = read_form(client, path) | {"text": ["Now known."], "people-0-phone": ["514 555 0199"]}
    del sent["cbsa_actions"]
    assert client.post(path, data=sent).status_code == 302
    view = _only(founded)
    assert view.narrative.text == "Now known."
    assert view.facts.cbsa_actions == ("not_asked",)
    assert [(one.identity.phone, one.version) for one in view.people] == [("514 555 0199", 2), ("", 1)]


def test_somebody_who_was_not_there_stays_in_the_case(founded: Founded) -> None:
    """Unticking somebody takes them out of the incident only."""
    logged = log(founded.context(CASEWORKER), person("Naïma"), person("Ilyas"))
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    sent = read_form(client, path)
    del sent["people-1-takes_part"]
    client.post(path, data=sent)
    view = _only(founded)
    assert len(view.facts.participations) == 1
    assert len(view.people) == 2


def test_a_retired_pattern_stays_and_is_not_offered_again(founded: Founded) -> None:
    """An incident keeps a retired pattern when it is changed; another one cannot take it."""
    context = founded.context(COORDINATOR)
    view = patterns.list_patterns(context)[0]
    logged = log(context, patterns=(view.id,))
    retired = type(view.definition)(name_en=view.definition.name_en, status="retired")
    patterns.change_pattern(context, view.id, view.version, retired)
    client, path = founded.client(CASEWORKER), f"/incidents/{logged.incident_id}"
    assert client.post(path, data=read_form(client, path)).status_code == 302
    assert _only(founded).facts.patterns == (view.id,)
    assert view.id.hex not in client.get(NEW, follow_redirects=True).text
    assert client.post(NEW, data=fields(patterns=[view.id.hex])).status_code == 422


@pytest.mark.parametrize("path", ["/incidents/{}", "/cases/{}/incidents/new", "/cases/{}/people/{}"])
@pytest.mark.parametrize("made_up", [str(UUID(int=0)), str(UUID(int=7)), "7", "x"])
def test_an_id_of_nothing_is_not_found(founded: Founded, path: str, made_up: str) -> None:
    """An id that names no record, or is none, is answered with 404 on every page."""
    client = founded.client(COORDINATOR)
    for method in ("GET", "POST"):
        assert client.open(path.format(made_up, made_up), method=method).status_code == 404


@pytest.mark.parametrize("login", [COLLEAGUE, ADVOCATE])
def test_a_team_only_incident_is_nowhere_for_others(founded: Founded, login: str) -> None:
    """Neither reading nor changing it nor logging beside it works for somebody outside the team."""
    logged = log(founded.context(CASEWORKER), text="Secret", team=frozenset())
    client, refused = founded.client(login), 403 if login == ADVOCATE else 404
    for path in (f"/incidents/{logged.incident_id}", f"/cases/{logged.case_id}/incidents/new"):
        assert client.get(path).status_code == refused
        assert client.post(path, data=fields()).status_code == refused
    assert founded.client(COORDINATOR).get(f"/incidents/{logged.incident_id}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/incidents/new"), ("PUT", "/incidents"), ("GET", "/incidents/tag"), ("PATCH", "/cases")],
)
def test_other_methods_are_refused(founded: Founded, method: str, path: str) -> None:
    """An address answers only the methods that it has."""
    assert founded.client(CASEWORKER).open(path, method=method).status_code in (404, 405)
