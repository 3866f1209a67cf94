"""What others made and we serve is exactly what MANIFEST.toml says, and nothing else."""

import hashlib
import tomllib
from pathlib import Path

import pytest

VENDOR = Path(__file__).parent.parent.parent / "casework" / "static" / "vendor"
PACKAGES = tomllib.loads((VENDOR / "MANIFEST.toml").read_text())["package"]
FILES = {name: digest for package in PACKAGES for name, digest in package["files"].items()}


@pytest.mark.parametrize("name", FILES)
def test_a_file_is_as_it_came(name: str) -> None:
    """A vendored file that somebody edited is no longer what its licence and version say."""
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == FILES[name]


def test_nothing_lies_there_unlisted() -> None:
    """Every file in vendor/ has its origin and licence in the manifest."""
    lying = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    assert lying == {*FILES, "MANIFEST.toml"}, "List it with its package, version, licence and SHA-256."


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package["name"]))
def test_a_package_brings_its_licence(package: dict[str, object]) -> None:
    """Each has a name, a version, a licence, and the licence's own text among its files."""
    assert {"name", "version", "licence", "files"} == set(package)
    files = package["files"]
    assert isinstance(files, dict)
    assert any("LICENSE" in name or "OFL" in name for name in files)
