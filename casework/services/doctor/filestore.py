"""The store of files of cases, where they lie in one: whether it does what it has to."""

from collections.abc import Mapping

from casework.domain.messages import N_
from casework.services.doctor.facts import FilesStore
from casework.services.doctor.findings import Check, Finding, Size, State
from casework.store.sealedfiles import Away

_FAULTS: Mapping[Away, tuple[str, str]] = {
    Away.SILENT: (
        N_("The store of files does not answer."),
        N_("Look whether it runs, and whether this machine may reach it: ATTACHMENTS_URL, firewall, unit."),
    ),
    Away.REFUSED: (
        N_("The store of files refuses this casework."),
        N_(
            "The key of ATTACHMENTS_KEY_FILE has to read, write, list and delete in that bucket; and the"
            " clock has to be right."
        ),
    ),
    Away.MISSING: (
        N_("The store of files has no such bucket."),
        N_("Make the bucket, or correct ATTACHMENTS_URL."),
    ),
    Away.TAKEN: (
        N_("Another casework keeps its files in this folder of the bucket."),
        N_(
            "Give each a folder of its own in ATTACHMENTS_URL. If the other is gone for good, delete the"
            " object casework-owner there."
        ),
    ),
    Away.FAILED: (
        N_("The store of files answers, but does not do what it is asked."),
        N_("It may be full. Or it lacks what casework needs of it: docs/operating.md, Files of cases."),
    ),
}


def check_files_store(store: FilesStore) -> Finding:
    """Whether a file can be written, listed, read and deleted there, and is gone then."""
    if store.state.fault:
        sentence, advice = _FAULTS[store.state.fault]
        return Finding(Check.FILES_STORE, State.WRONG, sentence, advice)
    if store.state.keeps_versions:
        sentence = N_("The bucket keeps versions: what is deleted here stays there, sealed.")
        advice = N_("Switch versioning off for that bucket, or let it delete old versions after a day.")
        return Finding(Check.FILES_STORE, State.WARNING, sentence, advice)
    sentence = N_("Files of cases take %(used)s in the store; writing, reading and deleting there work.")
    return Finding(Check.FILES_STORE, State.FINE, sentence, values={"used": Size(store.used_bytes)})
