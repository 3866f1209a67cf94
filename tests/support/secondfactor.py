"""A device with an authenticator app, for tests: it gives each code once."""

import time
from base64 import b32decode
from dataclasses import dataclass, field

from casework.services.context import Context
from casework.services.membership.memberkeys import get_member_row
from casework.services.signing_in.secondfactorrecord import write_record
from casework.services.transactions import transaction
from casework.vault.secondfactor import STEP_SECONDS, SecondFactor, code_at, hash_recovery_code, new_secret

SPARE = "K7QX-M2PD-9WTR"
"""A recovery code of every second factor that `equip` gives."""


@dataclass
class Device:
    """What holds the secret."""

    secret: bytes = field(repr=False)
    used_step: int = 0

    @classmethod
    def scan(cls, text: str) -> "Device":
        """Take the secret as the page writes it."""
        return cls(b32decode(text.replace(" ", "")))

    def fresh_code(self) -> str:
        """Return a code that was not given yet, for a server on this machine; waits where it has to."""
        step = max(self.used_step + 1, int(time.time()) // STEP_SECONDS)
        while step > int(time.time()) // STEP_SECONDS + 1:
            time.sleep(1)
        self.used_step = step
        return code_at(self.secret, step)

    def code(self, now_seconds: int, later: int = 0) -> str:
        """Return the code of now, or of so many steps later."""
        return code_at(self.secret, now_seconds // STEP_SECONDS + later)


def equip(context: Context) -> Device:
    """Give a member a second factor, without the pages for it; build their context anew afterwards."""
    device = Device(new_secret())
    with transaction(context, "account.second_factor_set"):
        factor = SecondFactor(device.secret, 0, (hash_recovery_code(SPARE),))
        write_record(get_member_row(context.member_id), context.secret, factor)
    return device
