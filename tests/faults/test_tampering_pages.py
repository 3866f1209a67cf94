"""The pages of damaged records: an error's status and nothing of any record; the other pages still open."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from flask.testing import FlaskClient

from tests.faults.damage import damaged
from tests.faults.scene import Scene
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR

Paths = Callable[[Scene], Sequence[str]]
CONTENT = ("Ask for the", "Teodor", "Zoë", "Stopped at the corner", "rue Jarry", "514 555", "rue Rivard")


def _of_case(scene: Scene) -> Sequence[str]:
    return (f"/cases/{scene.cases[0]}",)


def _of_incident(scene: Scene) -> Sequence[str]:
    return (*_of_case(scene), f"/incidents/{scene.incidents[0]}")


def _restricted(scene: Scene) -> Sequence[str]:
    return (f"/cases/{scene.restricted[0]}",)


def _anything(_scene: Scene) -> Sequence[str]:
    return ("/", "/cases", "/account")


# Who asks, what is refused, and what still opens for them or for somebody else.
PAGES: Mapping[str, tuple[str, Paths, str, Paths]] = {
    "organization.profile_sealed": (COORDINATOR, lambda _s: ("/members/invite",), CASEWORKER, _anything),
    "member.profile_sealed": (CASEWORKER, lambda _s: ("/account",), COLLEAGUE, lambda _s: ("/account",)),
    "member.pin_sealed": (CASEWORKER, _anything, COLLEAGUE, _anything),
    "member.second_factor_sealed": (
        ADVOCATE,
        lambda _s: ("/account/second-factor",),
        CASEWORKER,
        _anything,
    ),
    "epoch_seal.key_sealed": (CASEWORKER, _anything, COLLEAGUE, _anything),
    "invitation.details_sealed": (COORDINATOR, lambda _s: ("/members",), CASEWORKER, _anything),
    "pattern.definition_sealed": (COORDINATOR, lambda _s: ("/patterns",), ADVOCATE, lambda _s: ("/account",)),
    "case.coded_sealed": (CASEWORKER, _of_case, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "case_key.key_sealed": (CASEWORKER, _of_incident, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "case_key_seal.key_sealed": (CASEWORKER, _restricted, COLLEAGUE, _restricted),
    "case.named_sealed": (CASEWORKER, _restricted, CASEWORKER, lambda s: (f"/cases/{s.restricted[1]}",)),
    "person.coded_sealed": (CASEWORKER, _of_incident, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "person.identity_sealed": (CASEWORKER, _of_incident, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "incident.coded_sealed": (CASEWORKER, _of_incident, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "incident.narrative_sealed": (CASEWORKER, _of_incident, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "follow_up.coded_sealed": (CASEWORKER, _of_case, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "follow_up.narrative_sealed": (CASEWORKER, _of_case, CASEWORKER, lambda s: (f"/cases/{s.cases[1]}",)),
    "draft.content_sealed": (CASEWORKER, lambda s: (f"/drafts/{s.drafts[0]}",), COLLEAGUE, _anything),
}


def _status(scene: Scene, client: FlaskClient, path: str) -> int:
    """Open a page as a new process would, and see that an error shows nothing of any record."""
    scene.runtime.casebook.drop_all()
    answer = client.get(path, follow_redirects=True)
    text = answer.get_data(as_text=True)
    if answer.status_code >= 400:
        assert not [content for content in CONTENT if content in text], path
        assert "<h1" in text
    return int(answer.status_code)


@pytest.mark.parametrize("attack", ["body", "epoch", "emptied"])
@pytest.mark.parametrize("where", PAGES)
def test_a_damaged_record_has_an_error_page(scene: Scene, where: str, attack: str) -> None:
    """Its pages answer with an error, those of others as before; put back, everything opens again."""
    login, refused, other, open_still = PAGES[where]
    # Both had signed in before.
    client, others = scene.founded.client(login), scene.founded.client(other)
    with damaged(scene, where, attack):
        for path in refused(scene):
            assert _status(scene, client, path) in (403, 500), path
        for path in open_still(scene):
            assert _status(scene, others, path) == 200, path
    for path in refused(scene):
        assert _status(scene, client, path) == 200, path
