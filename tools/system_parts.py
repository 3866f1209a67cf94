"""What tests need of the system, Chromium, PostgreSQL and Redis above all: found, or installed, or named.

`python -m tools.system_parts` makes them present where it may (Debian, as root) and otherwise says how to.
"""

import ctypes
import os
import shutil
import subprocess
import sys
from pathlib import Path

WINDOWLESS = "chromium-headless-shell"
"""The same engine without what draws windows: a page costs less of the processor's time."""
CHROMIUM_NAMES = (
    WINDOWLESS,
    "chrome-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
CHROMIUM_PLACES = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
POSTGRES_PLACES = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/usr/pgsql-*/bin",
)
# What tests of deploy/ and of copies of backups run. Only Debian has all of them: else they are passed over.
PROGRAMS = {
    "caddy": "caddy",
    "nft": "nftables",
    "rclone": "rclone",
    "rsync": "rsync",
    "shellcheck": "shellcheck",
    "systemd-analyze": "systemd",
}
HOW = {name: f"Debian: apt-get install {package}." for name, package in PROGRAMS.items()} | {
    "Chromium": "Debian: apt-get install chromium. macOS: brew install --cask chromium. Or set CHROMIUM.",
    "PostgreSQL": "Debian: apt-get install postgresql. macOS: brew install postgresql@17.",
    "Redis": "Debian: apt-get install redis-server. macOS: brew install redis.",
    "libatomic": "Debian: apt-get install libatomic1.",
}
DEBIAN = {name: [package] for name, package in PROGRAMS.items()} | {
    "Chromium": [WINDOWLESS, "fonts-dejavu-core"],
    "PostgreSQL": ["postgresql"],
    "Redis": ["redis-server"],
    "libatomic": ["libatomic1"],
}


def find_chromium() -> Path | None:
    """The Chromium or Chrome to drive: what CHROMIUM names, else on PATH, else where macOS keeps it."""
    named = os.environ.get("CHROMIUM")
    if named:
        return Path(named) if Path(named).is_file() else None
    found = (shutil.which(name) for name in CHROMIUM_NAMES)
    places = [path for path in found if path] + [path for path in CHROMIUM_PLACES if Path(path).is_file()]
    return Path(places[0]) if places else None


def find_postgres() -> Path | None:
    """The folder with initdb and postgres: the newest of those that the system keeps."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in POSTGRES_PLACES:
        folders += sorted(Path("/").glob(pattern.removeprefix("/")), key=_version, reverse=True)
    return next((folder for folder in folders if (folder / "postgres").is_file()), None)


def find_redis() -> Path | None:
    """The server of Redis, or of Valkey, which speaks the same."""
    found = shutil.which("redis-server") or shutil.which("valkey-server")
    return Path(found) if found else None


def has_libatomic() -> bool:
    """Whether Playwright's driver, a Node that needs it on Linux, can start."""
    if sys.platform != "linux":
        return True
    try:
        ctypes.CDLL("libatomic.so.1")
    except OSError:
        return False
    return True


def missing() -> list[str]:
    """The parts that are not there, by name."""
    parts = {
        "Chromium": find_chromium(),
        "PostgreSQL": find_postgres(),
        "Redis": find_redis(),
        "libatomic": has_libatomic(),
    }
    return [name for name, found in parts.items() if not found]


def find_lighter() -> list[str]:
    """The package that would do for a Debian's Chromium in less time, of its very version; or none."""
    chromium = find_chromium()
    if os.environ.get("CHROMIUM") or chromium is None or chromium.name != "chromium":
        return []
    asked = ["dpkg-query", "--show", "--showformat=${Version}", "chromium-common"]
    version = subprocess.run(asked, capture_output=True, text=True, check=False)
    return [f"{WINDOWLESS}={version.stdout}"] if version.returncode == 0 else []


def missing_programs() -> list[str]:
    """The programs that are not there, by name."""
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
    return [name for name in PROGRAMS if not shutil.which(name, path=path)]


def main() -> int:
    """Install what is missing where that is ours to do; 1 if something still is."""
    if os.getuid() == 0 and shutil.which("apt-get"):
        _install([package for name in (*missing(), *missing_programs()) for package in DEBIAN[name]])
        _install(find_lighter())
    for name in missing():
        print(f"The tests need {name}. {HOW[name]}", file=sys.stderr)
    return 1 if missing() else 0


def _install(packages: list[str]) -> None:
    if not packages:
        return
    print(f"Installing {', '.join(packages)}…", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, check=False).returncode:
            print(f"{' '.join(command)} failed.", file=sys.stderr)


def _version(folder: Path) -> int:
    digits = "".join(filter(str.isdigit, folder.parent.name))
    return int(digits or 0)


if __name__ == "__main__":
    sys.exit(main())
