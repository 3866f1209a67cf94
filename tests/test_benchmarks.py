"""Benchmarks are run by hand; that each still runs, over few records, is seen here. No time is looked at."""

import subprocess
import sys

import pytest

RUNS = {
    "pages": ("--cases", "60", "--rounds", "1"),
    "importing": ("--rows", "450"),
    "index": ("--facts", "300", "--rounds", "1"),
}


@pytest.mark.parametrize("name", RUNS)
def test_it_runs(name: str) -> None:
    """To its end, over a fresh instance."""
    run(name, *RUNS[name])


def test_moving_runs(postgres_url: str) -> None:
    """It makes databases of its own in the server."""
    run("moving", postgres_url, "--cases", "30", "--files-mb", "1")


def run(name: str, *options: str) -> None:
    """Run a benchmark as by hand; it has to end well."""
    command = [sys.executable, "-m", f"benchmarks.{name}", *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
