"""What an upgrade asks of the machine: systemd's units, casework's account, its settings and its host key."""

import hashlib
import http.client
import json
import os
import shutil
import subprocess
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, Protocol

from tools.upgrade.journal import sync_folder
from tools.upgrade.releases import Failed

HOLD = Path("/srv/casework/upgrade.hold")
"""While it lies there, neither casework nor its backup starts: nobody writes what a rollback would lose."""
COPY = Path("/var/lib/casework/upgrade.copy")
UNITS = Path("/etc/systemd/system")
STEP, TRIAL = "casework-upgrade-step", "casework-upgrade-trial"
_RUN = ("systemd-run", "--quiet", "--collect", "--wait", "--pipe")
TRIAL_PORT = 8017
ANSWER_SECONDS = 120


class Machine(Protocol):
    """What the steps need; the tests have one of their own."""

    def quiet(self) -> None:
        """End what an attempt that was killed left running."""

    def install(self, release: Path) -> None:
        """Install what a release runs on."""

    def back_up(self, release: Path) -> None:
        """Make a sealed backup, where there is anything to back up; raises Failed."""

    def hold(self) -> None:
        """Stop casework, and let nothing start it."""

    def release(self) -> None:
        """Let it start again, and start it."""

    def database(self, release: Path, verb: str, sha256: str = "") -> dict[str, Any]:
        """Copy the database, put back the copy that has this SHA-256, or tell its state: by that release."""

    def migrate(self, release: Path) -> None:
        """Bring the database to that release's version; raises Failed."""

    def try_out(self, release: Path) -> int:
        """Start a release where nobody reaches it, and return what it answers; 0: nothing."""

    def adopt(self, release: Path) -> None:
        """Take a release's own units and commands."""

    def ask(self) -> int:
        """Return the status that casework answers with, 0 where it does not."""

    def erase_copy(self) -> None:
        """Overwrite the copy of the database and delete it."""


class Server:
    """A server that deploy/install.sh set up."""

    def quiet(self) -> None:
        """Each step that takes long is a unit, so that it can be found again."""
        for unit in (STEP, TRIAL):
            subprocess.run(["systemctl", "--quiet", "stop", unit], stderr=subprocess.DEVNULL, check=False)

    def install(self, release: Path) -> None:
        """Its packages by the hashes of its lock, its languages, its bytecode."""
        here = f"--setenv=PATH={os.environ['PATH']}"
        _call(*_RUN, f"--unit={STEP}", here, "make", "-s", "-C", str(release), "install")
        python = str(release / ".venv/bin/python")
        _call(python, "-m", "compileall", "-q", str(release / "casework"), str(release / "migrations"))
        # Thousands of files that nobody waited for: a power cut once it runs must leave none of them empty.
        os.sync()

    def back_up(self, release: Path) -> None:
        """As the nightly timer does, with its copy elsewhere."""
        done = self._as_account(release, "-m", "flask", "--app", str(release / "run.py"), "backup")
        if done.returncode and "There is nothing to back up" not in done.stderr:
            raise Failed(f"no backup, so nothing was changed: {done.stderr.strip()}")

    def hold(self) -> None:
        """The timer too: a backup in the middle would read what is being changed."""
        HOLD.touch()
        sync_folder(HOLD.parent)
        _call("systemctl", "stop", "casework-backup.timer", "casework-backup.service", "casework.service")

    def release(self) -> None:
        """A start that failed five times before is no reason not to try."""
        HOLD.unlink(missing_ok=True)
        subprocess.run(["systemctl", "--quiet", "reset-failed", "casework.service"], check=False)
        _call("systemctl", "start", "casework.service", "casework-backup.timer")

    def database(self, release: Path, verb: str, sha256: str = "") -> dict[str, Any]:
        """By a process of casework's account, in the release's own Python."""
        if sha256:
            with COPY.open("rb") as file:
                if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
                    raise Failed(f"{COPY} is not the copy that was made")
        words = [verb] if verb == "state" else [verb, str(COPY)]
        told: dict[str, Any] = json.loads(self._do(release, "-m", "tools.upgrade.database", *words))
        return told

    def migrate(self, release: Path) -> None:
        """By Flask-Migrate."""
        self._do(release, "-m", "flask", "--app", str(release / "run.py"), "db", "upgrade")

    def try_out(self, release: Path) -> int:
        """On a port of its own, which Caddy does not know."""
        words = (str(release / "run.py"), "--port", str(TRIAL_PORT))
        trial = subprocess.Popen(_unit(TRIAL, release, words), stdout=subprocess.DEVNULL)
        try:
            return ask(TRIAL_PORT, self._host(release), lambda: trial.poll() is None)
        finally:
            subprocess.run(["systemctl", "--quiet", "stop", TRIAL], check=False)
            trial.wait()

    def adopt(self, release: Path) -> None:
        """What install.sh laid there; a unit's own changes by `systemctl edit` lie elsewhere, and stay."""
        for name in ("casework.service", "casework-backup.service", "casework-backup.timer"):
            _put(release / "deploy" / name, UNITS / name, 0o644)
        _put(release / "deploy/command", Path("/usr/local/sbin/casework"), 0o755)
        _put(release / "deploy/greeting", Path("/etc/update-motd.d/50-casework"), 0o755)
        _call("systemctl", "daemon-reload")

    def ask(self) -> int:
        """At the port of the settings, for as long as it may take to start."""
        release = Path("/srv/casework/current").resolve()

        def is_running() -> bool:
            return (
                subprocess.run(["systemctl", "--quiet", "is-active", "casework"], check=False).returncode == 0
            )

        return ask(int(self._setting(release, "port")), self._host(release), is_running)

    def erase_copy(self) -> None:
        """Old states of keys are in it: docs/operating.md. Raises OSError where a link lies in its place.

        It lies in a folder that casework's account may write to, and this is root.
        """
        with suppress(FileNotFoundError):
            with open(COPY, "r+b", opener=lambda path, flags: os.open(path, flags | os.O_NOFOLLOW)) as file:
                left = os.fstat(file.fileno()).st_size
                while left > 0:
                    left -= file.write(bytes(min(left, 1 << 20)))
                file.flush()
                os.fsync(file.fileno())
            COPY.unlink()

    def _setting(self, release: Path, name: str) -> str:
        code = f"from casework.config import load_settings as load; print(load().{name})"
        return self._do(release, "-c", code).strip()

    def _host(self, release: Path) -> str:
        return self._setting(release, "trusted_hosts[0]")

    def _do(self, release: Path, *words: str) -> str:
        done = self._as_account(release, *words)
        if done.returncode:
            raise Failed(
                (done.stderr.strip() or f"{words[:3]} ended with {done.returncode}").splitlines()[-1]
            )
        return done.stdout

    def _as_account(self, release: Path, *words: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(_unit(STEP, release, words), capture_output=True, text=True, check=False)


def ask(port: int, host: str, is_running: Callable[[], bool]) -> int:
    """Wait until it reaches its stores, then ask for the entrance; 0: one of both was not to be had.

    What knows no /readyz is taken at its entrance's word.
    """
    deadline = time.monotonic() + ANSWER_SECONDS
    while time.monotonic() < deadline:
        with suppress(OSError, http.client.HTTPException):
            if _get(port, host, "/readyz") != 503:
                return _get(port, host, "/sign-in")
        if not is_running():
            return 0
        time.sleep(0.5)
    return 0


def _get(port: int, host: str, path: str) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=20)) as connection:
        connection.request("GET", path, headers={"Host": host})
        return connection.getresponse().status


def _unit(name: str, release: Path, words: Sequence[str]) -> list[str]:
    """The command that runs Python as casework's account and with its host key; `name` can be stopped."""
    properties = (
        *("User=casework", "Group=casework", "WorkingDirectory=/var/lib/casework", "UMask=0077"),
        *("LimitCORE=0", "MemorySwapMax=0", "NoNewPrivileges=yes", "PrivateTmp=yes"),
        "LoadCredentialEncrypted=casework-host-key:/etc/credstore.encrypted/casework-host-key",
    )
    variables = (
        "CASEWORK_CONFIG=/etc/casework/config.py",
        "PYTHONDONTWRITEBYTECODE=1",
        f"PYTHONPATH={release}",
    )
    return [
        *_RUN,
        f"--unit={name}",
        *(f"--property={each}" for each in properties),
        *(f"--setenv={each}" for each in variables),
        *(str(release / ".venv/bin/python"), *words),
    ]


def _call(*words: str) -> None:
    done = subprocess.run(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise Failed(f"{' '.join(words[:4])}: {done.stderr.strip()[-500:]}")


def _put(source: Path, target: Path, mode: int) -> None:
    part = target.with_name(f".{target.name}.unfinished")
    shutil.copyfile(source, part)
    part.chmod(mode)
    part.replace(target)
