"""`move-database` at the terminal: how far it is, whether both sides are equal, and never an address."""

from pathlib import Path

import pytest
from click.testing import Result
from sqlalchemy import create_engine, inspect, text

from casework.services import moving
from casework.store.moving import copy_table
from casework.store.sealedfiles import Away, DiskFiles, FilesAway
from tests.support.application import Founded

SECRET = "S3cret"


@pytest.fixture
def address(fresh_postgres_url: str, tmp_path: Path) -> str:
    """The address of an empty database, with a password that nobody asks for; in a file too."""
    url = fresh_postgres_url.replace("@/", f":{SECRET}@/")
    (tmp_path / "address").write_text(f"{url}\n")
    return url


def run(founded: Founded, tmp_path: Path, *options: str) -> Result:
    """Run the command with the address from the file."""
    return type_in(founded, "", "--to-file", str(tmp_path / "address"), *options)


def type_in(founded: Founded, answers: str, *options: str) -> Result:
    """Run the command, with these words typed."""
    return founded.app.test_cli_runner().invoke(args=["move-database", *options], input=answers)


def test_a_database_is_moved_and_verified(founded: Founded, address: str, tmp_path: Path) -> None:
    """Each table with its rows on both sides, and what to do next; afterwards both verify equal."""
    moved = run(founded, tmp_path)
    assert moved.exit_code == 0, moved.output
    assert "equal on both sides." in moved.output
    assert "Now set DATABASE_URL to the new database" in moved.output
    lines = {line.split()[0]: line.split()[1:] for line in moved.output.splitlines() if line}
    assert lines["member"][:2] == ["5", "5"]
    verified = run(founded, tmp_path, "--verify")
    assert verified.exit_code == 0, verified.output
    assert "Now set" not in verified.output
    assert SECRET not in moved.output + verified.output


def test_the_address_is_asked_for_and_not_shown(founded: Founded, address: str) -> None:
    """It may hold a password."""
    result = type_in(founded, f"{address}\n")
    assert result.exit_code == 0, result.output
    assert SECRET not in result.output


def test_what_differs_is_named_and_ends_with_1(founded: Founded, address: str, tmp_path: Path) -> None:
    """Table, key and column."""
    assert run(founded, tmp_path).exit_code == 0
    engine = create_engine(address)
    with engine.begin() as connection:
        connection.execute(text("UPDATE organization SET profile_version = 99"))
    engine.dispose()
    result = run(founded, tmp_path, "--verify")
    assert result.exit_code == 1
    [line] = [line for line in result.output.splitlines() if line.startswith("  organization ")]
    assert line.endswith(": differs in profile_version")
    assert "1 row differs." in result.output
    assert "DIFFERS" in result.output


def test_who_stops_it_is_told_how_it_goes_on(
    founded: Founded, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl and C in the middle; the next run ends it."""
    real, calls = copy_table, [0]

    def interrupted(*given: object) -> None:
        calls[0] += 1
        if calls[0] == 20:
            raise KeyboardInterrupt
        real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(moving, "copy_table", interrupted)
    stopped = run(founded, tmp_path)
    assert (stopped.exit_code, "Stopped. What was moved stays" in stopped.output) == (1, True)
    assert run(founded, tmp_path).exit_code == 0


def test_a_silent_store_of_files_stops_nothing(
    founded: Founded, address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are all there, and the new database is no half; what was not looked at is said to be so."""

    def away(_self: DiskFiles) -> None:
        raise FilesAway(Away.SILENT)

    monkeypatch.setattr(DiskFiles, "list_names", away)
    moved = run(founded, tmp_path)
    assert moved.exit_code == 0, moved.output
    assert "equal on both sides." in moved.output
    assert "The files of cases were not looked at" in moved.output
    engine = create_engine(address)
    assert not inspect(engine).has_table("move_under_way")
    engine.dispose()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("mysql://somewhere/x", "must be sqlite:"),
        ("sqlite:///beside.sqlite", "absolute path"),
        (f"postgresql+psycopg://me:{SECRET}@127.0.0.1:1/x", "no way into the new database"),
    ],
)
def test_an_address_that_leads_nowhere(founded: Founded, typed: str, said: str) -> None:
    """One sentence, and 2."""
    result = type_in(founded, f"{typed}\n")
    assert result.exit_code == 2
    assert said in result.output
    assert SECRET not in result.output


def test_verify_and_anew_are_a_contradiction(founded: Founded) -> None:
    """Neither is preferred."""
    result = type_in(founded, "", "--verify", "--anew")
    assert (result.exit_code, "Say one of the two" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("/casework_", "/nowhere_"), "the server has no database of that name"),
        (("postgresql+psycopg://", "postgresql+psycopg://nobody_known_"), "has no account of that name"),
        (("?", "?nonsense=1&"), "an option that PostgreSQL does not know"),
        (("host=", "host=/nowhere"), "no server listens there"),
        ((f":{SECRET}@/", f":{SECRET}@db:x/"), "must name a port from 1 to 65535"),
    ],
)
def test_why_there_is_no_way_in(founded: Founded, address: str, change: tuple[str, str], said: str) -> None:
    """What an administrator can mend is named, and the address is not."""
    result = type_in(founded, f"{address.replace(*change)}\n")
    assert (result.exit_code, said in result.output) == (2, True), result.output
    assert SECRET not in result.output


def test_the_database_in_use_is_no_other(founded: Founded) -> None:
    """Compared with itself it would be called equal, and deleted as the old one."""
    url = founded.app.config["SQLALCHEMY_DATABASE_URI"]
    result = type_in(founded, f"{url}\n", "--verify")
    assert (result.exit_code, "That is the database in use" in result.output) == (2, True)


@pytest.mark.parametrize(
    ("options", "account", "said"),
    [
        ("ENCODING 'LATIN1' LOCALE 'C'", "", "make it with --encoding=UTF8"),
        ("ENCODING 'SQL_ASCII' LOCALE 'C'", "", "make it with --encoding=UTF8"),
        ("", "stranger", "it has to own the new one"),
    ],
)
def test_a_database_that_will_not_do(
    founded: Founded, address: str, options: str, account: str, said: str
) -> None:
    """Of another encoding, or somebody else's: nothing is made in it, and what to do is said."""
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"CREATE DATABASE unfit {options} TEMPLATE template0"))
        connection.execute(text("CREATE ROLE stranger LOGIN"))
    unfit = f"{address[: address.rindex('/casework_')]}/unfit?{address.partition('?')[2]}"
    if account:
        unfit = f"postgresql+psycopg://{account}:{SECRET}@{unfit.partition('@')[2]}"
    result = type_in(founded, f"{unfit}\n")
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE unfit WITH (FORCE)"))
        connection.execute(text("DROP ROLE stranger"))
    engine.dispose()
    assert (result.exit_code, said in result.output) == (2, True), result.output
