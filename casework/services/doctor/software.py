"""casework itself: its process, its tables, its texts."""

from casework.domain.messages import N_
from casework.services.doctor.facts import Process, Sessions
from casework.services.doctor.findings import Check, Finding, Size, State, Value, unknown

_RESTART = N_("Restart casework (systemctl restart casework).")


def check_process(process: Process) -> Finding:
    """Whether the server answers, with the code that lies there now."""
    if not process.is_server:
        return _check_from_outside(process)
    if process.began_at is None:
        return unknown(Check.SERVER)
    values: dict[str, Value] = {"time": process.began_at, "memory": Size(process.memory_bytes)}
    if process.changed_at and process.changed_at > process.began_at:
        sentence = N_("This process began at %(time)s, and casework’s own files were changed since.")
        return Finding(Check.SERVER, State.WARNING, sentence, _RESTART, values)
    sentence = N_("This process has answered since %(time)s and takes %(memory)s of memory.")
    return Finding(Check.SERVER, State.FINE, sentence, values=values)


def _check_from_outside(process: Process) -> Finding:
    if process.answers is None:
        sentence = N_("casework does not answer at its address: it is not running, or it hangs.")
        advice = N_(
            "Start it (systemctl start casework), and read why it ended (journalctl -u casework). An upgrade"
            " that was cut off keeps it closed: make upgrade finishes it."
        )
        return Finding(Check.SERVER, State.WRONG, sentence, advice)
    if not process.answers:
        sentence = N_("casework answers, and cannot reach its database or its sessions.")
        advice = N_(
            "Look whether the database runs, and Redis where there is one, and at the server’s log"
            " (journalctl -u casework)."
        )
        return Finding(Check.SERVER, State.WRONG, sentence, advice)
    return Finding(Check.SERVER, State.FINE, N_("casework answers, and reaches its database."))


def check_sessions(sessions: Sessions) -> Finding:
    """Whether open sessions lie in memory alone, and where every host finds them."""
    if sessions.fault:
        sentence = N_("Redis does not answer, or is not set up as it must be: nobody can be signed in.")
        advice = N_("Start Redis, and set it up as docs/several-hosts.md says.")
        return Finding(Check.SESSIONS, State.WRONG, sentence, advice, where=(sessions.fault,))
    if sessions.is_shared:
        return Finding(Check.SESSIONS, State.FINE, N_("They lie in Redis, which writes nothing to a disk."))
    return Finding(Check.SESSIONS, State.FINE, N_("They lie in the memory of this machine."))


def check_schema(is_current: bool | None) -> Finding:
    """Whether the database has the tables that this casework knows."""
    if is_current is None:
        sentence = N_("The database could not be read.")
        advice = N_("Look whether it runs, and at the server’s log (journalctl -u casework).")
        return Finding(Check.SCHEMA, State.WRONG, sentence, advice)
    if not is_current:
        sentence = N_("The database is of another version than casework.")
        return Finding(Check.SCHEMA, State.WRONG, sentence, _RESTART)
    return Finding(Check.SCHEMA, State.FINE, N_("The database answers, and is of this version."))


def check_languages(uncompiled: tuple[str, ...]) -> Finding:
    """Whether every page is whole in every language."""
    if uncompiled:
        sentence = N_("Pages are partly in English in: %(languages)s.")
        values = {"languages": ", ".join(uncompiled)}
        return Finding(
            Check.LANGUAGES, State.WARNING, sentence, N_("Run make install, then restart."), values
        )
    return Finding(Check.LANGUAGES, State.FINE, N_("The texts of every language are there."))
