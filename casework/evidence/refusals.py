"""Why no cleaned copy could be made: permanent codes, which stand in sealed documents."""


class Uncleanable(Exception):
    """No copy without metadata can be made; `code` is one of those below."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Busy(Exception):
    """Other files are being cleaned, and the wait for a turn was too long."""


NO_WAY = "no_way"
"""No copy is made of this kind of file."""
DAMAGED = "damaged"
PROTECTED = "protected"
"""It asks for a passphrase."""
TOO_MANY_PIXELS = "too_many_pixels"
TOO_MUCH = "too_much"
"""It took too much memory or time: so large, or made so on purpose."""

CODES = (NO_WAY, DAMAGED, PROTECTED, TOO_MANY_PIXELS, TOO_MUCH)
