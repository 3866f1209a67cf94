"""The published figures at the terminal: what issue 6 wants to see, as text and as JSON."""

import json
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner

from casework.cli import make_bare
from casework.cli.official import official_counts_command

ROOT = Path(__file__).parents[2]


def run(*arguments: str) -> str:
    result = CliRunner().invoke(official_counts_command, ["check", *arguments])
    assert result.exit_code == 0, result.output
    return result.output


def test_the_text_tells_what_follows_and_what_differs() -> None:
    told = run()
    assert "Toronto Police Service, 2014-11-04 to 2015-06-28, Calls to the CBSA: 3,278 calls" in told
    assert "237 days: 13.8 a day, 96.8 a week, 5,048 a year" in told
    assert "SPVM Montréal, 2016 to 2017: +25.6 %, 2,872 to 3,608 (HuffPost Québec, 2018-03-29)" in told
    assert "Toronto Police Service, 2016 to 2017: −31.2 %, 5,146 to 3,542" in told
    assert "DIFFERS: quoted 7.1 %, computed about 5.0 % (178 of about 3,553)" in told
    assert told.count("DIFFERS") == 1
    beside = told[told.index("SIDE BY SIDE") :]
    assert "945 checks, 2021: Checks of immigration status (Journal Métro, 2022-01)" in beside
    assert "426 calls, 2020-11-28 to 2021-11-28: Calls to the CBSA, as the police counted them (" in beside
    assert "685" not in told  # their average
    assert "365 days: 11.7 a day, 81.6 a week, 4,254 a year" in told  # twelve months are a year
    assert "left out, Ottawa Police Service: 87. Not additive: the source does not say" in told


def test_json_tells_the_same() -> None:
    told = json.loads(run("--json"))
    assert told.keys() == {"figures", "quoted", "changes", "sums", "side_by_side"}
    toronto = told["figures"][0]
    assert (toronto["days"], toronto["rates"]["per_day"]["value"]) == (237, 13.8)
    assert {one["quoted"]["value"]: one["differs"] for one in told["quoted"]} == {
        14: False,
        100: False,
        7.1: True,
    }
    changes = {
        (one["after"]["service"], one["after"]["first"]): one["per_cent"]["value"] for one in told["changes"]
    }
    assert changes["spvm", "2017-01-01"] == 25.6
    assert changes["tps", "2017-01-01"] == -31.2


def test_it_needs_no_database_and_no_setting() -> None:
    """In a folder of its own: nothing is made there."""
    assert make_bare(["flask", "official-counts", "check"]) is not None
    code = "from casework.cli.official import official_counts_command; official_counts_command(['check'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "13.8 a day" in done.stdout
