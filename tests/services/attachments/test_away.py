"""While the store of files is away, nothing is lost, and what is said is true."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from casework.errors import Invalid
from casework.services.attachments import copies, keeping
from casework.services.attachments.adding import add_attachment
from casework.services.attachments.sweeping import sweep_files
from casework.services.backups import making
from casework.services.backups.making import find_failure, make_backup
from casework.services.bin import bin_case
from casework.services.cases import get_case
from casework.services.doctor.facts import FilesStore
from casework.services.doctor.filestore import check_files_store
from casework.services.doctor.findings import State
from casework.services.erasing import erase_case
from casework.services.verifying.checking import Failure
from casework.services.verifying.files import verify_backup
from casework.services.verifying.live import verify_live
from casework.store.sealedfiles import FilesAway
from tests.services.attachments.test_adding import MAKER, add, kept_files, new_case, take
from tests.services.attachments.test_lasting import ignore, quorum
from tests.support.application import CASEWORKER, COORDINATOR, Founded
from tests.support.bucket import Bucket, StoreServer, serve_store, wait_out
from tests.support.files import photo, recording


@pytest.fixture
def database() -> str:
    """One is enough: it does not know where files lie."""
    return "sqlite"


@pytest.fixture
def attached() -> str:
    """In a bucket."""
    return "bucket"


@pytest.fixture
def own_server() -> Iterator[StoreServer]:
    """A store that may be ended."""
    with serve_store() as server:
        yield server


@pytest.fixture
def bucket(own_server: StoreServer) -> Bucket:
    """Of that store."""
    return own_server.new_bucket()


def verify(founded: Founded) -> list[Failure]:
    """Open everything, as a coordinator."""
    failures: list[Failure] = []
    verify_live(founded.context(), ignore, failures.append, ignore)
    return failures


def test_cut_in_the_middle_of_a_file(founded: Founded, own_server: StoreServer) -> None:
    """The field is named, nothing half stays, and the same file can be sent again once the store is back."""
    case_id, content = new_case(founded), recording(20_000_000)

    def arriving() -> Iterator[bytes]:
        for at in range(0, len(content), 100_000):
            if at == 15_000_000:
                own_server.stop()
            yield content[at : at + 100_000]

    with pytest.raises(Invalid) as refused:
        add_attachment(founded.context(CASEWORKER), case_id, "call.mp3", "From her lawyer", arriving())
    assert refused.value.faults == {"file": copies.STORE_AWAY}
    own_server.start()
    wait_out(founded.runtime.files)
    assert keeping.list_files(founded.context(CASEWORKER), case_id).present == []
    assert list(founded.runtime.files.list_names()) == []
    attachment_id = add(founded.context(CASEWORKER), case_id, "call.mp3", content, "From her lawyer")
    assert take(founded.context(CASEWORKER), case_id, attachment_id, "original") == content


def test_what_is_away_is_not_called_hurt(founded: Founded, own_server: StoreServer) -> None:
    """Taking a file, on its way too; verifying goes through the rest and names what it could not look at."""
    case_id, content = new_case(founded), recording(20_000_000)
    first = add(founded.context(CASEWORKER), case_id, "call.mp3", content)
    second = add(founded.context(CASEWORKER), case_id, "street.jpg", photo())
    given = keeping.give_copy(founded.context(CASEWORKER), case_id, first, "original").content
    assert next(given) == content[:65536]
    own_server.stop()
    with pytest.raises(FilesAway):
        b"".join(given)
    with pytest.raises(FilesAway):
        keeping.give_copy(founded.context(CASEWORKER), case_id, second, "original")
    page = founded.client(CASEWORKER).get(f"/cases/{case_id}/files/{second}/cleaned")
    assert page.status_code == 503 and "The store of files does not answer" in page.text
    failures = verify(founded)
    assert {one.row for one in failures} == {str(first), str(second)} and len(failures) == 2
    assert all("was not looked at" in one.reason for one in failures)
    own_server.start()
    wait_out(founded.runtime.files)
    assert verify(founded) == []


def test_a_backup_is_made_without_them_and_says_so(founded: Founded, own_server: StoreServer) -> None:
    """The database is safe either way; the next backup has everything, and nothing is said any more."""
    add(founded.context(CASEWORKER), new_case(founded), "street.jpg", photo())
    own_server.stop()
    make_backup(founded.runtime)
    assert find_failure(founded.runtime) == making._STORE_AWAY
    own_server.start()
    wait_out(founded.runtime.files)
    later = replace(founded.runtime, now=lambda: founded.runtime.now() + timedelta(minutes=1))
    whole, failures = make_backup(later), list[Failure]()
    assert find_failure(founded.runtime) is None
    verify_backup(founded.runtime, whole, quorum(founded), ignore, failures.append, ignore)
    assert failures == []


def test_what_was_erased_meanwhile_is_deleted_later(founded: Founded, own_server: StoreServer) -> None:
    """Its keys are gone at once; its bytes, once the store is back and somebody sweeps."""
    case_id = new_case(founded)
    add(founded.context(CASEWORKER), case_id, "call.mp3", recording())
    bin_case(founded.context(CASEWORKER), case_id, get_case(founded.context(CASEWORKER), case_id).version)
    own_server.stop()
    erase_case(founded.context(COORDINATOR), case_id)
    with pytest.raises(FilesAway):
        sweep_files(founded.runtime, 0.0)
    own_server.start()
    wait_out(founded.runtime.files)
    assert len(kept_files(founded)) == 1
    assert sweep_files(founded.runtime, 0.0) == 1
    assert kept_files(founded) == []


def test_the_store_holds_no_word_of_it(founded: Founded, own_server: StoreServer) -> None:
    """Neither content nor name, note or case: in no object, and in no name of one."""
    case_id = new_case(founded)
    words = [
        b"Letter to her lawyer",
        b"letter-of-refusal",
        MAKER.encode(),
        case_id.hex.encode(),
        case_id.bytes,
    ]
    content = b"%PDF-1.7\n" + words[0] * 100_000 + b"\n%%EOF"
    add(founded.context(CASEWORKER), case_id, "letter-of-refusal.pdf", content, MAKER)
    add(founded.context(CASEWORKER), case_id, "street.jpg", photo(MAKER))
    objects = [path for path in own_server.folder.rglob("*") if path.is_file()]
    assert len(objects) >= 5
    for path in objects:
        seen = str(path.relative_to(own_server.folder)).encode() + path.read_bytes()
        assert [word for word in words if word in seen] == []


def test_doctor_says_what_is_wrong(founded: Founded, own_server: StoreServer) -> None:
    """Asked by casework's own way; it leaves nothing of its try behind."""
    add(founded.context(CASEWORKER), new_case(founded), "call.mp3", recording())
    before = kept_files(founded)

    def look() -> State:
        state = founded.runtime.files.examine()
        assert state is not None
        return check_files_store(FilesStore(state, 0)).state

    assert look() == State.FINE
    assert kept_files(founded) == before
    own_server.stop()
    assert look() == State.WRONG
