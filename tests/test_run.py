"""run.py as a person starts it: one line when it serves, one sentence when it cannot."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

import run
from casework.domain.languages import ENGLISH, LANGUAGES
from casework.services.doctor.texts import list_uncompiled

ROOT = Path(__file__).parent.parent
ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("CASEWORK_")}
ENVIRONMENT["CASEWORK_CONFIG"] = ""


@pytest.fixture
def port() -> int:
    """A free TCP port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


@pytest.fixture
def server(tmp_path: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """casework on that port with a data folder of its own, serving."""
    process = subprocess.Popen(
        [sys.executable, "run.py", "--port", str(port), "--instance", tmp_path / "instance"],
        cwd=ROOT,
        env=ENVIRONMENT | _volatile(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    first = process.stdout.readline()
    assert first == f"casework is running at http://127.0.0.1:{port}  (Ctrl+C stops it)\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def _volatile(folder: Path) -> dict[str, str]:
    return {"CASEWORK_VOLATILE_URL": f"sqlite:///{folder}/memory/volatile.sqlite"}


def _run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=ENVIRONMENT | settings, capture_output=True, text=True, timeout=60, check=False
    )


def test_it_serves_stops_and_logs_no_request(server: subprocess.Popen[str], port: int) -> None:
    """It answers, says nothing of what was asked, and Ctrl+C ends it cleanly."""
    connection = HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("GET", "/?q=canary-in-query")
    assert connection.getresponse().status < 500
    connection.close()
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(b"GET / canary-in-version\r\n\r\n")
        assert client.recv(100).startswith(b"HTTP/1.1 400")
    server.send_signal(signal.SIGINT)
    assert server.wait(60) == 0
    assert server.stdout is not None
    assert "canary" not in server.stdout.read()


def test_its_files_are_for_this_account_alone(server: subprocess.Popen[str], tmp_path: Path) -> None:
    """Nothing that it writes can be read by others on the machine."""
    written = [path for path in (tmp_path / "instance").rglob("*") if path.is_file()]
    assert written
    assert [path.name for path in written if path.stat().st_mode & 0o077] == []


def test_a_port_in_use_is_one_sentence(server: subprocess.Popen[str], port: int, tmp_path: Path) -> None:
    """A second server on the port says so and leaves, without a traceback."""
    other = str(tmp_path / "other")
    second = _run("run.py", "--port", str(port), "--instance", other, **_volatile(tmp_path / "other"))
    assert second.returncode == 1
    assert second.stderr.count("\n") == 1
    assert "in use" in second.stderr
    assert f":{port}" in second.stderr


@pytest.mark.parametrize(
    ("command", "said"),
    [("doctor", "WRONG"), ("backup", "nothing to back up"), ("verify-audit", "VOLATILE_URL: Redis")],
)
def test_what_signs_nobody_in_goes_on_without_redis(command: str, said: str, tmp_path: Path) -> None:
    """A nightly backup does not wait for sessions, and doctor is asked because something is away."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    settings = {"CASEWORK_INSTANCE_PATH": str(folder)}
    assert (
        _run("-m", "flask", "--app", "run", "db", "upgrade", **settings, **_volatile(tmp_path)).returncode
        == 0
    )
    away = {"CASEWORK_VOLATILE_URL": f"unix://{tmp_path}/none.sock"}
    done = _run("-m", "flask", "--app", "run", command, **settings, **away)
    assert said in done.stdout + done.stderr
    assert ("VOLATILE_URL" in done.stderr) == (command == "verify-audit")


@pytest.mark.parametrize("command", [["run.py"], ["-m", "flask", "--app", "run", "routes"]])
def test_a_wrong_setting_is_one_sentence(command: list[str]) -> None:
    """Both ways in name the setting and give exit status 2."""
    refused = _run(*command, CASEWORK_PORT="99999")
    assert refused.returncode == 2
    assert refused.stderr.count("\n") == 1
    assert "PORT: must be a whole number from 1 to 65535" in refused.stderr


def test_what_a_command_writes_is_its_owners_alone(tmp_path: Path) -> None:
    """As with the server: no database, log or lock that others on the machine may read."""
    folder = tmp_path / "instance"
    folder.mkdir(mode=0o700)
    settings = _volatile(tmp_path) | {"CASEWORK_INSTANCE_PATH": str(folder)}
    command = ["-c", "import os, sys; os.umask(0o022); from flask.cli import main; main()"]
    _run(*command, "--app", "run", "db", "upgrade", **settings)
    files = [file for file in folder.rglob("*") if file.is_file()]
    assert files
    assert [file for file in files if file.stat().st_mode & 0o077] == []


def test_flask_debug_refuses_other_machines(tmp_path: Path) -> None:
    """`flask run --debug --host` beyond loopback never starts."""
    command = ["-m", "flask", "--app", "run", "run", "--debug", "--host", "0.0.0.0", "--port", "1"]  # noqa: S104
    refused = _run(*command, CASEWORK_INSTANCE_PATH=str(tmp_path / "instance"), **_volatile(tmp_path))
    assert refused.returncode == 2
    assert "DEBUG" in refused.stderr
    assert re.search("Running on|Traceback", refused.stdout + refused.stderr) is None


@pytest.mark.parametrize("command", ["drill", "recover", "backup", "verify"])
def test_a_command_in_an_empty_place_makes_nothing(command: str, tmp_path: Path) -> None:
    """It names the folder it looked for: an empty instance beside the real one would only mislead."""
    folder = tmp_path / "nowhere"
    result = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "run", command],
        cwd=ROOT,
        env=os.environ | {"CASEWORK_CONFIG": "", "CASEWORK_INSTANCE_PATH": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert result.returncode == 2 and f"there is no data folder {folder}" in result.stderr
    assert not folder.exists()


def test_a_language_that_is_not_compiled_is_named(tmp_path: Path) -> None:
    """Its pages would be half English, and nobody would know why: missing, or older than its texts."""
    folders = {code: tmp_path / code / "LC_MESSAGES" for code in LANGUAGES if code != ENGLISH}
    for folder in folders.values():
        folder.mkdir(parents=True)
        (folder / "messages.po").touch()
        (folder / "messages.mo").touch()
    assert list_uncompiled(tmp_path) == []
    (folders["fr"] / "messages.mo").unlink()
    assert list_uncompiled(tmp_path) == ["fr"]
    os.utime(folders["es"] / "messages.mo", (1, 1))
    assert list_uncompiled(tmp_path) == ["fr", "es"]
    (folders["es"] / "messages.po").unlink()  # compiled elsewhere, and brought along alone
    assert list_uncompiled(tmp_path) == ["fr"]


def test_starting_says_which_language_is_not_compiled(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """By its own name, with what to type."""
    monkeypatch.setattr(run, "list_uncompiled", lambda: ["fr", "es"])
    run._warn_of_uncompiled()
    said = capsys.readouterr().err
    assert "make install" in said and "Français, Español" in said
