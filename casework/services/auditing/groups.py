"""Which events of the audit log belong together, so that somebody can look for one kind of deed."""

from enum import StrEnum


class Group(StrEnum):
    """A kind of deed, in the order of the filter."""

    READING = "reading"
    RECORDS = "records"
    PATTERNS = "patterns"
    EXPORTS = "exports"
    ACCESS = "access"
    MEMBERS = "members"
    ORGANIZATION = "organization"


# By the event's whole name, else by what stands before its point.
_GROUPS = {
    "access_request": Group.EXPORTS,
    "account": Group.ACCESS,
    "act": Group.RECORDS,
    "attachment": Group.RECORDS,
    "attachment.original_taken": Group.EXPORTS,
    "attachment.taken": Group.EXPORTS,
    "attachment.viewed": Group.READING,
    "audit.read": Group.READING,
    "backup": Group.EXPORTS,
    "case": Group.RECORDS,
    "case.exported": Group.EXPORTS,
    "case.read": Group.READING,
    "cases": Group.RECORDS,
    "cases.exported": Group.EXPORTS,
    "consents": Group.RECORDS,
    "draft": Group.RECORDS,
    "erasures": Group.RECORDS,
    "export": Group.EXPORTS,
    "follow_up": Group.RECORDS,
    "follow_ups": Group.RECORDS,
    "import": Group.RECORDS,
    "incident": Group.RECORDS,
    "incidents": Group.RECORDS,
    "incidents.exported": Group.EXPORTS,
    "invitation": Group.MEMBERS,
    "member": Group.MEMBERS,
    "member.signed_in": Group.ACCESS,
    "official_count": Group.EXPORTS,
    "official_counts": Group.EXPORTS,
    "own_term": Group.PATTERNS,
    "pattern": Group.PATTERNS,
    "person": Group.RECORDS,
    "proposal": Group.PATTERNS,
    "question": Group.EXPORTS,
    "policy": Group.PATTERNS,
    "records": Group.EXPORTS,
    "session": Group.ACCESS,
    "signal": Group.PATTERNS,
}


def group_of(event: str) -> Group:
    """Return the group of an event; what belongs to none of the others is a matter of the organization."""
    return _GROUPS.get(event) or _GROUPS.get(event.partition(".")[0], Group.ORGANIZATION)
