"""Protecting and attacking files at the terminal."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from casework.cli.attacking import attack_command
from casework.cli.tables import protect_command

ROOT = Path(__file__).parents[2]
SMALL = "group,place,number\nx,p,2\nx,q,20\ny,p,12\ny,q,9\ny,r,30\nx,r,25\n"


def run(command: str, *arguments: object) -> Result:
    chosen = {"protect": protect_command, "attack": attack_command}[command]
    return CliRunner().invoke(chosen, [str(argument) for argument in arguments])


def protect(folder: Path, *options: object, text: str = SMALL) -> Result:
    (folder / "table.csv").write_text(text, "utf-8")
    return run("protect", folder / "table.csv", "--count", "number", "--out", folder / "out.csv", *options)


def test_a_protected_file_holds_against_the_attack(tmp_path: Path) -> None:
    """The count column keeps its name, and the report is another file."""
    result = protect(tmp_path, "--report", tmp_path / "report.json")
    assert result.exit_code == 0, result.output
    lines = (tmp_path / "out.csv").read_text("utf-8").splitlines()
    assert lines[0] == "group,place,number"
    assert lines[1] == "x,p,"
    assert lines[-1] == "Total,Total,98"
    report = json.loads((tmp_path / "report.json").read_text("utf-8"))
    assert report.keys() == {"cells", "primaries", "secondaries", "objective", "bound", "seconds", "audit"}
    assert (report["primaries"], report["objective"], report["bound"]) == (1, 41, 41)
    attacked = run("attack", tmp_path / "out.csv", "--count", "number", "--json", tmp_path / "found.json")
    assert attacked.exit_code == 0, attacked.output
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert len(found) == 4
    assert found[0]["cell"] == {"group": "x", "place": "p"}
    assert (found[0]["low"], found[0]["unsafe"]) == (1, False)


def test_an_attack_that_succeeds_ends_with_1_and_says_how(tmp_path: Path) -> None:
    """Which published counts add up to the hidden one."""
    (tmp_path / "out.csv").write_text("a,count\nx,\ny,20\nTotal,22\n", "utf-8")
    attacked = run("attack", tmp_path / "out.csv")
    assert attacked.exit_code == 1
    assert "UNSAFE a x: 2\n         exactly 2: [everything: 22] - [a y: 20]\n" in attacked.output


def test_two_files_are_attacked_together(tmp_path: Path) -> None:
    """Each is safe alone."""
    (tmp_path / "one.csv").write_text("a,b,count\nx,p,\nx,q,9\ny,p,7\ny,q,\n", "utf-8")
    (tmp_path / "two.csv").write_text("a,count\nx,11\ny,20\n", "utf-8")
    assert run("attack", tmp_path / "one.csv").exit_code == 0
    assert run("attack", tmp_path / "two.csv").exit_code == 0
    attacked = run("attack", tmp_path / "one.csv", tmp_path / "two.csv")
    assert attacked.exit_code == 1
    assert "a x, b p: 2" in attacked.output


def test_rounded_files_are_made_and_attacked(tmp_path: Path) -> None:
    """Multiples of five that add up."""
    assert protect(tmp_path, "--round", 5).exit_code == 0
    counts = [int(line.rpartition(",")[2]) for line in (tmp_path / "out.csv").read_text("utf-8").split()[1:]]
    assert all(count % 5 == 0 for count in counts)
    attacked = run("attack", tmp_path / "out.csv", "--count", "number", "--rounded", 5)
    assert attacked.exit_code == 0, attacked.output


@pytest.mark.parametrize(
    ("text", "options", "told"),
    [
        (SMALL, ["--nested", "place:region"], "there is no column 'region'"),
        (SMALL, ["--nested", "place"], "write the finer column, a colon, the coarser column"),
        (SMALL, ["--threshold", "1"], "--threshold"),
        (SMALL, ["--time-limit", "0"], "--time-limit"),
        (SMALL + "x,p,3\n", [], "lines 2 and 8 are of the same combination"),
        (
            "group,number\nx,1\n",
            [],
            "Refused: the whole table holds fewer than 5 cases. Nothing was written.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_and_nothing_is_written(
    text: str, options: list[str], told: str, tmp_path: Path
) -> None:
    """In a sentence that says what to mend."""
    result = protect(tmp_path, *options, text=text)
    assert result.exit_code == 2
    assert told in result.output
    assert not (tmp_path / "out.csv").exists()


def test_files_of_two_moments_are_not_taken_for_one(tmp_path: Path) -> None:
    """They contradict each other, and nothing follows."""
    (tmp_path / "one.csv").write_text("a,count\nx,20\n", "utf-8")
    (tmp_path / "two.csv").write_text("a,count\nx,22\n", "utf-8")
    result = run("attack", tmp_path / "one.csv", tmp_path / "two.csv")
    assert result.exit_code == 2
    assert "contradict each other" in result.output


def test_files_of_successive_moments_are_attacked_together(tmp_path: Path) -> None:
    """What they grew by is a count too."""
    (tmp_path / "one.csv").write_text("a,count\nx,20\n", "utf-8")
    (tmp_path / "two.csv").write_text("a,count\nx,22\n", "utf-8")
    result = run("attack", "--successive", tmp_path / "one.csv", tmp_path / "two.csv")
    assert result.exit_code == 1
    assert "UNSAFE a x: grew by 2" in result.output


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    """With what to do."""
    (tmp_path / "one.csv").write_bytes("a,count\nMontréal,20\n".encode("latin-1"))
    result = run("attack", tmp_path / "one.csv")
    assert result.exit_code == 2
    assert "Save it as CSV with UTF-8" in result.output


def test_both_work_where_there_is_no_instance(tmp_path: Path) -> None:
    """As `flask --app run …`, without a database, a setting, or a trace in the folder."""
    (tmp_path / "table.csv").write_text(SMALL, "utf-8")
    options = ["--count", "number"]
    flask = [sys.executable, "-m", "flask", "--app", str(ROOT / "run.py")]
    subprocess.run([*flask, "protect", "table.csv", *options, "--out", "out.csv"], cwd=tmp_path, check=True)
    subprocess.run([*flask, "attack", "out.csv", *options], cwd=tmp_path, check=True)
    assert {path.name for path in tmp_path.iterdir()} == {"table.csv", "out.csv"}


def test_a_group_all_of_one_outcome_is_told(tmp_path: Path) -> None:
    """In words, as a kind of its own in the JSON, and by the exit code."""
    (tmp_path / "one.csv").write_text(
        "region,held,count\nNorth,yes,12\nNorth,no,0\nSouth,yes,9\nSouth,no,8\n", "utf-8"
    )
    assert run("attack", tmp_path / "one.csv").exit_code == 0
    result = run("attack", tmp_path / "one.csv", "--outcome", "held", "--json", tmp_path / "found.json")
    assert result.exit_code == 1
    assert "UNSAFE region North, held yes: 0 of this group can be anything else" in result.output
    (finding,) = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert (finding["kind"], finding["high"]) == ("outcome", 0)


def test_much_to_do_gives_signs_of_life(tmp_path: Path) -> None:
    """On standard error, so that nobody thinks it hangs."""
    lines = "".join(f"x{number},\n" for number in range(120))
    (tmp_path / "one.csv").write_text(f"a,count\n{lines}Total,5000\n", "utf-8")
    result = run("attack", tmp_path / "one.csv")
    assert result.exit_code == 0
    assert result.stderr == "100 counts looked at so far\n"


def test_a_file_of_per_cents_is_attacked_with_the_totals_of_another(tmp_path: Path) -> None:
    """As a newspaper prints them."""
    (tmp_path / "one.csv").write_text("g,held,share\nx,yes,10 %\nx,no,90 %\n", "utf-8")
    (tmp_path / "two.csv").write_text("g,count\nx,20\n", "utf-8")
    result = run("attack", tmp_path / "one.csv", tmp_path / "two.csv", "--percent", "share:held")
    assert result.exit_code == 1
    assert "UNSAFE g x, held yes: 2, by the per cents" in result.output


def test_a_column_of_tags_is_attacked_by_those_without_one(tmp_path: Path) -> None:
    """The total less the tag; of two such columns nothing can be said."""
    (tmp_path / "one.csv").write_text("force,count\nbaton,30\ngas,20\nTotal,32\n", "utf-8")
    result = run("attack", tmp_path / "one.csv", "--tags", "force:not asked,unknown")
    assert result.exit_code == 1
    assert "UNSAFE force baton: 2 without it" in result.output
    result = run("attack", tmp_path / "one.csv", "--tags", "force", "--tags", "other")
    assert result.exit_code == 2
    assert "one column of tags at a time" in result.output


def test_an_insider_attacks_as_well(tmp_path: Path) -> None:
    """The finding says to whom it follows."""
    (tmp_path / "one.csv").write_text("a,count\nx,\ny,\nz,30\nTotal,31\n", "utf-8")
    options = ["--zeros", "suppressible", "--json", tmp_path / "found.json"]
    assert run("attack", tmp_path / "one.csv", *options).exit_code == 0
    result = run("attack", tmp_path / "one.csv", *options, "--insider")
    assert result.exit_code == 1
    assert "UNSAFE a y: 0 others, to somebody of a x" in result.output
    found = json.loads((tmp_path / "found.json").read_text("utf-8"))
    assert found[-1]["insider"] == {"a": "x"}


def test_nothing_that_is_read_is_written_over(tmp_path: Path) -> None:
    """Nor is the report, which is not for publication, written where the table to publish is to be."""
    table, out = tmp_path / "table.csv", tmp_path / "out.csv"
    table.write_text(SMALL, "utf-8")
    for options in (
        ["--out", tmp_path / "." / "table.csv"],
        ["--out", out, "--report", out],
        ["--out", tmp_path / "no" / "out.csv"],
    ):
        result = run("protect", table, "--count", "number", *options)
        assert result.exit_code == 2
        assert "file" in result.output or "folder" in result.output
        assert [path.name for path in tmp_path.iterdir()] == ["table.csv"]
        assert table.read_text("utf-8") == SMALL
    out.write_text("a,count\nx,\ny,20\nTotal,27\n", "utf-8")
    assert run("attack", out, "--json", out).exit_code == 2
    assert out.read_text("utf-8").startswith("a,count")


def test_a_file_that_cannot_be_written_is_an_end_in_words(tmp_path: Path) -> None:
    """A folder stands in the place of the half-written file."""
    (tmp_path / ".out.csv.part").mkdir()
    result = protect(tmp_path)
    assert result.exit_code == 2
    assert "out.csv: it could not be written" in result.output


@pytest.mark.parametrize("sign", [";", "\t"])
def test_what_french_spreadsheets_write_is_read_and_written_alike(tmp_path: Path, sign: str) -> None:
    plain = protect(tmp_path)
    lines = (tmp_path / "out.csv").read_text("utf-8")
    result = protect(tmp_path, text="\ufeff" + SMALL.replace(",", sign))
    assert (result.exit_code, result.output) == (0, plain.output)
    assert (tmp_path / "out.csv").read_text("utf-8") == lines.replace(",", sign)
    assert run("attack", tmp_path / "out.csv", "--count", "number").exit_code == 0


def test_a_fault_names_the_file(tmp_path: Path) -> None:
    (tmp_path / "one.csv").write_text("a,count\nx,7\n", "utf-8")
    (tmp_path / "two.csv").write_text("a,count\nx,seven\n", "utf-8")
    result = run("attack", tmp_path / "one.csv", tmp_path / "two.csv")
    assert result.exit_code == 2
    assert f"{tmp_path / 'two.csv'}: line 2" in result.output
