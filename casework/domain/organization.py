"""The organization that this instance belongs to."""

from dataclasses import dataclass

from casework.errors import Invalid

from .documents import Document, read_text, require_same, require_shape, unreadable
from .folding import clean_line
from .languages import LANGUAGES
from .messages import N_


@dataclass(frozen=True, slots=True)
class OrganizationProfile:
    """Its name, the languages it works in, and the one that new members meet first."""

    name: str
    languages: tuple[str, ...]
    default_language: str

    def __post_init__(self) -> None:
        """Tidy the name; `Invalid` names what is missing or does not fit together."""
        object.__setattr__(self, "name", clean_line(self.name, "name"))
        if not self.name:
            raise Invalid(name=N_("Write the name of the organisation."))
        if not self.languages or self.languages != tuple(c for c in LANGUAGES if c in self.languages):
            raise Invalid(languages=N_("Choose at least one language."))
        if self.default_language not in self.languages:
            raise Invalid(default_language=N_("Choose one of the languages of the organisation."))

    def to_document(self) -> Document:
        """Give the plain form that is sealed, schema 1."""
        return {
            "schema": 1,
            "name": self.name,
            "languages": list(self.languages),
            "default_language": self.default_language,
        }

    @classmethod
    def from_document(cls, document: Document) -> "OrganizationProfile":
        """Read what `to_document` gave; `Invalid(document=…)` for anything else."""
        require_shape(document, {"schema", "name", "languages", "default_language"})
        languages = document["languages"]
        if type(languages) is not list:
            raise unreadable()
        try:
            default_language = read_text(document, "default_language")
            organization = cls(read_text(document, "name"), tuple(languages), default_language)
        except Invalid:
            raise unreadable() from None
        require_same(document, organization.to_document())
        return organization
