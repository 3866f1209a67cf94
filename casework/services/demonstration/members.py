"""Who signs in to the demonstration. Their passphrases are public: anybody may continue as one of them."""

from dataclasses import dataclass

from casework.domain.permissions import Role
from casework.errors import Forbidden, NotFound
from casework.services.members import is_demonstration
from casework.services.runtime import Runtime
from casework.services.sessions import sign_in


@dataclass(frozen=True, slots=True)
class DemonstrationMember:
    """A member of the fictional organization, one of each role."""

    role: Role
    login: str
    display_name: str
    language: str
    passphrase: str


CASEWORKER = DemonstrationMember(
    Role.CASEWORKER, "ines", "Inès", "fr", "abeille cerise galaxie miroir tambour"
)
COORDINATOR = DemonstrationMember(Role.COORDINATOR, "lucie", "Lucie", "en", "basket comic lemon pilot velvet")
ADVOCATE = DemonstrationMember(Role.ADVOCATE, "maren", "Maren", "en", "anchor dinner maple puzzle winter")

DEMONSTRATION_MEMBERS = (CASEWORKER, COORDINATOR, ADVOCATE)


def continue_as(runtime: Runtime, role: str) -> str:
    """Sign in as the fictional member with this role; returns what the cookie carries.

    Raises Forbidden where the organization is a real one, NotFound for no such role, WrongPassphrase once
    somebody who tried it has given that member another passphrase.
    """
    if not is_demonstration():
        raise Forbidden("demonstration")
    for member in DEMONSTRATION_MEMBERS:
        if member.role == role:
            return sign_in(runtime, member.login, member.passphrase)
    raise NotFound("demonstration member")
