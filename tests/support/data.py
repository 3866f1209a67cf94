"""The real files that CASEWORK_DATA names: too large and not ours to keep in the repository."""

import os
from pathlib import Path

import pytest

LEFT_OUT = "left out: no folder of real files (CASEWORK_DATA)"


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Their folder; without it a test is left out and named, and in CI it fails."""
    folder = Path(os.environ.get("CASEWORK_DATA", "../shared/data"))
    if folder.is_dir():
        return folder.resolve()
    if os.environ.get("CI") == "true":
        pytest.fail(f"CASEWORK_DATA names no folder: {folder}")
    pytest.skip(LEFT_OUT)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were left out, so that nobody takes a green run for the whole."""
    skipped = terminalreporter.stats.get("skipped", [])
    left_out = [report.nodeid for report in skipped if LEFT_OUT in str(report.longrepr)]
    if left_out:
        terminalreporter.section("left out", yellow=True)
        terminalreporter.write_line("These tests read real files, which CASEWORK_DATA does not lead to:")
        for name in left_out:
            terminalreporter.write_line(f"  {name}")
