"""Members: who may see them, inviting, joining, admitting."""

import html
import logging
import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient

from casework.domain.member import MemberProfile
from casework.domain.permissions import Role
from casework.errors import Conflict
from casework.services.membership import invitations
from casework.services.membership.members import list_members
from casework.services.runtime import Runtime
from casework.services.signing_in import sessions
from casework.store.database import db
from casework.store.members import Member, find_member
from casework.store.volatile import CeremonyRow
from casework.store.volatilestore import list_records
from tests.support.application import (
    ADVOCATE,
    CASEWORKER,
    COORDINATOR,
    ORGANIZATION,
    PENDING,
    Founded,
)
from tests.support.secondfactor import equip
from tests.web.pages import words_of

OWN = "seven copper lanterns below the granary"
INVITED = {"display_name": "Noor", "language": "fr", "roles": ["caseworker", "advocate"]}
SIGN_IN = {"login": "noor", "passphrase": OWN, "repeated": OWN}


def invite(founded: Founded) -> str:
    """Invite somebody over the page; returns the path of the link."""
    answer = founded.client(COORDINATOR).post("/members/invite", data=INVITED)
    found = re.search(r'id="link"[^>]*value="([^"]+)"', answer.text)
    assert found is not None
    return urlsplit(html.unescape(found[1])).path


def pending(founded: Founded) -> invitations.Invitee:
    """Who of the cast waits for admission."""
    return next(one for one in invitations.list_invitees(founded.context()) if one.fingerprint)


def shown(founded: Founded, one: invitations.Invitee) -> dict[str, str]:
    """What the form that admits them posts, the coordinator's passphrase included."""
    words = founded.players[COORDINATOR].passphrase
    return {"fingerprint": one.fingerprint, "roles": ",".join(one.roles), "passphrase": words}


@pytest.mark.parametrize(("login", "status"), [(CASEWORKER, 403), (ADVOCATE, 403), (PENDING, 302), ("", 302)])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/members"),
        ("GET", "/members/invite"),
        ("POST", "/members/invite"),
        ("GET", "/members/invitations/{id}/admit"),
        ("POST", "/members/invitations/{id}/admit"),
        ("POST", "/members/invitations/{id}/withdraw"),
    ],
)
def test_only_coordinators_manage_members(
    founded: Founded, login: str, status: int, method: str, path: str
) -> None:
    """Everybody else is refused, and nothing changes."""
    one = pending(founded)
    path = path.format(id=one.invitation_id)
    data = INVITED | {"fingerprint": one.fingerprint}
    answer = founded.client(login).open(path, method=method, data=data if method == "POST" else None)
    assert answer.status_code == status
    assert [i.invitation_id for i in invitations.list_invitees(founded.context())] == [one.invitation_id]
    assert len(list_members(founded.context())) == 4


def test_members_are_listed_with_roles_and_fingerprints(founded: Founded) -> None:
    """All who were admitted, who waits with their number, and the advice of a second coordinator."""
    page = founded.client(COORDINATOR).get("/members").text
    for member in list_members(founded.context()):
        assert member.display_name in page
        assert member.fingerprint in page
    one = pending(founded)
    assert one.fingerprint in re.sub(r"<[^>]+>", "", page)
    assert "Pia" in page
    assert "There is one coordinator." in page
    assert "Nobody is invited at the moment." in page


def test_an_invitation_is_shown_once_and_works_once(founded: Founded) -> None:
    """The link is on one answer alone, welcomes in its language, lets one person join, and then is gone."""
    path = invite(founded)
    assert path not in founded.client(COORDINATOR).get("/members").text
    client = founded.client()
    page = client.get(path)
    assert '<html lang="fr">' in page.text
    assert ORGANIZATION in page.text
    words = " ".join(words_of(page))
    joined = client.post(path, data={"login": "noor", "passphrase": words.title()})
    assert joined.location == "/waiting"
    assert '<html lang="fr">' in client.get("/waiting").text
    again = founded.client().get(path)
    assert again.status_code == 404
    assert "This invitation opens nothing any more" in again.text
    assert founded.client().post(f"{path}?own=1", data=SIGN_IN).status_code == 404


def test_who_joined_is_admitted_after_comparing(founded: Founded) -> None:
    """Both see the same number; admitted, they work in their next click with the roles of the invitation."""
    path, client, coordinator = invite(founded), founded.client(), founded.client(COORDINATOR)
    client.post(f"{path}?own=1", data=SIGN_IN)
    one = next(i for i in invitations.list_invitees(founded.context()) if i.display_name == "Noor")
    for page in (client.get("/waiting").text, coordinator.get("/members").text):
        assert re.sub(r"\D", "", one.fingerprint) in re.sub(r"<[^>]+>|\s", "", page)
    assert client.get("/cases").location == "/waiting"
    answer = coordinator.post(f"/members/invitations/{one.invitation_id}/admit", data=shown(founded, one))
    assert answer.location == "/members"
    assert client.get("/account").status_code == 200
    noor = next(member for member in list_members(founded.context()) if member.display_name == "Noor")
    assert noor.language == "fr"
    assert set(noor.roles) == {Role.CASEWORKER, Role.ADVOCATE}


@pytest.mark.parametrize("fingerprint", ["", "0000 0000 0000 0000 0000 0000"])
def test_another_fingerprint_than_the_one_shown_admits_nobody(founded: Founded, fingerprint: str) -> None:
    """Had somebody swapped the key after the page was shown, the coordinator is warned."""
    client, one = founded.client(COORDINATOR), pending(founded)
    posted = shown(founded, one) | {"fingerprint": fingerprint}
    client.post(f"/members/invitations/{one.invitation_id}/admit", data=posted)
    assert "The fingerprint has changed." in client.get("/members").text
    assert founded.context(PENDING).is_pending


@pytest.mark.parametrize("roles", ["", "coordinator", "caseworker,coordinator", "owner"])
def test_other_roles_than_those_shown_admit_nobody(founded: Founded, roles: str) -> None:
    """Had somebody changed the roles after the page was shown, the coordinator is warned."""
    client, one = founded.client(COORDINATOR), pending(founded)
    page = client.get(f"/members/invitations/{one.invitation_id}/admit").text
    assert f'value="{shown(founded, one)["roles"]}"' in page and f'value="{one.fingerprint}"' in page
    posted = shown(founded, one) | {"roles": roles}
    client.post(f"/members/invitations/{one.invitation_id}/admit", data=posted)
    assert "The roles have changed." in client.get("/members").text
    assert founded.context(PENDING).is_pending


def test_who_joined_can_be_refused(founded: Founded) -> None:
    """Their session ends, their login name is free again, and nothing of them is left to admit."""
    client, coordinator, one = founded.client(PENDING), founded.client(COORDINATOR), pending(founded)
    assert client.get("/waiting").status_code == 200
    path = f"/members/invitations/{one.invitation_id}/withdraw"
    assert coordinator.post(path).location == "/members"
    assert client.get("/waiting").status_code == 302
    db.session.rollback()
    assert find_member(founded.players[PENDING].id) is None
    assert coordinator.post(path).status_code == 404
    assert coordinator.post(path.replace("withdraw", "admit")).status_code == 404
    link = invite(founded)
    assert founded.client().post(f"{link}?own=1", data=SIGN_IN | {"login": PENDING}).location == "/waiting"


def test_a_withdrawn_link_opens_nothing(founded: Founded) -> None:
    """Before anybody joined, withdrawing closes the way in."""
    path, client = invite(founded), founded.client(COORDINATOR)
    one = next(i for i in invitations.list_invitees(founded.context()) if i.display_name == "Noor")
    assert "Noor" in client.get("/members").text
    client.post(f"/members/invitations/{one.invitation_id}/withdraw")
    assert founded.client().get(path).status_code == 404
    assert "Noor" not in client.get("/members").text


def test_an_invitation_expires(founded: Founded) -> None:
    """After 72 hours the link opens nothing and the list says so."""
    path = invite(founded)
    runtime = founded.runtime
    later = runtime.now() + timedelta(hours=72, seconds=1)
    founded.app.extensions["casework"] = replace(runtime, now=lambda: later)
    assert founded.client().get(path).status_code == 404
    assert "expired" in founded.client(COORDINATOR).get("/members").text


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (SIGN_IN | {"login": COORDINATOR.upper()}, "Somebody signs in with this name already."),
        (SIGN_IN | {"login": "  "}, "Choose a name to sign in with."),
        (SIGN_IN | {"repeated": "other"}, "The two passphrases differ."),
        (SIGN_IN | {"passphrase": "short", "repeated": "short"}, "Use at least 15 characters."),
        (
            SIGN_IN
            | {"passphrase": "noor noor collectif traverse", "repeated": "noor noor collectif traverse"},
            "too easy to guess",
        ),
    ],
)
def test_joining_can_be_corrected(founded: Founded, data: dict[str, str], fault: str) -> None:
    """Each fault is told and the link still works."""
    path, client = invite(founded), founded.client()
    client.post("/language", data={"language": "en"})
    answer = client.post(f"{path}?own=1", data=data)
    assert answer.status_code == 400
    assert fault in answer.text
    assert client.post(f"{path}?own=1", data=SIGN_IN).location == "/waiting"


def test_the_page_of_proposed_words_takes_no_others(founded: Founded) -> None:
    """Neither words of one's own, nor words proposed to somebody else's browser."""
    path, client, other = invite(founded), founded.client(), founded.client()
    client.get(path)
    words = " ".join(words_of(other.get(path)))
    for passphrase in (OWN, words):
        assert client.post(path, data={"login": "noor", "passphrase": passphrase}).status_code == 400
    db.session.rollback()
    assert db.session.query(Member).count() == len(founded.players)


@pytest.mark.parametrize("link", ["x", "A" * 99, "..%2F..%2Fmembers", "é"])
def test_a_link_that_never_was_opens_nothing(founded: Founded, link: str) -> None:
    """Whatever it says, the same page answers."""
    assert founded.client().get(f"/join/{link}").status_code == 404
    assert founded.client().post(f"/join/{link}/another").status_code == 404
    db.session.rollback()
    assert list_records(CeremonyRow) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"roles": []}, "Choose at least one role."),
        ({"roles": ["owner"]}, "listed answers"),
        ({"display_name": " "}, "Write the name that the others should see."),
        ({"language": "xx"}, "listed answers"),
    ],
)
def test_an_incomplete_invitation_is_not_made(
    founded: Founded, change: dict[str, object], fault: str
) -> None:
    """The fault stands at its field, and nobody is invited."""
    answer = founded.client(COORDINATOR).post("/members/invite", data=INVITED | change)
    assert answer.status_code == 400
    assert fault in answer.text
    assert len(invitations.list_invitees(founded.context())) == 1


def test_the_link_reaches_no_log(founded: Founded, caplog: pytest.LogCaptureFixture) -> None:
    """Neither using it, nor a wrong one, writes a line that holds it."""
    caplog.set_level(logging.DEBUG)
    path = invite(founded)
    founded.client().get(path)
    founded.client().post(f"{path}?own=1", data=SIGN_IN)
    founded.client().get(f"{path}x")
    assert path.removeprefix("/join/") not in caplog.text
    assert founded.client().get(path).headers["Referrer-Policy"] == "no-referrer"


def test_joining_in_a_members_browser_ends_their_session(founded: Founded) -> None:
    """The page warns of it; afterwards the browser is the new member's."""
    path, client = invite(founded), founded.client(COORDINATOR)
    client.post("/language", data={"language": "en"})
    cookie = client.get_cookie(founded.app.config["MEMBER_COOKIE"])
    assert cookie is not None
    assert "Somebody is signed in here." in client.get(path).text
    client.post(f"{path}?own=1", data=SIGN_IN)
    assert client.get("/members").location == "/waiting"
    db.session.rollback()
    assert sessions.resolve(founded.runtime, cookie.value) is None


def test_two_coordinators_do_not_admit_twice(founded: Founded) -> None:
    """The second of two clicks finds nobody waiting."""
    client: FlaskClient = founded.client(COORDINATOR)
    one = pending(founded)
    path, data = f"/members/invitations/{one.invitation_id}/admit", shown(founded, one)
    stale = founded.context()
    assert client.post(path, data=data).location == "/members"
    assert client.post(path, data=data).status_code == 404
    with pytest.raises(Conflict):
        invitations.invite(stale, MemberProfile("Noor", "fr"), frozenset({Role.ADVOCATE}))


@pytest.mark.parametrize(
    ("deed", "data"),
    [
        ("/members/invitations/{waiting}/admit", {}),
        ("/members/{caseworker}/invite-again", {"roles": ["coordinator"]}),
        ("/members/{caseworker}/revoke", {"successor": ""}),
    ],
)
def test_a_screen_left_open_lets_nobody_in_or_out(
    founded: Founded, deed: str, data: dict[str, object]
) -> None:
    """Without the passphrase, or with another one, nothing is done, and the page asks at its field."""
    client, one = founded.client(COORDINATOR), pending(founded)
    path = deed.format(waiting=one.invitation_id, caseworker=founded.players[CASEWORKER].id)
    sent = {"fingerprint": one.fingerprint, "roles": ",".join(one.roles), **data}
    assert 'name="passphrase"' in client.get(path).text
    for typed, fault in (("", "Type the passphrase"), ("not the one", "This is not the passphrase")):
        answer = client.post(path, data=sent | {"passphrase": typed})
        assert answer.status_code == 422 and fault in answer.text
    assert founded.context(PENDING).is_pending
    assert founded.context(CASEWORKER).roles == {Role.CASEWORKER}
    assert [i.invitation_id for i in invitations.list_invitees(founded.context())] == [one.invitation_id]
    right = sent | {"passphrase": founded.players[COORDINATOR].passphrase}
    assert client.post(path, data=right).status_code in (200, 302)


def _at(runtime: Runtime, moment: datetime) -> Runtime:
    return replace(runtime, now=lambda: moment)


def test_the_passphrase_counts_for_five_minutes_in_one_session(founded: Founded) -> None:
    """The next deed asks nothing; too late, in another browser or after a lock everything is asked again."""
    client, other = founded.client(COORDINATOR), founded.client(COORDINATOR)
    runtime, start = founded.runtime, founded.runtime.now()
    founded.app.extensions["casework"] = _at(runtime, start)
    path = f"/members/{founded.players[CASEWORKER].id}/invite-again"
    data = {"roles": ["caseworker"], "passphrase": founded.players[COORDINATOR].passphrase}
    assert "The link" in client.post(path, data=data).text
    assert 'name="passphrase"' not in client.get(path).text
    assert "The link" in client.post(path, data={"roles": ["caseworker"]}).text
    assert other.post(path, data={"roles": ["caseworker"]}).status_code == 422
    for seconds, asked in ((299, False), (300, True)):
        founded.app.extensions["casework"] = _at(runtime, start + timedelta(seconds=seconds))
        assert ('name="passphrase"' in client.get(path).text) == asked
    founded.app.extensions["casework"] = _at(runtime, start)
    client.post("/lock")
    assert client.post("/unlock", data={"passphrase": data["passphrase"]}).status_code == 302
    assert 'name="passphrase"' in client.get(path).text


def test_a_code_is_asked_for_where_there_is_a_second_factor(founded: Founded) -> None:
    """The passphrase alone does not do; the code is used up by it."""
    device = equip(founded.context())
    client, path = founded.client(COORDINATOR), f"/members/{founded.players[CASEWORKER].id}/revoke"
    sent = {"successor": "", "passphrase": founded.players[COORDINATOR].passphrase}
    assert 'name="code"' in client.get(path).text
    for code, fault in (("", "Type the code."), ("000000", "This code does not fit")):
        answer = client.post(path, data=sent | {"code": code})
        assert answer.status_code == 422 and fault in answer.text
    right = device.code(founded.runtime.now_seconds())
    assert client.post(path, data=sent | {"code": right}).location == "/members"
    assert founded.context().roster.members[founded.players[CASEWORKER].id].status == "revoked"
    again = f"/members/{founded.players[CASEWORKER].id}/invite-again"
    used = sent | {"code": right, "roles": ["caseworker"]}
    assert founded.client(COORDINATOR).post(again, data=used).status_code == 422
