"""Showing once more who one is: for deeds that whoever finds a screen left open must not do."""

from dataclasses import replace

from casework.services.context import Context
from casework.services.signing_in.authentication import confirm_passphrase, take_code
from casework.services.signing_in.sessions import mark_confirmed


def confirm(context: Context, cookie: str, passphrase: str, code: str = "", address: str = "") -> Context:
    """Take the passphrase, and a code where there is a second factor; returns a context that is confirmed.

    In this session it counts for five minutes, until it is locked; within them nothing is asked. Raises as
    `confirm_passphrase` and `take_code` do. Call it before anything is read or written.
    """
    if context.is_confirmed:
        return context
    confirm_passphrase(context, passphrase, address)
    if context.has_second_factor:
        take_code(context.runtime, context.member_id, context.secret, code, address)
    mark_confirmed(context.runtime, cookie)
    return replace(context, is_confirmed=True)
