"""Metrics: counted by processes, added up by another, read on this machine alone."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest

from casework import metricserver
from casework.config import load_settings
from casework.errors import ConfigError
from casework.metering import Meter
from tests.support.application import CASEWORKER, Founded, Template, build_app, close
from tests.support.forked import ROOT
from tests.support.live_server import serve

COUNT = """
import sys
from casework.metering import Meter
meter = Meter()
meter.sources["threads_busy"] = lambda: 3
for endpoint, status, seconds in (("cases.show", 200, 0.01), ("cases.show", 200, 0.2), ("none", 404, 0.01)):
    meter.observe(endpoint, status, seconds)
meter.publish()
meter.publish()
print(flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The folder that processes count into."""
    monkeypatch.delenv("PROMETHEUS_MULTIPROC_DIR", raising=False)
    settings = load_settings({"CASEWORK_CONFIG": ""}, overrides={"INSTANCE_PATH": tmp_path / "instance"})
    (tmp_path / "instance").mkdir()
    monkeypatch.setenv("PROMETHEUS_MULTIPROC_DIR", "")
    made = metricserver.prepare(settings)
    yield made
    shutil.rmtree(made)


def _count() -> "subprocess.Popen[str]":
    process = subprocess.Popen(
        [sys.executable, "-c", COUNT], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    process.stdout.readline()
    return process


def _end(process: "subprocess.Popen[str]") -> None:
    process.communicate("")


def _told(folder: Path) -> list[str]:
    body, _kind = metricserver.collect(folder)
    return body.decode().splitlines()


def test_processes_are_added_up_and_outlive_themselves(folder: Path) -> None:
    """Counts of one that has ended stay; what it was doing goes."""
    one, other = _count(), _count()
    told = _told(folder)
    assert 'casework_requests_total{endpoint="cases.show",status="2xx"} 4.0' in told
    assert 'casework_requests_total{endpoint="none",status="4xx"} 2.0' in told
    assert 'casework_request_seconds_bucket{le="0.1"} 4.0' in told
    assert "casework_threads_busy 6.0" in told
    _end(one)
    metricserver.forget_process(one.pid)
    told = _told(folder)
    assert 'casework_requests_total{endpoint="cases.show",status="2xx"} 4.0' in told
    assert "casework_threads_busy 3.0" in told
    _end(other)


def test_the_folder_is_this_accounts_alone_and_begins_empty(folder: Path, tmp_path: Path) -> None:
    """What an earlier server left is gone."""
    assert folder.stat().st_mode & 0o777 == 0o700
    (folder / "left.db").touch()
    again = load_settings({"CASEWORK_CONFIG": ""}, overrides={"INSTANCE_PATH": tmp_path / "instance"})
    assert metricserver.prepare(again) == folder
    assert [path.name for path in folder.iterdir()] == ["of"]


def test_stopping_leaves_nothing(folder: Path) -> None:
    """The process that answers ends, and what was counted goes from memory."""
    process = metricserver.start(metricserver.listen(0), folder)
    metricserver.stop(process, folder)
    assert os.WTERMSIG(os.waitpid(process, 0)[1]) == signal.SIGKILL
    assert not folder.exists()
    folder.mkdir()


def test_it_listens_on_this_machine_alone() -> None:
    """No setting names another address."""
    with metricserver.listen(0) as listener:
        assert listener.getsockname()[0] == "127.0.0.1"


@pytest.mark.parametrize(
    ("path", "host", "status"),
    [
        ("/metrics", "127.0.0.1", 200),
        ("/metrics", "localhost", 200),
        ("/metrics", "casework.example.org", 404),
        ("/", "127.0.0.1", 404),
        ("/metrics?x", "127.0.0.1", 404),
    ],
)
def test_who_is_answered(folder: Path, path: str, host: str, status: int) -> None:
    """One path, and only by this machine's own names: a web page with a name of its own reads nothing."""
    _end(_count())
    listener = metricserver.listen(0)
    port = listener.getsockname()[1]
    process = metricserver.start(listener, folder)
    try:
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", path, headers={"Host": f"{host}:{port}"})
        answer = connection.getresponse()
        body = answer.read().decode()
        assert (answer.status, "casework_requests_total{" in body) == (status, status == 200)
        assert answer.headers["Server"] == "casework"
        connection.close()
    finally:
        os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)


def test_only_names_of_pages_are_counted(tmp_path: Path, template: Template, bytecode_folder: Path) -> None:
    """No address, no id, nobody; what machines ask and files of pages are not counted."""
    with template.copy(tmp_path / "counted") as settings:
        app = build_app(tmp_path / "counted", bytecode_folder, METRICS_PORT=8433, **settings)
        with app.app_context():
            client = Founded(app, template.players).client(CASEWORKER)
            for path in ("/cases?q=canary", "/canary", "/cases/canary", "/healthz", "/static/casework.css"):
                client.get(path)
        meter: Meter = app.extensions["casework.meter"]
        close(app)
    assert dict(meter._requests) == {("cases.index", "2xx"): 1, ("none", "4xx"): 2}
    assert len(meter._seconds) == 3


def test_nothing_is_counted_unless_asked(tmp_path: Path, bytecode_folder: Path) -> None:
    """The default."""
    app = build_app(tmp_path / "plain", bytecode_folder)
    assert app.extensions["casework.meter"] is None
    close(app)


def test_beside_a_server(tmp_path: Path) -> None:
    """It answers while the server runs, on a port of its own, and ends with it."""
    with metricserver.listen(0) as free:
        port = free.getsockname()[1]
    with serve(tmp_path / "instance", CASEWORK_METRICS_PORT=str(port)):
        connection = HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request("GET", "/metrics")
        assert connection.getresponse().status == 200
        connection.close()
    with pytest.raises(ConnectionRefusedError):
        HTTPConnection("127.0.0.1", port, timeout=60).request("GET", "/metrics")


@pytest.mark.parametrize("wrong", [{"METRICS_PORT": -1}, {"LOG_FORMAT": "xml"}])
def test_wrong_settings_are_named(wrong: dict[str, object]) -> None:
    """No port, no format."""
    with pytest.raises(ConfigError, match=next(iter(wrong))):
        load_settings({"CASEWORK_CONFIG": ""}, overrides=wrong)
