"""What a reader stops with (the word MUST of the document): neither key nor content is in it."""


class Refused(Exception):
    """What was given is not what the document describes."""


class Tampered(Refused):
    """The usual refusal."""


class UnknownKey(Refused):
    """It is sealed under a key that the reader does not hold."""


class WrongPassphrase(Refused):
    """The passphrase does not open the seed."""


class WrongCode(Refused):
    """The code of the second factor does not fit."""


def require(holds: bool, what: str) -> None:
    """Refuse unless it holds."""
    if not holds:
        raise Tampered(what)
