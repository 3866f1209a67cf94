"""Signing in at a terminal: keys for one command, and no session anywhere."""

from casework.errors import Forbidden, WrongPassphrase
from casework.services.context import Context, build_context
from casework.services.runtime import Runtime
from casework.services.transactions import transaction
from casework.store.members import find_member_by_login
from casework.vault.passphrase import open_seed, spend_attempt


def open_at_terminal(runtime: Runtime, login: str, passphrase: str) -> Context:
    """Return the member's context, and write into the audit log that they signed in.

    Raises WrongPassphrase alike for an unknown name and a wrong passphrase, Forbidden for somebody whom no
    coordinator has admitted.
    """
    member = find_member_by_login(runtime.host_key.login_hmac(login))
    if member is None:
        spend_attempt(passphrase, runtime.host_key)
        raise WrongPassphrase("sign-in")
    secret = open_seed(
        passphrase, member.id, runtime.host_key, member.seed_sealed, version=member.seed_version
    )
    context = build_context(runtime, member.id, secret)
    if context.is_pending:
        raise Forbidden("pending")
    with transaction(context, "member.signed_in"):
        pass
    return context
