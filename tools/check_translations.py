"""Every text has its translation in each language: `python -m tools.check_translations build/messages.pot`.

Refuses what is missing, empty or fuzzy, a placeholder or a mark that the translation lost, and what is not
set as the language is. Without a template it names the languages that need a catalogue.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from casework.domain import languages

TRANSLATIONS = Path("casework/translations")
LANGUAGES = tuple(code for code in languages.LANGUAGES if code != languages.ENGLISH)
# What is not set as a language is; one that is not here has no rule yet. In French an ordinary space where
# one that does not break belongs; in Spanish a question or an exclamation without its beginning, quotation
# marks that are not “these”; in both a space that the font lacks, and a straight apostrophe.
BADLY_SET = {
    "fr": re.compile(r" [:;?!»]|« |\u202f|'"),
    "es": re.compile(r" [:;?!]|[«»]|\u202f|'|^[^¿]*\?|^[^¡]*!"),
}
MARK = re.compile(r"</?[a-z][^>]*>")


def main(template: str = "") -> int:
    """1 if a fault was found in one of the languages, each printed with its text."""
    if not template:
        print(*LANGUAGES)
        return 0
    with Path(template).open("rb") as file:
        wanted = [message for message in read_po(file) if message.id]
    found = [fault for language in LANGUAGES for fault in faults(wanted, language, _catalogue(language))]
    print("\n".join(found) if found else f"{len(wanted)} texts, all translated ({', '.join(LANGUAGES)})")
    return 1 if found else 0


def faults(wanted: list[Message], language: str, catalogue: Catalog) -> list[str]:
    """What is wrong with the language's translations, a line each."""
    said = []
    for message in wanted:
        translated = catalogue.get(message.id, message.context)
        said += [f"{language}: {fault}: {message.id!r}" for fault in _faults_of(translated, language)]
    return said


def _faults_of(translated: Message | None, language: str) -> list[str]:
    if translated is None:
        return ["not in the catalogue (make messages)"]
    forms = translated.string if isinstance(translated.string, (tuple, list)) else (translated.string,)
    if not all(forms):
        return ["not translated"]
    said = ["fuzzy"] if translated.fuzzy else []
    said += [str(error) for error in translated.check()]
    if any(sorted(MARK.findall(form or "")) != sorted(MARK.findall(_last(translated.id))) for form in forms):
        said.append("other marks than the English")
    badly_set = BADLY_SET.get(language)
    if badly_set and any(badly_set.search(form or "") for form in forms):
        said.append("a space, an apostrophe or a sign of punctuation that is not the language's")
    return said


def _last(text: object) -> str:
    return str(text[-1]) if isinstance(text, (tuple, list)) else str(text)


def _catalogue(language: str) -> Catalog:
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
