"""Which texts are compiled: without them pages are partly in English."""

from pathlib import Path

from casework.domain.languages import ENGLISH, LANGUAGES

TRANSLATIONS = Path(__file__).resolve().parents[2] / "translations"


def list_uncompiled(folder: Path = TRANSLATIONS) -> list[str]:
    """Return the languages whose texts are not compiled, or changed since: their pages are part English."""
    codes = [code for code in LANGUAGES if code != ENGLISH]
    return [code for code in codes if not _is_compiled(folder / code / "LC_MESSAGES" / "messages.po")]


def _is_compiled(texts: Path) -> bool:
    compiled = texts.with_suffix(".mo")
    if not compiled.is_file():
        return False
    return not texts.is_file() or compiled.stat().st_mtime >= texts.stat().st_mtime
