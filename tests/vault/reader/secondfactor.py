"""§8: the second factor, a document under the member's own key."""

import hashlib
import hmac
from dataclasses import dataclass

from tests.vault.reader.conventions import digest, from_base64url, read_document, to_base64url, u64
from tests.vault.reader.refusals import WrongCode, require

PERIOD_SECONDS = 30
CODES = 10
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})


@dataclass(frozen=True)
class SecondFactor:
    """What codes are checked with."""

    secret: bytes
    last_step: int
    recovery_codes: tuple[bytes, ...]

    def code_at(self, step: int) -> str:
        """Return the code of a step: TOTP."""
        mac = hmac.new(self.secret, u64(step), hashlib.sha1).digest()
        place = mac[-1] & 15
        return f"{(int.from_bytes(mac[place : place + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"

    def check(self, typed: str, now_seconds: int) -> "SecondFactor":
        """Return it as it is after a code that fits; raises WrongCode."""
        code = "".join(c for c in typed.upper() if not c.isspace() and c != "-").translate(ALIKE)
        if len(code) == 6 and code.isdecimal():
            now = now_seconds // PERIOD_SECONDS
            for step in (now - 1, now, now + 1):
                if step > self.last_step and self.code_at(step) == code:
                    return SecondFactor(self.secret, step, self.recovery_codes)
            raise WrongCode("code")
        hashed = digest("casework v1 recovery code", code)
        if hashed not in self.recovery_codes:
            raise WrongCode("code")
        left = tuple(one for one in self.recovery_codes if one != hashed)
        return SecondFactor(self.secret, self.last_step, left)

    def encode(self) -> bytes:
        """Return the document."""
        codes = ",".join(f'"{to_base64url(code)}"' for code in self.recovery_codes)
        secret = to_base64url(self.secret)
        text = f'{{"last_step":{self.last_step},"recovery_codes":[{codes}],"schema":1,"secret":"{secret}"}}'
        return text.encode()


def read_second_factor(encoded: bytes) -> SecondFactor:
    """Return it; a document of any other shape is refused."""
    document = read_document(encoded)
    require(document.keys() == {"schema", "secret", "last_step", "recovery_codes"}, "keys")
    schema, step, listed = document["schema"], document["last_step"], document["recovery_codes"]
    require(type(schema) is int and schema == 1 and type(step) is int and step >= 0, "schema or step")
    require(isinstance(listed, list) and len(listed) <= CODES, "codes")
    secret, codes = from_base64url(document["secret"]), tuple(from_base64url(code) for code in listed)
    require(len(secret) == 20 and all(len(code) == 32 for code in codes), "length")
    return SecondFactor(secret, step, codes)
