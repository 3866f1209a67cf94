"""Steps of a pathway in the pages: one click away, nothing lost, told in order, back where one was."""

import re
from uuid import UUID

import pytest

from casework.services import bin
from casework.services.acts import change_act, record_act
from casework.services.incidents import Logged, get_incident
from tests.support.application import CASEWORKER, COLLEAGUE, Founded
from tests.support.records import act_draft
from tests.web.incidents import log, parse_all, parse_form, person, read_form

SENT = {
    "what": "referral:status_check", "precision": "day", "day": "2026-05-12", "time": "21:40",
    "by": "police_officer", "officer": "Tall, grey coat", "badge": "4711", "unit": "Group 12",
    "plate": "FAX 123", "said": "“Where are you from?”\n& again.", "source": "the_person",
    "reliability": "confirmed",
}  # fmt: skip


def _text(page: str) -> str:
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def _incident(founded: Founded) -> Logged:
    return log(founded.context(CASEWORKER), person("Zoë", "driver"))


def _acts(founded: Founded, logged: Logged) -> list[UUID]:
    facts = get_incident(founded.context(CASEWORKER), logged.incident_id).facts
    return [act.id for act in facts.acts if act.removed_on is None]


def test_a_step_is_one_click_away_and_told(founded: Founded) -> None:
    """The page of the case leads to the form; saved, one lands at the step, with the way to take it back."""
    logged, client = _incident(founded), founded.client(CASEWORKER)
    case, path = f"/cases/{logged.case_id}", f"/incidents/{logged.incident_id}/acts/new"
    assert f'href="{path}"' in client.get(case).text
    form = read_form(client, path)
    zoe = get_incident(founded.context(CASEWORKER), logged.incident_id).people[0].id
    assert form["people"] == [zoe.hex]
    answer = client.post(path, data=form | SENT)
    (act_id,) = _acts(founded, logged)
    assert answer.location == f"{case}#act-{act_id.hex}"
    page = client.get(case).text
    assert f'id="act-{act_id.hex}"' in page
    told = _text(page)
    assert "Police turned to the CBSA: Status check" in told and "Recorded." in told
    for known in ("4711", "Group 12", "FAX 123", "Tall, grey coat", "Confirmed", "The person", "Zoë"):
        assert known in told
    assert "“Where are you from?”\n&amp; again." in page
    removed = client.post(f"/incidents/{logged.incident_id}/acts/{act_id}/remove", data={"deed": ""})
    assert removed.location == f"{case}#pathway-{logged.incident_id.hex}"
    gone = _text(client.get(case).text)
    assert "4711" not in gone and "The step is removed." in gone and "Status check" not in gone
    back = client.post(f"/incidents/{logged.incident_id}/acts/{act_id}/remove", data={"deed": "restore"})
    assert back.location == f"{case}#act-{act_id.hex}"
    assert "4711" in client.get(case).text


def test_the_pathway_is_told_in_order(founded: Founded) -> None:
    """By date where there is one; what has none, and answers of which no step tells, at their place."""
    logged = log(founded.context(CASEWORKER), person("Zoë"), status_surfaced=("officer_asked",))
    for what, when in (
        ("consequence:job_loss", "2026-summer"),
        ("cbsa_action:attended", "2026-05-12"),
        ("referral:custody_handover", "unknown"),
    ):
        record_act(founded.context(CASEWORKER), logged.incident_id, act_draft(what, when))
    told = _text(founded.client(CASEWORKER).get(f"/cases/{logged.case_id}").text)
    parts = ("Officer asked", "Date unknown", "Custody handover", "May 12, 2026 What the CBSA did: Attended",
             "Summer 2026", "What followed: Job loss")  # fmt: skip
    places = [told.index(part) for part in parts]
    assert places == sorted(places), told


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": "referral:removed"}, "what"),
        ({"what": "secret"}, "what"),
        ({"day": ""}, "day"),
        ({"day": "2199-01-01"}, "day"),
        ({"time": "nine"}, "time"),
        ({"precision": "month", "month": "", "year": "2026"}, "month"),
        ({"people": UUID(int=9).hex}, "people"),
        ({"by": "secret"}, "by"),
        ({"source": "secret"}, "source"),
        ({"badge": "x" * 300}, "badge"),
    ],
)
def test_what_is_wrong_is_named_and_nothing_is_lost(
    founded: Founded, changed: dict[str, str], field: str
) -> None:
    """The whole form comes back as it was filled, the fault beside its field."""
    logged, client = _incident(founded), founded.client(CASEWORKER)
    sent = SENT | changed
    answer = client.post(f"/incidents/{logged.incident_id}/acts/new", data=sent)
    assert answer.status_code == 422
    assert f'id="{field}-fault"' in answer.text
    kept = parse_form(answer.text)
    for name in ("day", "time", "officer", "badge", "unit", "plate", "said"):
        assert kept.get(name, [""])[0].replace("\r\n", "\n") == sent[name], name
    assert _acts(founded, logged) == []


def test_a_step_is_changed_and_a_lost_race_shows_both(founded: Founded) -> None:
    """The form shows what stands; who saves second sees both versions and may save theirs anyway."""
    logged, client = _incident(founded), founded.client(CASEWORKER)
    act_id = record_act(founded.context(CASEWORKER), logged.incident_id, act_draft())
    path = f"/incidents/{logged.incident_id}/acts/{act_id}"
    form = read_form(client, path)
    assert (form["what"], form["badge"], form["time"]) == (["cbsa_action:attended"], ["4711"], ["14:05"])
    theirs = act_draft("cbsa_action:investigation")
    change_act(founded.context(COLLEAGUE), logged.incident_id, act_id, 1, theirs)
    lost = client.post(path, data=form | {"badge": "0815", "what": "cbsa_action:removed"})
    assert lost.status_code == 409
    assert "Investigation" in lost.text and "Changed in yours alone: Badge number" in lost.text
    again = client.post(path, data=parse_all(lost.text))
    assert again.location == f"/cases/{logged.case_id}#act-{act_id.hex}"
    assert "0815" in client.get(f"/cases/{logged.case_id}").text


def test_the_form_of_the_incident_names_the_step_in_the_way(founded: Founded) -> None:
    """An answer that a step gives cannot be unticked in passing; the form says what to do."""
    logged, client = _incident(founded), founded.client(CASEWORKER)
    record_act(founded.context(CASEWORKER), logged.incident_id, act_draft())
    path = f"/incidents/{logged.incident_id}"
    form = read_form(client, path)
    assert form["cbsa_actions"] == ["attended"]
    refused = client.post(path, data=form | {"cbsa_actions": ["removed"], "text": "Kept words"})
    assert refused.status_code == 422
    assert 'id="cbsa_actions-fault"' in refused.text and "Kept words" in refused.text
    saved = client.post(path, data=form | {"cbsa_actions": ["attended", "removed"]})
    assert saved.status_code == 302
    assert "4711" in client.get(f"/cases/{logged.case_id}").text


def test_drafts_and_a_case_that_went_away(founded: Founded) -> None:
    """A step half written is kept, taken up again, and not lost with its case: a new one takes its words."""
    logged, client = _incident(founded), founded.client(CASEWORKER)
    path = f"/incidents/{logged.incident_id}/acts/new"
    kept = client.post(path, data=SENT | {"save_draft": "1"}, follow_redirects=True)
    assert parse_form(kept.text)["badge"] == ["4711"]
    bin.bin_case(founded.context(CASEWORKER), logged.case_id, 1)
    stranded = client.post(path, data=parse_form(kept.text))
    assert stranded.status_code == 409
    assert "4711" in stranded.text and "Status check" in stranded.text
    anew = re.search(r"/drafts/[^\"]+/log-anew", stranded.text)
    assert anew
    form = client.post(anew[0], follow_redirects=True)
    assert form.request.path == "/incidents/new"
    assert "Badge number: 4711" in form.text


def test_it_speaks_french(founded: Founded) -> None:
    """Labels, codes and the story."""
    logged, client = _incident(founded), founded.client(CASEWORKER)
    record_act(founded.context(CASEWORKER), logged.incident_id, act_draft())
    client.post("/language", data={"language": "fr", "next": "/"})
    page = client.get(f"/cases/{logged.case_id}").text
    assert "Ajouter une étape avec sa date" in page and "Matricule" in page
    form = client.get(f"/incidents/{logged.incident_id}/acts/new").text
    assert "D’où vient cette information" in form and "Avocat·e" in form
