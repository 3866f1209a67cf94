"""The steps of an upgrade. Each can be done again from its beginning, and each knows how it is undone.

Members reach casework until `stop` and from the end of `switch` on; in between nobody does, so that what was
copied in `copy` is all there is to bring back.
"""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from tools.upgrade import releases
from tools.upgrade.journal import BACK, UPGRADE, Journal, Plan
from tools.upgrade.machine import Machine
from tools.upgrade.releases import Failed


def _say(line: str) -> None:
    """At once, also into a file or a pipe: what was said last is what somebody looks for after a failure."""
    print(line, flush=True)


class Upgrade:
    """One upgrade of what lies in `home`: releases/, and current, the link to the one that runs."""

    def __init__(self, home: Path, machine: Machine, say: Callable[[str], None] = _say) -> None:
        self._home = home
        self._machine = machine
        self._say = say
        self._journal = Journal(home / "upgrade.json")
        self._plan = Plan("", "", "")

    def run(self, source: Path | None) -> bool:
        """Upgrade to what lies at `source`, or finish what was begun; returns whether the new release runs.

        False: the old one does, with the database that it had. Raises Failed where neither could be had.
        """
        self._machine.quiet()
        self._plan = self._go_on(source) or self._begin(source)
        if self._plan.doing != BACK:
            # A power cut leaves files empty that pip and make take for done: half installed is laid anew.
            begin = "unpack" if self._plan.doing == "install" else self._plan.doing
            for step in UPGRADE[UPGRADE.index(begin) :]:
                self._note(doing=step)
                self._say(f"== {step}")
                try:
                    getattr(self, f"_{step}")()
                except Exception as error:
                    self._note(doing=BACK, failed=step, why=f"{error}" or type(error).__name__)
                    break
            else:
                return True
        self._roll_back()
        return False

    def _go_on(self, source: Path | None) -> Plan | None:
        """Return what was begun; where that changed nothing yet, another release may take its place."""
        begun = self._journal.find()
        if begun is None or source is None or str(source.resolve()) == begun.source:
            return begun
        if begun.doing != BACK and not begun.has_come_to("stop"):
            instead = self._begin(source)  # what cannot be begun takes the place of nothing
            self._say(f"== the upgrade to {begun.new} that was begun before is dropped")
            self._journal.clear()
            shutil.rmtree(self._folder(begun.new), ignore_errors=True)
            return instead
        self._say(f"== first the upgrade to {begun.new} that was cut off; then type the same command again")
        return begun

    def _begin(self, source: Path | None) -> Plan:
        if source is None:
            raise Failed("which release? make upgrade ARGS=/root/casework-0.2.0.tar.gz")
        source = source.resolve()
        new = releases.read_version(source)
        if not source.is_dir():
            releases.check_sum(source)
        old = (self._home / "current").resolve().name
        if new == old:
            raise Failed(f"{new} is what runs already")
        return Plan(old, new, str(source))

    def _note(self, **changes: object) -> None:
        self._plan = replace(self._plan, **changes)  # type: ignore[arg-type]
        self._journal.write(self._plan)

    def _folder(self, name: str) -> Path:
        return self._home / "releases" / name

    def _unpack(self) -> None:
        releases.unpack(Path(self._plan.source), self._folder(self._plan.new))

    def _install(self) -> None:
        self._machine.install(self._folder(self._plan.new))

    def _backup(self) -> None:
        self._machine.back_up(self._folder(self._plan.old))

    def _stop(self) -> None:
        if not self._plan.answer:
            self._note(answer=self._machine.ask())
        self._machine.hold()

    def _copy(self) -> None:
        self._machine.hold()
        told = self._machine.database(self._folder(self._plan.old), "copy")
        self._note(copy=told["sha256"], generation=told["generation"])

    def _migrate(self) -> None:
        self._machine.hold()
        self._put_back()  # a migration that was killed may be half done
        self._machine.migrate(self._folder(self._plan.new))

    def _try(self) -> None:
        self._machine.hold()
        answer = self._machine.try_out(self._folder(self._plan.new))
        self._require_answer(answer)
        self._note(generation=self._machine.database(self._folder(self._plan.new), "state")["generation"])

    def _switch(self) -> None:
        self._machine.adopt(self._folder(self._plan.new))
        releases.point(self._home / "current", self._plan.new)
        self._machine.release()
        self._require_answer(self._machine.ask())

    def _finish(self) -> None:
        self._machine.erase_copy()
        for folder in (self._home / "releases").iterdir():
            if folder.name not in (self._plan.old, self._plan.new):
                shutil.rmtree(folder)
        self._journal.clear()
        self._say(f"casework {self._plan.new} runs. The release before, {self._plan.old}, is kept beside it.")

    def _require_answer(self, answer: int) -> None:
        """As the old release did: a sealed organization answers with a refusal before and after."""
        if not answer or (answer >= 400 and answer != self._plan.answer):
            raise Failed(f"{self._plan.new} does not answer as it should ({answer or 'not at all'})")

    def _put_back(self) -> None:
        self._machine.database(self._folder(self._plan.old), "restore", self._plan.copy)

    def _roll_back(self) -> None:
        plan = self._plan
        self._say(f"== back to {plan.old}, for {plan.failed} failed: {plan.why}")
        if plan.has_come_to("finish"):
            raise Failed(f"{plan.new} runs, but could not be finished: {plan.why}. Run this again")
        if plan.has_come_to("stop"):
            self._machine.hold()
            if plan.copy and plan.has_come_to("migrate"):
                self._refuse_to_lose_anything()
                self._put_back()
                self._note(copy="")  # from here on members may write into it
            self._machine.adopt(self._folder(plan.old))
            releases.point(self._home / "current", plan.old)
            self._machine.release()
            self._machine.erase_copy()
            answer = self._machine.ask()
            if not answer or (answer >= 500 and answer != plan.answer):
                raise Failed(f"{plan.old} is back, and does not answer: journalctl -u casework -n 50")
        shutil.rmtree(self._folder(plan.new), ignore_errors=True)
        self._journal.clear()
        if plan.has_come_to("stop"):
            self._say(f"casework {plan.old} runs, with all that was in it.")
        else:
            self._say(f"Nothing was changed: casework {plan.old} is as it was.")

    def _refuse_to_lose_anything(self) -> None:
        """Once members could reach the new release, what they wrote since is worth more than the old one."""
        if not self._plan.has_come_to("switch"):
            return
        told = self._machine.database(self._folder(self._plan.new), "state")
        if told["generation"] != self._plan.generation:
            self._machine.release()
            raise Failed("somebody has written with the new release: it stays. journalctl -u casework -n 50")
