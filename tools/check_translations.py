"""Every text has its translation: `python -m tools.check_translations build/messages.pot fr`.

Refuses what is missing, empty or fuzzy, a placeholder that the translation lost, and in French an ordinary
space where one that does not break belongs.
"""

import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

TRANSLATIONS = Path("casework/translations")
BREAKING = re.compile(r" [:;?!»]|« ")


def main(template: str, *languages: str) -> int:
    """1 if a fault was found in one of the languages, each printed with its text."""
    with Path(template).open("rb") as file:
        wanted = [message for message in read_po(file) if message.id]
    found = [fault for language in languages for fault in faults(wanted, language, _catalogue(language))]
    print("\n".join(found) if found else f"{len(wanted)} texts, all translated ({', '.join(languages)})")
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
    if language == "fr" and any(BREAKING.search(form or "") for form in forms):
        said.append("an ordinary space before : ; ? ! » or after «")
    return said


def _catalogue(language: str) -> Catalog:
    path = TRANSLATIONS / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
