"""The languages of screens and files: the one list of them. How to add one: docs/translating.md."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

_DAY_OF = re.compile(r"(?<=[0-9]) de ")

ENGLISH = "en"
"""The language that the texts are written in, and that stands in where another has none yet."""


@dataclass(frozen=True, slots=True)
class Language:
    """What a language calls itself, and how dates, times and numbers are written in it.

    `locale` is the CLDR's name for it as it is spoken here, `bip39` the list of words that passphrases are
    made of: the language's own, or "english" where there is none. The rest is what the CLDR does not know, or
    knows otherwise: `clock` is a pattern of its for hours and minutes or the name of one, `first_of_month`
    how a day that begins with 1 begins, `padded_hours` whether 7:05 may be 07:05.
    """

    name: str
    locale: str
    bip39: str
    clock: str = "short"
    first_of_month: str = "1"
    padded_hours: bool = True

    def set_day(self, text: str) -> str:
        """Set a day or a month: "1er mars 2026", "17 de marzo de 2026", which divides at its middle alone."""
        whole = _DAY_OF.sub("\u00a0de ", text).replace("de ", "de\u00a0")
        return f"{self.first_of_month}{whole[1:]}" if whole.startswith("1 ") else whole

    def set_time(self, text: str) -> str:
        """Set a time of day, which no line divides: "7 h 59"."""
        whole = set_wide(text).replace(" ", "\u00a0")
        return whole if self.padded_hours else whole.removeprefix("0")


LANGUAGES: Mapping[str, Language] = MappingProxyType(
    {
        "en": Language("English", "en", "english"),
        "fr": Language("Français", "fr_CA", "french", first_of_month="1er", padded_hours=False),
        # Latin America's numbers: 1,234.5. Its "5:05 p.m." would end a sentence with two dots.
        "es": Language("Español", "es_419", "spanish", clock="H:mm"),
    }
)


WRITTEN_IN = ("en", "fr", "es")
"""The languages that members write releases, stories and own terms in.

Their sealed documents have exactly these (docs/vault-format.md): a further one needs their next schemas.
"""


def set_wide(text: str) -> str:
    """Put U+00A0 where the CLDR has a narrow space: the font lacks that one."""
    return text.replace("\u202f", "\u00a0")


def in_each(texts: Mapping[str, str]) -> Mapping[str, str]:
    """Give a text in every language, in English where it has none in a language yet."""
    return MappingProxyType({code: texts.get(code, texts[ENGLISH]) for code in LANGUAGES})
