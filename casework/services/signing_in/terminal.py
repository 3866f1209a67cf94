"""Signing in at a terminal: keys for one command, and no session anywhere."""

from collections.abc import Callable

from casework.errors import Forbidden
from casework.services.context import Context, build_context
from casework.services.runtime import Runtime
from casework.services.signing_in.authentication import open_member, take_code


def open_at_terminal(
    runtime: Runtime, login: str, passphrase: str, ask_code: Callable[[], str] = str
) -> Context:
    """Return the member's context, and write into the audit log that they signed in.

    `ask_code` is called where a second factor asks for a code. Raises WrongPassphrase alike for an unknown
    name and a wrong passphrase, TooSoon after too many, Invalid naming `code`, Forbidden for somebody whom no
    coordinator has admitted, or who has still to set up the second factor that they need.
    """
    member, secret = open_member(runtime, login, passphrase)
    context = build_context(runtime, member.id, secret)
    if context.is_pending or context.must_enrol:
        raise Forbidden("pending" if context.is_pending else "second factor")
    code = ask_code() if context.has_second_factor else ""
    take_code(runtime, context.member_id, secret, code)
    return context
