"""Visiting the demonstration: as one of its fictional members, and making it new for the next visitor."""

from casework.domain.device import UNKNOWN_DEVICE, Device
from casework.errors import Forbidden, NotFound
from casework.services.context import Context
from casework.services.demonstration import DEMONSTRATION_MEMBERS, DemonstrationMember
from casework.services.membership.members import get_own_profile
from casework.services.organization import is_demonstration
from casework.services.runtime import Runtime
from casework.services.signing_in.authentication import sign_in
from casework.services.signing_in.sessions import resolve
from casework.store.everything import delete_everything


def continue_as(runtime: Runtime, role: str, device: Device = UNKNOWN_DEVICE) -> str:
    """Start a session of the fictional member with this role; returns what the cookie carries.

    Raises NotFound for another role, and everywhere but in the demonstration.
    """
    member = next((one for one in DEMONSTRATION_MEMBERS if one.role == role), None)
    if member is None or not is_demonstration():
        raise NotFound("demonstration")
    return sign_in(runtime, member.login, member.passphrase, device=device)


def list_passphrases() -> tuple[DemonstrationMember, ...]:
    """List the fictional members, whose passphrases are public; nobody anywhere but in the demonstration."""
    return DEMONSTRATION_MEMBERS if is_demonstration() else ()


def find_chosen_language(runtime: Runtime, role: str, cookie: str) -> str:
    """Return the language that a visitor gave the fictional member's account; empty where nobody did."""
    found = resolve(runtime, cookie)
    language = get_own_profile(found).language if isinstance(found, Context) else ""
    return "" if (role, language) in {(one.role, one.language) for one in DEMONSTRATION_MEMBERS} else language


def empty_demonstration(runtime: Runtime) -> None:
    """Delete everything in the demonstration, the sessions and a seal included; it is to be filled again.

    Raises Forbidden, with nothing deleted, unless the database itself says that it is the demonstration.
    """
    if not is_demonstration():
        raise Forbidden("demonstration")
    delete_everything()
    runtime.forget()
