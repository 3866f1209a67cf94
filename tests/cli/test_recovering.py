"""`recover`, `drill` and `verify` where something is sealed to earlier sheets, and on a sealed instance."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask

from casework.cli import recover
from casework.domain.quorum import USUAL
from casework.services import drafts, incidents, sealing
from casework.services.organization import get_organization_profile
from casework.services.recovery import drills, renewals
from casework.services.recovery.shareentry import Entered
from casework.services.recovery.sharing import Sharing
from casework.store.cases import Case
from casework.store.database import db
from tests.support.application import CASEWORKER, COORDINATOR, Founded, build_closed_app, close
from tests.support.records import incident_draft

WORDS = "one two three four five"
WHO = ["0", "en", "Nadia", "nadia", WORDS, "y"]


@pytest.fixture
def renewed(founded: Founded) -> Sharing:
    """New shares, while somebody named in a restricted case, who has a draft too, is not signed in."""
    named = founded.context(CASEWORKER)
    draft = incident_draft(restricted=True, team=frozenset({named.member_id}))
    incidents.log_incident(named, draft)
    drafts.keep_draft(founded.context(CASEWORKER), None, "incident", "/x", {"text": ["half"]})
    context = founded.context()
    cookie = renewals.begin_renewal(context, "", USUAL)
    sharing = renewals.get_sharing(context, cookie)
    for share in sharing.shares:
        renewals.confirm_share(context, cookie, share)
    renewals.finish_renewal(context, cookie)
    return sharing


def run(app: Flask, *typed: str, command: str = "recover", login: str = "") -> Result:
    """Run a command, and type these lines."""
    args = [command, *(["--login", login] if login else [])]
    with app.app_context():  # else the command would find that of the fixture
        return app.test_cli_runner().invoke(args=args, input="".join(f"{line}\n" for line in typed))


@pytest.fixture(autouse=True)
def _known_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Propose words that the test can type back."""
    monkeypatch.setattr(recover, "generate", lambda _language: WORDS)


def test_it_says_what_it_could_not_open(founded: Founded, renewed: Sharing) -> None:
    """Before and after, by kind and number; nothing is said to be theirs that is not."""
    result = run(founded.app, *renewed.shares[:2], "n", *WHO)
    assert result.exit_code == 0, result.output
    assert "Sealed to earlier sheets only: 1 restricted cases, 1 drafts." in result.output
    assert "0 restricted cases and 0 drafts are yours now" in result.output
    assert "These did not open: 1 restricted cases, 1 drafts." in result.output
    assert "everything" not in result.output


def test_sheets_from_before_open_it_in_the_same_sitting(founded: Founded, renewed: Sharing) -> None:
    """Their keepers type them after those of the shares in force."""
    old = founded.players[COORDINATOR].recovery_shares[1:]
    result = run(founded.app, *renewed.shares[:2], "y", *old, "n", *WHO)
    assert result.exit_code == 0, result.output
    assert "1 restricted cases and 1 drafts are yours now" in result.output
    assert "did not open" not in result.output
    db.session.rollback()
    [number] = {row.recovery_number for row in db.session.query(Case)}
    assert number is not None and number > 1


def test_a_drill_counts_what_it_does_not_open(founded: Founded, renewed: Sharing) -> None:
    """It never says everything while something waits."""
    words = founded.players[COORDINATOR].passphrase, *renewed.shares[:2]
    result = run(founded.app, *words, command="drill", login=COORDINATOR)
    assert result.exit_code == 0, result.output
    assert "Sealed to earlier sheets only: 1 restricted cases, 1 drafts. Keep those sheets." in result.output
    assert "everything" not in result.output


@pytest.fixture
def sealed(founded: Founded, tmp_path: Path, bytecode_folder: Path) -> Iterator[Flask]:
    """The same folder after the emergency seal."""
    player, context = founded.players[COORDINATOR], founded.context()
    drills.drill(context, Entered.of(player.recovery_shares[:2]))
    name = get_organization_profile(founded.context()).name
    sealing.seal_organization(founded.context(), player.passphrase, name)
    folder = tmp_path / "sealed"
    shutil.copytree(founded.runtime.data_folder, folder)
    app = build_closed_app(folder, bytecode_folder)
    yield app
    close(app)


@pytest.mark.parametrize("command", ["drill", "verify"])
def test_on_a_sealed_instance_it_says_so(sealed: Flask, command: str) -> None:
    """Nobody is sent to look for a host key that the seal has destroyed."""
    result = run(sealed, command=command, login=COORDINATOR)
    assert result.exit_code == 2
    assert "The organisation is sealed" in result.output and "make recover" in result.output
    assert "host key" not in result.output
