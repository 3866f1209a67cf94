"""Who signs in to the demonstration. Their passphrases are public: anybody may continue as one of them."""

from dataclasses import dataclass

from casework.domain.permissions import Role


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
