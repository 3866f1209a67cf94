"""Safekeeping: backups, drills, and when somebody last looked whether all is still there."""

from datetime import datetime, timedelta

from casework.domain.messages import N_
from casework.domain.recovery import DRILL_DAYS
from casework.services.doctor.facts import Backups, Drill, Looked, Unfinished
from casework.services.doctor.findings import Check, Finding, State, Value, unknown

LATE, TOO_LATE = timedelta(days=2), timedelta(days=7)
_LOOK_AGAIN = timedelta(days=DRILL_DAYS)


def check_backups(backups: Backups, now: datetime) -> Finding:
    """Whether there is a backup of these days."""
    advice = N_("Make one now, and let a timer make one every night: docs/operating.md.")
    if not backups.is_founded:
        return unknown(Check.BACKUP, N_("There is no organisation yet, and nothing to back up."))
    if backups.failures:
        advice = N_("Look at the page of backups and at the server’s log, mend it, and back up.")
        return Finding(Check.BACKUP, State.WRONG, backups.failures[0], advice)
    if backups.newest_at is None:
        return Finding(Check.BACKUP, State.WRONG, N_("There is no backup in the folder."), advice)
    sentence, values = N_("The newest backup is of %(time)s."), {"time": backups.newest_at}
    age = now - backups.newest_at
    if age > LATE:
        state = State.WRONG if age > TOO_LATE else State.WARNING
        return Finding(Check.BACKUP, state, sentence, advice, values)
    return Finding(Check.BACKUP, State.FINE, sentence, values=values)


def check_drill(drill: Drill | None) -> Finding:
    """Whether the shares were tried together within half a year."""
    if drill is None:
        return unknown(
            Check.DRILL, N_("Only a coordinator who has signed in sees it: Backups, How the server is.")
        )
    advice = N_("Hold one: Members, Recovery shares. The keepers enter their shares, and nothing changes.")
    if drill.drilled_on is None:
        sentence = N_("The recovery shares were never tried together.")
        return Finding(Check.DRILL, State.WARNING, sentence, advice)
    sentence, values = N_("The recovery shares were last tried on %(day)s."), {"day": drill.drilled_on}
    if drill.is_overdue:
        return Finding(Check.DRILL, State.WARNING, sentence, advice, values)
    return Finding(Check.DRILL, State.FINE, sentence, values=values)


def check_audit_log(looked: Looked | None, now: datetime) -> Finding:
    """Whether somebody held the log against the records within half a year, and what came of it."""
    advice = N_("Verify it: Members, Audit log, Verify the log.")
    return _check_looked(Check.AUDIT_LOG, looked, now, advice)


def check_records(looked: Looked | None, now: datetime) -> Finding:
    """Whether somebody opened every record within half a year, and what came of it."""
    advice = N_("Check them: Backups, Check every record.")
    return _check_looked(Check.RECORDS, looked, now, advice)


def _check_looked(check: Check, looked: Looked | None, now: datetime, advice: str) -> Finding:
    if looked is None:
        return Finding(check, State.WARNING, N_("Nobody has checked it yet."), advice)
    values: dict[str, Value] = {"time": looked.at, "count": looked.wrong}
    if looked.wrong:
        sentence = N_("The check of %(time)s found faults: %(count)s.")
        advice = N_("Read what it found on its page, and call who looks after the server.")
        return Finding(check, State.WRONG, sentence, advice, values)
    if not looked.is_finished:
        sentence = N_("The check of %(time)s has not finished.")
        return Finding(check, State.WARNING, sentence, advice, values)
    sentence = N_("Nothing was wrong at the check of %(time)s.")
    if now - looked.at > _LOOK_AGAIN:
        return Finding(check, State.WARNING, sentence, advice, values)
    return Finding(check, State.FINE, sentence, values=values)


def check_unfinished(unfinished: Unfinished | None) -> Finding:
    """Whether keys or shares were renewed, and the rest still lies under the old ones."""
    if unfinished is None:
        return unknown(Check.UNFINISHED, N_("The list of members could not be read."))
    values = {"keys": unfinished.keys, "sealed": unfinished.sealed, "lost": unfinished.lost}
    if unfinished.lost:
        sentence = N_("Records that no member can seal to the recovery shares in force: %(lost)s.")
        advice = N_("See Members, Recovery shares: enough sheets of the earlier shares open them.")
        return Finding(Check.UNFINISHED, State.WRONG, sentence, advice, values)
    if unfinished.keys or unfinished.sealed:
        sentence = N_(
            "Still to be done: keys of cases to wrap anew: %(keys)s; records to seal to the shares in"
            " force: %(sealed)s."
        )
        advice = N_("It goes on by itself while members who hold the keys are signed in.")
        return Finding(Check.UNFINISHED, State.WARNING, sentence, advice, values)
    return Finding(Check.UNFINISHED, State.FINE, N_("Nothing waits to be renewed."))
