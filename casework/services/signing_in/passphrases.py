"""Choosing a passphrase: five words that are proposed, or others that are strong enough."""

from dataclasses import dataclass

from casework.domain.messages import N_
from casework.errors import Invalid, NotFound
from casework.services import unfinished
from casework.services.runtime import Runtime
from casework.vault import passphrase as vault

_KIND = "passphrase"


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody typed. `repeated` is None for who was shown `suggestion` and types it back."""

    typed: str
    repeated: str | None = None
    suggestion: str = ""

    def __repr__(self) -> str:
        """Show nothing of it."""
        return "Choice(…)"


def generate(language: str) -> str:
    """Return five random words of the language."""
    return vault.generate(language)


def suggest(runtime: Runtime, cookie: str, language: str, another: bool = False) -> tuple[str, str]:
    """Return what the cookie has to carry, and the words proposed: the same ones until `another`."""
    found = find_suggestion(cookie)
    if found and not another:
        return cookie, found
    words = generate(language)
    document = {"schema": 1, "kind": _KIND, "words": words}
    return unfinished.keep(runtime, cookie, document), words


def find_suggestion(cookie: str) -> str:
    """Return the words proposed to this browser, empty when there are none any more."""
    try:
        return str(unfinished.load(cookie, _KIND)["words"])
    except NotFound:
        return ""


def check(choice: Choice, own_words: tuple[str, ...]) -> None:
    """Raise Invalid naming `passphrase` or `repeated` unless the choice can be taken.

    `own_words` are the names that somebody who guesses would try first.
    """
    if choice.repeated is None:
        if not choice.suggestion or not vault.same_passphrase(choice.suggestion, choice.typed):
            raise Invalid(passphrase=N_("These are not the five words above. Compare them one by one."))
        return
    vault.require_strong(choice.typed, own_words)
    if not vault.same_passphrase(choice.typed, choice.repeated):
        raise Invalid(repeated=N_("The two passphrases differ. Type the same one again."))
