"""The languages of screens and files: the one list of them. How to add one: docs/translating.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

ENGLISH = "en"
"""The language that the texts are written in, and that stands in where another has none yet."""


@dataclass(frozen=True, slots=True)
class Language:
    """What a language calls itself, and how dates, times and numbers are written in it.

    `locale` is the CLDR's name for it as it is spoken here, `bip39` the list of words that passphrases are
    made of: the language's own, or "english" where there is none. The rest is what the CLDR does not know:
    `first_of_month` is how a day that begins with 1 begins, `padded_hours` whether 7:05 may be 07:05.
    """

    name: str
    locale: str
    bip39: str
    first_of_month: str = "1"
    padded_hours: bool = True

    def set_day(self, text: str) -> str:
        """Set a day as the language does: "1er mars 2026"."""
        return f"{self.first_of_month}{text[1:]}" if text.startswith("1 ") else text

    def set_time(self, text: str) -> str:
        """Set a time of day, which no line divides: "7 h 59"."""
        whole = set_wide(text).replace(" ", "\u00a0")
        return whole if self.padded_hours else whole.removeprefix("0")


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        "en": Language("English", "en", "english"),
        "fr": Language("Français", "fr_CA", "french", first_of_month="1er", padded_hours=False),
        # Latin America's, as most who read it here write dates and numbers: 5:05 p.m., 1,234.5.
        "es": Language("Español", "es_419", "spanish"),
    }
)


def set_wide(text: str) -> str:
    """Put U+00A0 where the CLDR has a narrow space: the font lacks that one."""
    return text.replace("\u202f", "\u00a0")


def in_each(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Give a text in every language, in English where it has none in a language yet."""
    return MappingProxyType({code: texts.get(code, texts[ENGLISH]) for code in LANGUAGES})
