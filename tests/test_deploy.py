"""What installs and runs a server: every file is what its program takes, and the pages say what there is."""

import os
import re
import shlex
import subprocess
from pathlib import Path

import pytest

from casework.config import load_settings
from tests.support.programs import require
from tools.upgrade.machine import HOLD

ROOT = Path(__file__).parent.parent
DEPLOY = ROOT / "deploy"
PAGES = (ROOT / "docs/install.md", ROOT / "docs/install.fr.md")
SCRIPTS = ("add-onion", "command", "greeting", "install.sh", "open-gate")
UNITS = ("casework.service", "casework-backup.service", "casework-backup.timer")
ONION = "a2" * 28 + ".onion"


def commands(page: Path) -> list[str]:
    """Return what a page gives to be typed: the lines that are set in by four, outside of fences."""
    text = re.sub(r"^```.*?^```", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)
    return [line[4:] for line in text.splitlines() if line.startswith("    ")]


def run(*words: str, **variables: str) -> "subprocess.CompletedProcess[str]":
    """Run a program and keep what it says."""
    env = os.environ | variables
    return subprocess.run(words, capture_output=True, text=True, check=False, env=env)


@pytest.mark.parametrize("unit", UNITS)
def test_the_units_are_sound(unit: str, tmp_path: Path) -> None:
    """Systemd knows every line of them; only the program is not there."""
    text = (DEPLOY / unit).read_text().replace("/srv/casework/current/.venv/bin/python", "/bin/true")
    (tmp_path / unit).write_text(text)
    (tmp_path / "casework-backup.service").touch()
    if unit == "casework-backup.timer":
        (tmp_path / "casework-backup.service").write_text("[Service]\nType=oneshot\nExecStart=/bin/true\n")
    said = run(require("systemd-analyze"), "verify", "--man=no", str(tmp_path / unit))
    ours = [line for line in said.stderr.splitlines() if "casework" in line]
    assert (said.returncode, ours) == (0, [])


def test_a_wrong_unit_would_be_found(tmp_path: Path) -> None:
    """The control: a line that systemd does not know is named."""
    (tmp_path / "casework.service").write_text("[Service]\nExecStart=/bin/true\nMemoryMaximum=1G\n")
    assert (
        "MemoryMaximum"
        in run(require("systemd-analyze"), "verify", str(tmp_path / "casework.service")).stderr
    )


def test_the_server_keeps_its_memory_to_itself() -> None:
    """No core dump, no swap, three quarters of the memory at most, no talk but with the proxy."""
    unit = (DEPLOY / "casework.service").read_text().splitlines()
    for line in ("LimitCORE=0", "MemorySwapMax=0", "MemoryMax=75%", "IPAddressDeny=any", "UMask=0077"):
        assert line in unit
    assert not [line for line in unit if line.startswith("RemoveIPC")]  # sessions lie in /dev/shm


@pytest.mark.parametrize("unit", ["casework.service", "casework-backup.service"])
def test_nothing_starts_over_a_half_done_upgrade(unit: str) -> None:
    """After a power cut the timer starts too: a backup of that hour would hold what is being changed."""
    assert f"ConditionPathExists=!{HOLD}" in (DEPLOY / unit).read_text().splitlines()


def test_the_two_pages_say_how_backups_come_back() -> None:
    """The files are their account's alone, as `doctor` wants them; and members get past the gate again."""
    for page in PAGES:
        typed = commands(page)
        dead = typed[typed.index("systemctl stop casework") - 1 :]
        assert dead[0] == (
            "install -p -o casework -g casework -m 600 /root/casework-*.age /var/lib/casework/backups/"
        )
        assert dead[-1] == "/srv/casework/current/deploy/open-gate"


def caddy(tmp_path: Path, text: str) -> "subprocess.CompletedProcess[str]":
    """Ask Caddy about a Caddyfile."""
    (tmp_path / "Caddyfile").write_text(text)
    words = (require("caddy"), "validate", "--adapter", "caddyfile", "--config", str(tmp_path / "Caddyfile"))
    return run(*words, HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))


def test_caddy_takes_its_files(tmp_path: Path) -> None:
    """With an address of one's own, with the gate closed and with an onion address."""
    text = (DEPLOY / "Caddyfile").read_text().replace("casework.example.org {", "casework.localhost {")
    gate = "basicauth {\n\tsetup JDJhJDE0JDRqZ1BHY2ZPQ2Y0WTd2ZTN2bDhKa08=\n}\n"
    (tmp_path / "casework-gate").write_text(gate)
    onion = re.sub(r"[a-z2-7]+\.onion", ONION, (DEPLOY / "Caddyfile.onion").read_text())
    (tmp_path / "casework-onion").write_text(onion)
    for name in ("casework-gate", "casework-onion"):
        text = text.replace(f"/etc/caddy/{name}*", str(tmp_path / name))
        (tmp_path / "casework-onion").write_text(
            onion.replace("/etc/caddy/casework-gate*", str(tmp_path / "casework-gate"))
        )
    said = caddy(tmp_path, text)
    assert said.returncode == 0, said.stderr
    assert caddy(tmp_path, text.replace("reverse_proxy", "reverse_prxy")).returncode


def test_caddy_logs_no_request() -> None:
    """No access log, and no errors of requests, which name address and page."""
    text = (DEPLOY / "Caddyfile").read_text()
    assert re.search(r"exclude http\.log\.error http\.log\.access http\.handlers\.reverse_proxy", text)
    assert text.count("log") == text.count("log default") + len(re.findall(r"http\.log|access log", text))


def test_the_firewall_is_sound() -> None:
    """As nft reads it, without laying it."""
    words = (require("nft"), "--check", "--file", str(DEPLOY / "nftables.conf"))
    said = run(*words)
    if "Operation not permitted" in said.stderr:
        pytest.skip("nft asks the kernel, which only root may")
    assert said.returncode == 0, said.stderr


@pytest.mark.parametrize(
    "script", [*(f"deploy/{name}" for name in SCRIPTS), "tools/audit.sh", "tools/lock.sh"]
)
def test_scripts_are_sound(script: str) -> None:
    """As shellcheck sees it, and marked as programs."""
    said = run(require("shellcheck"), str(ROOT / script))
    assert said.stdout == ""
    assert os.access(ROOT / script, os.X_OK)


def test_the_settings_are_taken(tmp_path: Path) -> None:
    """What install.sh writes is what casework reads, also with a copy elsewhere and an onion address."""
    text = (DEPLOY / "config.py").read_text()
    (tmp_path / "config.py").write_text(text.replace('# BACKUP_COPY_TO = "rsync', 'BACKUP_COPY_TO = "rsync'))
    settings = load_settings({}, tmp_path / "config.py")
    assert settings.public_https
    assert settings.trusted_hosts == ("casework.example.org",)
    assert settings.backup_copy_to.startswith("rsync:")


def test_a_dry_run_changes_nothing_and_says_what_it_would() -> None:
    """Whoever starts it; and an address that is none is refused."""
    said = run(str(DEPLOY / "install.sh"), "--dry-run", "casework.example.org")
    assert said.returncode == 0, said.stderr
    assert said.stdout.rstrip().endswith("Nothing was changed.")
    for word in (
        "casework.service",
        "Caddyfile",
        "nftables",
        "useradd --system" if not _has_account() else "",
    ):
        assert word in said.stdout
    for wrong in (
        (),
        ("https://casework.example.org",),
        ("localhost",),
        ("a.org", "b.org"),
        ("--yes", "a.org"),
    ):
        assert run(str(DEPLOY / "install.sh"), *wrong).returncode == 2


def test_both_languages_have_the_same_commands() -> None:
    """Word for word: who reads French types what was tried in English."""
    english, french = map(commands, PAGES)
    assert len(english) > 20
    assert french == english


def test_both_languages_tell_of_the_same_things() -> None:
    """Heading by heading, table row by table row, and each file, output and address in both."""
    texts = [page.read_text("utf-8") for page in PAGES]
    for pattern in (r"^#+ ", r"^\|", r"```text(?:.|\n)*?```"):
        found = [re.findall(pattern, text, re.MULTILINE) for text in texts]
        assert len(found[0]) == len(found[1])
    texts[1] = texts[1].replace("NOM:DOSSIER", "NAME:FOLDER").replace("/FICHIER", "/FILE")
    english, french = (set(re.findall(r"`([^`]*)`", text.replace("\n", " "))) for text in texts)
    assert english == french


def test_the_pages_name_what_there_is() -> None:
    """Each file of deploy/ that is to be typed is there, and may be started."""
    named = {
        word.removeprefix("/srv/casework/current/")
        for command in commands(PAGES[0])
        for word in shlex.split(command)
        if "deploy/" in word
    }
    assert {"deploy/install.sh", "deploy/open-gate", "deploy/add-onion", "deploy/torrc"} <= named
    assert all((ROOT / path).is_file() for path in named)


def _has_account() -> bool:
    return run("id", "casework").returncode == 0


@pytest.mark.parametrize(
    ("left", "told"),
    [
        ((), None),
        (("upgrade.json",), "an upgrade is under way, or was cut off. To finish it:"),
        (("upgrade.json", "upgrade.hold"), "CLOSED: an upgrade is under way, or was cut off. To finish it:"),
    ],
)
def test_who_signs_in_is_told_of_an_upgrade_that_was_cut_off(
    tmp_path: Path, left: tuple[str, ...], told: str | None
) -> None:
    """Also where casework still runs: nothing else would say so until somebody upgrades again."""
    script = tmp_path / "greeting"
    script.write_text(
        (DEPLOY / "greeting").read_text().replace("/srv/casework/upgrade", f"{tmp_path}/upgrade")
    )
    for name in left:
        (tmp_path / name).touch()
    lines = [line for line in run("sh", str(script)).stdout.splitlines() if "FAILED" not in line]
    assert lines[1:2] == ([f"*** casework: {told}"] if told else [])
