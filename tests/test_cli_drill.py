"""`flask --app run drill`: shares typed at a terminal, one after the other."""

from click.testing import Result

from casework.domain.quorum import Quorum
from casework.services.recovery.record import find_record
from casework.services.recovery.sharing import Sharing
from tests.support.application import CASEWORKER, COORDINATOR, Founded


def run(founded: Founded, *typed: str, login: str = COORDINATOR) -> Result:
    """Run the command as this member, who types these lines after their passphrase."""
    lines = [founded.players[login].passphrase, *typed]
    return founded.app.test_cli_runner().invoke(
        args=["drill", "--login", login], input="".join(f"{line}\n" for line in lines)
    )


def test_a_quorum_opens_and_the_date_is_written(founded: Founded) -> None:
    """It says how many keys were opened."""
    shares = founded.players[COORDINATOR].recovery_shares
    result = run(founded, shares[2], shares[0].upper())
    assert result.exit_code == 0, result.output
    assert "Share 3 is entered: 1 of 2." in result.output
    assert "The shares open everything: 5 keys, 0 restricted cases, 0 drafts." in result.output
    record = find_record(founded.context())
    assert record is not None and record.drilled_on == founded.runtime.today()


def test_a_share_that_cannot_be_taken_is_asked_for_again(founded: Founded) -> None:
    """What is wrong is told; those entered before stay."""
    shares, other = founded.players[COORDINATOR].recovery_shares, Sharing.draw(Quorum(2, 3))
    wrong = " ".join(["duckkling", *shares[1].split()[1:]])
    result = run(founded, shares[0], wrong, "", shares[0], other.shares[2], shares[1])
    assert result.exit_code == 0, result.output
    for text in ("number 1.", "Share 1 is entered already.", "This is share 3 of another set"):
        assert text in result.output


def test_only_the_words_that_are_wrong_are_typed_again(founded: Founded) -> None:
    """Thirty-two words were right: they are not lost."""
    shares = founded.players[COORDINATOR].recovery_shares
    words = shares[1].split()
    unknown = " ".join([*words[:6], "duckkling", *words[7:]])
    changed = " ".join([*words[:9], "acid" if words[9] != "acid" else "acne", *words[10:]])
    for typed, number in ((unknown, 7), (changed, 10)):
        result = run(founded, shares[0], typed, words[number - 1])
        assert result.exit_code == 0, result.output
        assert f"Word {number} on the sheet" in result.output
        assert "The shares open everything" in result.output


def test_who_stops_before_the_quorum_opens_nothing(founded: Founded) -> None:
    """One of two, and then nobody: no date is written."""
    result = run(founded, founded.players[COORDINATOR].recovery_shares[0])
    assert result.exit_code == 1
    record = find_record(founded.context())
    assert record is not None and record.drilled_on is None


def test_only_a_coordinator_may(founded: Founded) -> None:
    """Others are told so before a share is asked for."""
    result = run(founded, login=CASEWORKER)
    assert result.exit_code == 2
    assert "Only a coordinator may hold a drill." in result.output
