"""Signing in at a terminal: keys for one command, and no session anywhere."""

from casework.errors import Forbidden
from casework.services.authentication import open_member
from casework.services.context import Context, build_context
from casework.services.runtime import Runtime
from casework.services.transactions import transaction


def open_at_terminal(runtime: Runtime, login: str, passphrase: str) -> Context:
    """Return the member's context, and write into the audit log that they signed in.

    Raises WrongPassphrase alike for an unknown name and a wrong passphrase, TooSoon after too many, Forbidden
    for somebody whom no coordinator has admitted.
    """
    member, secret = open_member(runtime, login, passphrase)
    context = build_context(runtime, member.id, secret)
    if context.is_pending:
        raise Forbidden("pending")
    with transaction(context, "member.signed_in"):
        pass
    return context
