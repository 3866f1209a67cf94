"""A machine for upgrades that is a folder: real databases and migrations, and a server that is a file."""

import os
import re
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask_migrate import upgrade

from tests.support.application import build_app, close
from tools.upgrade import database
from tools.upgrade.releases import Failed
from tools.upgrade.steps import Upgrade

ROOT = Path(__file__).parents[2]
OLD, NEW = "0.1.0", "0.2.0"
MIGRATION = """
import os
import signal

import sqlalchemy as sa
from alembic import op

revision, down_revision = "9999", "{head}"


def upgrade():
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("INSERT INTO later VALUES (1)")
    fault = os.environ.get("FAULT")
    if fault == "killed":
        op.get_bind().exec_driver_sql("COMMIT")  # half of it is there
        os.kill(os.getpid(), signal.SIGKILL)
    if fault == "raises":
        raise RuntimeError("this migration does not work")
    with op.batch_alter_table("organization") as table:
        table.add_column(sa.Column("later", sa.Integer))
"""


class Workshop:
    """The machine, in `root`. `kill_at` is the number of the call before which it kills its own process."""

    def __init__(self, root: Path, bytecode_folder: Path, **settings: object) -> None:
        self.home, self.instance = root / "home", root / "instance"
        self.source, self.copy = root / "new", root / "upgrade.copy"
        self._running, self._hold, self._adopted = (root / name for name in ("running", "hold", "adopted"))
        self._bytecode, self._settings = bytecode_folder, settings
        self.answers = {OLD: 302, NEW: 302}
        self.on_release: Callable[[], object] = int
        self.kill_at = -1
        self.calls: list[str] = []
        self._quiet = False

    def set_up(self) -> None:
        """Lay out the old release, which runs, and the new one, which has a migration more."""
        for folder, version in ((self.home / "releases" / OLD, OLD), (self.source, NEW)):
            shutil.copytree(ROOT / "migrations", folder / "migrations")
            (folder / "pyproject.toml").write_text(f'[project]\nname = "casework"\nversion = "{version}"\n')
        newest = max((ROOT / "migrations/versions").glob("0*.py"))
        head = re.search(r'^revision = "(.*)"', newest.read_text(), re.MULTILINE)
        assert head is not None
        (self.source / "migrations/versions/9999.py").write_text(MIGRATION.format(head=head[1]))
        (self.home / "current").symlink_to(f"releases/{OLD}")
        self._running.touch()
        self._adopted.write_text(OLD)

    def upgrade(self, source: Path | None = None) -> bool:
        """Run one, or what is left of one."""
        return Upgrade(self.home, self).run(source)

    def runs(self) -> str:
        """Return which release runs, with whose units; empty where none does."""
        current = (self.home / "current").resolve().name
        assert self._adopted.read_text() == current
        assert not self._hold.exists()
        return current if self._running.exists() else ""

    def quiet(self) -> None:
        """Nothing outlasts the process here; yet it is asked for before anything else."""
        self._quiet = True

    def install(self, release: Path) -> None:
        """Leave a mark."""
        self._call("install")
        (release / "installed").touch()

    def back_up(self, release: Path) -> None:
        """Be asked for one."""
        self._call("backup")

    def hold(self) -> None:
        """Stop the server."""
        self._call("hold")
        self._hold.touch()
        self._running.unlink(missing_ok=True)

    def release(self) -> None:
        """Start it."""
        self._call("release")
        self._hold.unlink(missing_ok=True)
        self._running.touch()
        self.on_release()

    def database(self, release: Path, verb: str, sha256: str = "") -> dict[str, Any]:
        """As the server does, in this process."""
        self._call(verb)
        assert verb == "state" or not self._running.exists()
        return database.main(verb, None if verb == "state" else self.copy)

    def migrate(self, release: Path) -> None:
        """By the release's own migrations."""
        self._call("migrate")
        assert (release / "installed").exists()
        app = build_app(self.instance, self._bytecode, **self._settings)
        try:
            with app.app_context():
                upgrade(directory=str(release / "migrations"))
        except SystemExit as ended:  # so does the command
            raise Failed("the migration failed") from ended
        finally:
            close(app)

    def try_out(self, release: Path) -> int:
        """Answer what the test wants."""
        self._call("try")
        return self.answers[release.name]

    def adopt(self, release: Path) -> None:
        """Take the units."""
        self._call("adopt")
        self._adopted.write_text(release.name)

    def ask(self) -> int:
        """Answer what the test wants, where the server runs."""
        self._call("ask")
        return self.answers[(self.home / "current").resolve().name] if self._running.exists() else 0

    def erase_copy(self) -> None:
        """Delete it."""
        self._call("erase")
        self.copy.unlink(missing_ok=True)

    def _call(self, name: str) -> None:
        assert self._quiet
        if len(self.calls) == self.kill_at:
            os.kill(os.getpid(), signal.SIGKILL)
        self.calls.append(name)


def in_a_process(work: Callable[[], bool]) -> bool | None:
    """Do it in a process of its own; None where that was killed. Failed, in there, counts as False."""
    process = os.fork()
    if process == 0:
        status = 3
        try:
            status = 0 if work() else 1
        except Failed:
            status = 1
        finally:
            os._exit(status)
    _pid, status = os.waitpid(process, 0)
    if os.WIFSIGNALED(status):
        return None
    assert os.WEXITSTATUS(status) in (0, 1), "the upgrade itself failed"
    return os.WEXITSTATUS(status) == 0
