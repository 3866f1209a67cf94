"""What becomes of the files of a case: verified, kept in the bin, erased with it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from casework.services.attachments import keeping, sweeping
from casework.services.backups.making import make_backup
from casework.services.bin import bin_case, restore_case
from casework.services.cases import get_case
from casework.services.context import Context
from casework.services.erasing import erase_case
from casework.services.holding import hold_case, release_case
from casework.services.recovery.shareentry import Entered
from casework.services.verifying.checking import Failure
from casework.services.verifying.files import verify_backup
from casework.services.verifying.live import verify_live
from casework.store.sealedfiles import FileName
from casework.vault.recovery import split
from casework.vault.stream import CHUNK_BYTES
from tests.services.attachments.test_adding import add, kept_files, new_case, take
from tests.support.application import CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.bucket import SealedFile
from tests.support.files import photo, recording


def sealed_file(founded: Founded, attachment_id: UUID, copy: str = "original") -> SealedFile:
    """Return a sealed file, where it lies."""
    return SealedFile(founded.runtime, FileName(attachment_id, copy))


def tamper(file: SealedFile) -> None:
    """Change one bit in the second chunk."""
    sealed = bytearray(file.read_bytes())
    sealed[CHUNK_BYTES + 1000] ^= 1
    file.write_bytes(bytes(sealed))


def shorten(file: SealedFile) -> None:
    """Cut the last byte off."""
    file.write_bytes(file.read_bytes()[:-1])


def ignore(_count: int) -> None:
    """Nobody looks at the progress."""


HURTS = pytest.mark.parametrize("hurt", [tamper, shorten, SealedFile.unlink])


@HURTS
def test_verify_names_a_hurt_file(founded: Founded, hurt: Callable[[SealedFile], None]) -> None:
    """A changed bit in the middle, a byte less, a file that is gone: one failure, of this attachment."""
    case_id = new_case(founded)
    attachment_id = add(founded.context(CASEWORKER), case_id, "call.mp3", recording(200_000))
    add(founded.context(CASEWORKER), case_id, "sound.jpg", photo())
    failures: list[Failure] = []
    verify_live(founded.context(), ignore, failures.append, ignore)
    assert failures == []
    hurt(sealed_file(founded, attachment_id))
    verify_live(founded.context(), ignore, failures.append, ignore)
    assert [(one.table, one.row) for one in failures] == [("attachment", str(attachment_id))]


def quorum(founded: Founded) -> Entered:
    """Return two shares, as they are typed."""
    entered = Entered()
    for words in split(founded.players[COORDINATOR].recovery_seed)[:2]:
        entered = entered.add(words)
    return entered


def test_verify_names_a_file_hurt_in_a_backup(founded: Founded) -> None:
    """What was hurt before it was backed up does not pass for sound."""
    attachment_id = add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording(200_000))
    failures: list[Failure] = []
    sound = make_backup(founded.runtime)
    verify_backup(founded.runtime, sound, quorum(founded), ignore, failures.append, ignore)
    assert failures == []
    tamper(sealed_file(founded, attachment_id))
    later = replace(founded.runtime, now=lambda: founded.runtime.now() + timedelta(minutes=1))
    verify_backup(founded.runtime, make_backup(later), quorum(founded), ignore, failures.append, ignore)
    assert [(one.table, one.row) for one in failures] == [("attachment", str(attachment_id))]


def test_the_bin_keeps_the_files(founded: Founded) -> None:
    """Nothing is swept while the case lies there, and back from it every copy opens."""
    case_id, content = new_case(founded), photo()
    attachment_id = add(founded.context(CASEWORKER), case_id, "street.jpg", content)
    before = kept_files(founded)
    context = founded.context(CASEWORKER)
    bin_case(context, case_id, get_case(context, case_id).version)
    assert sweeping.sweep_files(founded.runtime, 0.0) == 0
    assert kept_files(founded) == before
    restore_case(founded.context(CASEWORKER), case_id)
    assert take(founded.context(CASEWORKER), case_id, attachment_id, "original") == content
    assert len(take(founded.context(CASEWORKER), case_id, attachment_id, "cleaned")) > 1000


def test_an_erased_case_leaves_no_file(founded: Founded) -> None:
    """Every copy of its files goes, removed ones too; those of another case stay."""
    gone, other = new_case(founded), new_case(founded)
    for name in ("street.jpg", "removed.jpg"):
        attachment_id = add(founded.context(CASEWORKER), gone, name, photo())
    keeping.remove_file(founded.context(CASEWORKER), gone, attachment_id)
    kept = add(founded.context(CASEWORKER), other, "call.mp3", recording())
    assert len(kept_files(founded)) == 7
    context = founded.context(CASEWORKER)
    bin_case(context, gone, get_case(context, gone).version)
    erase_case(founded.context(COORDINATOR), gone)
    assert kept_files(founded) == [str(FileName(kept, "original"))]


def test_a_file_without_a_row_is_swept(founded: Founded) -> None:
    """After an hour; before, its row may still be on its way."""
    attachment_id = add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    sealed = sealed_file(founded, attachment_id).read_bytes()
    stray = sealed_file(founded, UUID(int=7))
    stray.write_bytes(sealed)
    assert sweeping.sweep_files(founded.runtime) == 0
    assert sweeping.sweep_files(founded.runtime, 0.0) == 1
    assert kept_files(founded) == [str(FileName(attachment_id, "original"))]


def later(founded: Founded, days: int, login: str = CASEWORKER) -> Context:
    """Return a member's context so many days later."""
    context, now = founded.context(login), founded.runtime.now() + timedelta(days=days)
    return replace(context, runtime=replace(context.runtime, now=lambda: now))


def test_retention_counts_from_what_was_done_with_a_file(founded: Founded) -> None:
    """Another name and putting back are new content, as adding is; removing is none."""
    case_id = new_case(founded)
    today, context = founded.runtime.today(), founded.context(CASEWORKER)
    attachment_id = add(context, case_id, "call.mp3", recording())
    deeds: list[tuple[Callable[[Context], None], int]] = [
        (lambda at: keeping.change_file(at, case_id, attachment_id, 1, "call of May.mp3", ""), 1),
        (lambda at: keeping.remove_file(at, case_id, attachment_id), 1),
        (lambda at: keeping.restore_file(at, case_id, attachment_id), 3),
    ]
    for days, (deed, counts_from) in enumerate(deeds, 1):
        deed(later(founded, days))
        assert get_case(context, case_id).facts.touched_on == today + timedelta(days=counts_from)


def test_files_that_have_to_stay_take_no_lock(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Held, in the bin, or of a case that is not the member's: left out before anything is locked."""
    held, binned, hidden = new_case(founded), new_case(founded), new_case(founded, team_only=True)
    for case_id in (held, binned, hidden):
        attachment_id = add(founded.context(CASEWORKER), case_id, "call.mp3", recording())
        keeping.remove_file(founded.context(CASEWORKER), case_id, attachment_id)
    hold_case(founded.context(COORDINATOR), held, 1)
    bin_case(founded.context(CASEWORKER), binned, 1)
    before = kept_files(founded)
    with monkeypatch.context() as patch:
        patch.setattr(sweeping, "transaction", lambda *_args: pytest.fail("it was locked"))
        assert not sweeping.erase_removed_file(later(founded, 40, COLLEAGUE))
    assert kept_files(founded) == before
    release_case(founded.context(COORDINATOR), held, 2)
    assert sweeping.erase_removed_file(later(founded, 40, COLLEAGUE))
    assert not sweeping.erase_removed_file(later(founded, 40, COLLEAGUE))
    assert len(kept_files(founded)) == 2
