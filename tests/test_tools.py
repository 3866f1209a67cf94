"""What the Makefile calls: the translation check and the system's parts."""

import re
import subprocess
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog

from tools import check_translations, system_parts

ROOT = Path(__file__).parent.parent


def _said(language: str, text: str, translation: str, *flags: str) -> list[str]:
    wanted = Catalog()
    wanted.add(text, flags=["python-format"] if "%" in text else [])
    translated = Catalog(locale=language)
    translated.add(text, translation, flags=[*flags, *(["python-format"] if "%" in text else [])])
    return check_translations.faults([message for message in wanted if message.id], language, translated)


def test_a_good_translation_has_no_fault() -> None:
    """Translated, not fuzzy, placeholders kept, spaces that do not break."""
    assert _said("fr", "Hello %(name)s:", "Bonjour %(name)s\N{NO-BREAK SPACE}:") == []
    assert _said("es", "Why, %(name)s?", "¿Por qué, %(name)s?") == []
    assert _said("es", "<b>No</b>!", "¡<b>No</b>!") == []


@pytest.mark.parametrize(
    ("language", "text", "translation", "flags", "fault"),
    [
        ("fr", "Hello", "", (), "not translated"),
        ("fr", "Hello", "Bonjour", ("fuzzy",), "fuzzy"),
        ("fr", "Hello %(name)s", "Bonjour %(nom)s", (), "nom"),
        ("fr", "Who?", "Qui ?", (), "a space"),
        ("es", "Who?", "Quién?", (), "a sign of punctuation"),
        ("es", "No!", "No!", (), "a sign of punctuation"),
        ("es", "“Yes”", "«Sí»", (), "a sign of punctuation"),
        ("es", "Say <b>no</b>", "Diga no", (), "other marks"),
    ],
)
def test_each_fault_is_named(
    language: str, text: str, translation: str, flags: tuple[str, ...], fault: str
) -> None:
    """The line says what is wrong and shows the text."""
    said = _said(language, text, translation, *flags)
    assert len(said) == 1
    assert fault in said[0]
    assert text in said[0]


def test_a_text_without_translation_is_named() -> None:
    """What `make messages` has not yet brought into the catalogue is a fault too."""
    wanted = Catalog()
    message = wanted.add("Hello")
    assert check_translations.faults([message], "fr", Catalog(locale="fr")) == [
        "fr: not in the catalogue (make messages): 'Hello'"
    ]


def test_a_missing_part_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where nothing may be installed, the message says what to install and how, and the run fails."""
    monkeypatch.setenv("CHROMIUM", "/nonexistent")
    monkeypatch.setattr("shutil.which", lambda _name, path="": None)
    assert system_parts.main() == 1
    assert "brew install --cask chromium" in capsys.readouterr().err


@pytest.mark.parametrize("works", [True, False])
def test_a_lighter_chromium_is_taken_where_it_can_be_had(
    works: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of the version that is there; where it cannot be had the tests run with that one."""
    ran: list[list[str]] = []

    def run(command: list[str], **_kind: object) -> subprocess.CompletedProcess[str]:
        ran.append(command)
        return subprocess.CompletedProcess(
            command, 0 if works or "apt-get" not in command else 1, "1.2-3", ""
        )

    there = {"apt-get": "/usr/bin/apt-get", "chromium": "/usr/bin/chromium"}
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setattr("shutil.which", there.get)
    monkeypatch.setattr(system_parts, "missing", list[str])
    monkeypatch.setattr(system_parts, "missing_programs", list[str])
    monkeypatch.setattr("subprocess.run", run)
    assert system_parts.main() == 0
    assert ran[-1][-1] == "chromium-headless-shell=1.2-3"
    there["chromium-headless-shell"] = "/usr/bin/chromium-headless-shell"
    ran.clear()
    assert system_parts.main() == 0
    assert str(system_parts.find_chromium()) == there["chromium-headless-shell"]
    assert ran == []


def test_doctor_asks_at_the_port_that_run_was_given() -> None:
    """Else it would call a server dead that answers at another one."""
    dry = ["make", "--dry-run", "--always-make", "doctor", "PORT=8731"]
    said = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert re.search(r'CASEWORK_PORT="8731" \S*flask --app run doctor', said)


def test_make_help_lists_every_target() -> None:
    """A target that a person may type explains itself."""
    listed = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    phony = next(line for line in (ROOT / "Makefile").read_text().splitlines() if line.startswith(".PHONY:"))
    targets = set(phony.removeprefix(".PHONY:").split()) - {"FORCE"}
    assert {line.split()[1] for line in listed.splitlines() if line.startswith("  make ")} == targets
