"""What is entered in the story, to be looked for afterwards."""

import base64
from dataclasses import dataclass, field

from tests.support.canary import canary
from tests.support.secondfactor import Device
from tests.support.visitor import Visitor

CODES = ("roadside_blitz", "licence_plate_check", "cbsa_called")


@dataclass
class Planted:
    """Every canary by where it was entered, and the cookies and links that were given out, in base64.

    `codes` are the recovery codes of the coordinator's second factor, `device` has its secret.
    """

    strings: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    device: Device = field(default_factory=lambda: Device(b""))

    def new(self, where: str) -> str:
        """Make the canary of a place; the same one when it is asked for again."""
        return self.strings.setdefault(where, canary(where.rpartition(" ")[2]))

    def passphrase(self, whose: str) -> str:
        """Make two canaries that are a passphrase together."""
        return f"{self.new(whose + ' first')} {self.new(whose + ' second')}"

    def take(self, visitor: Visitor) -> None:
        """Take in the cookies that a visitor was given."""
        self.secrets += [value for value in visitor.given if len(value) == 43]

    def names(self) -> dict[str | bytes, str]:
        """Return everything that must lie nowhere in plain, with what it is called."""
        names: dict[str | bytes, str] = {text: name for name, text in self.strings.items()}
        names |= {code: "a coded answer" for code in CODES}
        names |= {code: "a recovery code" for code in self.codes}
        names |= {self.device.secret: "the secret of a second factor"}
        for secret in self.secrets:
            names |= {secret: "a cookie or link", base64.urlsafe_b64decode(secret + "=="): "its bytes"}
        return names
