"""A member as the others see them."""

from dataclasses import dataclass

from casework.errors import Invalid

from .documents import Document, read_text, require_same, require_shape, unreadable
from .folding import clean_line
from .languages import LANGUAGES
from .messages import N_


def clean_login(text: str) -> str:
    """Give a login name as it is kept everywhere: one trimmed line; `Invalid` naming `login` for no such.

    At most 80 characters: what one chooses here the page of signing in takes.
    """
    login = clean_line(text, "login", longest=80)
    if not login:
        raise Invalid(login=N_("Choose a name to sign in with."))
    return login


@dataclass(frozen=True, slots=True)
class MemberProfile:
    """The name that a member goes by here, and the language of their screens."""

    display_name: str
    language: str

    def __post_init__(self) -> None:
        """Tidy the name; `Invalid` names what is missing."""
        object.__setattr__(self, "display_name", clean_line(self.display_name, "display_name", longest=80))
        if not self.display_name:
            raise Invalid(display_name=N_("Write the name that the others should see."))
        if self.language not in LANGUAGES:
            raise Invalid(language=N_("Choose one of the listed languages."))

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {"schema": 1, "display_name": self.display_name, "language": self.language}

    @classmethod
    def from_document(cls, document: Document) -> "MemberProfile":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, {"schema", "display_name", "language"})
        try:
            member = cls(read_text(document, "display_name"), read_text(document, "language"))
        except Invalid:
            raise unreadable() from None
        require_same(document, member.to_document())
        return member
