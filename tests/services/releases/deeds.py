"""One of each deed on releases, for the tests that break deeds."""

from collections.abc import Callable
from uuid import UUID

from casework.domain.question import Question
from casework.services.context import Context
from casework.services.releases import approving, drafting, previewing, withdrawing
from casework.services.releases.doubt import accept_ledger
from casework.services.releases.downloads import give_file
from casework.store.database import db
from casework.store.restoration import doubt_ledger
from tests.services.deed import Deed
from tests.services.releases.written import approve, draft, log, submit
from tests.support.application import ADVOCATE, COORDINATOR, Founded

Step = Callable[[Context, UUID], object]


def begin(founded: Founded) -> Deed:
    """A draft."""
    context = founded.context(ADVOCATE)
    return Deed(lambda: drafting.create_release(context, draft()), ADVOCATE, {"release"})


def _on_draft(step: Step, tables: set[str]) -> Callable[[Founded], Deed]:
    def prepare(founded: Founded) -> Deed:
        release_id = drafting.create_release(founded.context(ADVOCATE), draft())
        context = founded.context(ADVOCATE)
        return Deed(lambda: step(context, release_id), ADVOCATE, tables)

    return prepare


change = _on_draft(lambda context, key: drafting.change_release(context, key, 1, draft(k=10)), {"release"})
discard = _on_draft(lambda context, key: drafting.discard_release(context, key, 1), {"release"})
look = _on_draft(previewing.preview_release, {"preview"})


def ask(founded: Founded) -> Deed:
    """A quick question."""
    context = founded.context(ADVOCATE)
    asked = Question(unit="incidents", period=draft().period, show="police_service", answer="spvm")
    return Deed(lambda: previewing.begin_question(context, asked), ADVOCATE, {"preview"})


def send(founded: Founded) -> Deed:
    """A draft whose numbers were seen."""
    log(founded, spvm=12, sq=12)
    context = founded.context(ADVOCATE)
    release_id = drafting.create_release(context, draft())
    previewing.preview_release(context, release_id)
    return Deed(lambda: drafting.submit_release(context, release_id, 1), ADVOCATE, {"release"})


def pull_back(founded: Founded) -> Deed:
    """A submitted one, taken back."""
    log(founded, spvm=12, sq=12)
    release_id, context = submit(founded), founded.context(ADVOCATE)
    return Deed(lambda: drafting.pull_back_release(context, release_id, 2), ADVOCATE, {"release"})


def give_back(founded: Founded) -> Deed:
    """A submitted one, with a note."""
    log(founded, spvm=12, sq=12)
    release_id, context = submit(founded), founded.context()
    return Deed(
        lambda: drafting.return_release(context, release_id, 2, "Since when?"), COORDINATOR, {"release"}
    )


def allow(founded: Founded) -> Deed:
    """The approval itself, after a look."""
    log(founded, spvm=12, sq=12)
    release_id, context = submit(founded), founded.context()
    seen = previewing.preview_release(context, release_id)
    return Deed(
        lambda: approving.approve_release(context, release_id, 2, seen.mark),
        COORDINATOR,
        {"ledger_entry", "release"},
    )


def take(founded: Founded) -> Deed:
    """A file of an approved one."""
    log(founded, spvm=12, sq=12)
    release_id = submit(founded)
    approve(founded, release_id)
    context = founded.context(ADVOCATE)
    return Deed(lambda: give_file(context, release_id, "release-1-fr.xlsx"), ADVOCATE, set())


def accept(founded: Founded) -> Deed:
    """The answer after a restore."""
    doubt_ledger(founded.runtime.now())
    db.session.commit()
    context = founded.context()
    return Deed(lambda: accept_ledger(context), COORDINATOR, {"restoration"})


def withdraw(founded: Founded) -> Deed:
    """An approved one."""
    log(founded, spvm=12, sq=12)
    release_id = submit(founded)
    approve(founded, release_id)
    context = founded.context()
    return Deed(
        lambda: withdrawing.withdraw_release(context, release_id, 3, {"en": "A mistake."}),
        COORDINATOR,
        {"release"},
    )
