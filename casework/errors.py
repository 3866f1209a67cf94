"""Every error that casework raises on purpose. No message holds record content or keys."""

from collections.abc import Iterator, Mapping, MutableMapping
from contextlib import contextmanager


class CaseworkError(Exception):
    """The root of the family."""


class NotFound(CaseworkError):
    """No such record, or none that the member may know of."""


class Forbidden(CaseworkError):
    """The member may know of the record, yet not do this with it."""


class Invalid(CaseworkError):
    """What was entered cannot be taken; `faults` names each field and says what to do."""

    def __init__(self, **faults: str) -> None:
        super().__init__("; ".join(f"{field}: {fault}" for field, fault in faults.items()))
        self.faults: Mapping[str, str] = faults


@contextmanager
def noting(faults: MutableMapping[str, str]) -> Iterator[None]:
    """Note what is wrong inside, and go on, so that all that is wrong is told at once.

    Of a field that has a fault already the first one stands.
    """
    try:
        yield
    except Invalid as invalid:
        for field, fault in invalid.faults.items():
            faults.setdefault(field, fault)


class Undecided(Invalid):
    """Decisions are missing before somebody else is asked to approve; names each."""


class ShareRefused(Invalid):
    """A recovery share cannot be taken. `reason` is a permanent code for the screen to put into words.

    `numbers` say which words of it are meant, how many are missing, or which sheet it is; never the words.
    """

    def __init__(self, reason: str, *numbers: int) -> None:
        super().__init__(words=reason)
        self.reason = reason
        self.numbers = numbers


class TooSoon(Invalid):
    """After too many wrong tries the next is not even looked at: `seconds` are to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__()
        self.seconds = seconds


class Conflict(CaseworkError):
    """Somebody else saved the record since it was read."""


class IndexUnusable(CaseworkError):
    """The coded index cannot answer; the records can.

    `reason` is a code: behind, damaged, hurt, none, uneven.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Closed(CaseworkError):
    """The host key is gone, or the organization was sealed: only a quorum of recovery shares opens it."""


class VaultError(CaseworkError):
    """Sealed bytes could not be opened."""


class Tampered(VaultError):
    """The bytes are not what was sealed here: changed, moved, truncated or forged."""


class UnknownKey(VaultError):
    """The key for these bytes is not in this keyring."""


class WrongPassphrase(VaultError):
    """The passphrase, the member or the host key does not fit this sealed seed."""


class WrongCode(VaultError):
    """No code of this second factor, or one that was accepted before."""


class CodeNeeded(CaseworkError):
    """The passphrase was right, and a code of the member's second factor has to follow.

    `halfway` is what the browser's ceremony cookie carries until then.
    """

    def __init__(self, halfway: str) -> None:
        super().__init__("second factor")
        self.halfway = halfway


class BackupFailed(CaseworkError):
    """No backup could be made, read or restored; the message is a sentence to translate, and says why."""


class MoveRefused(CaseworkError):
    """A database, or the files of cases, are not moved, or not further.

    The message is a sentence for whoever is at the terminal, and says why.
    """


class DisclosureRefused(CaseworkError):
    """No table that is safe to publish could be made; the message says why.

    `reason` is a permanent code for the screen to translate, `numbers` what its sentence needs.
    """

    def __init__(self, reason: str, detail: str = "", **numbers: int) -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.numbers: Mapping[str, int] = numbers


class ConfigError(CaseworkError):
    """A setting is missing or wrong; the message begins with the setting's name."""

    def __init__(self, setting: str, why: str) -> None:
        super().__init__(f"{setting}: {why}")
        self.setting = setting
