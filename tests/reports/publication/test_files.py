"""The files of a release: every number in each is the release's, nothing hidden is in any, the same twice."""

import csv
import html
import io
import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from itertools import product
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from casework.domain.languages import LANGUAGES
from casework.domain.period import Period
from casework.domain.shippedcounts import find_shipped
from casework.reports.publication.data_csv import write_lines
from casework.reports.publication.edition import Edition
from casework.reports.publication.formats import list_files
from casework.reports.publication.official import list_official
from casework.reports.spreadsheets import FORMULA_STARTS
from tests.support.pdftags import read_strings
from tests.support.pdftext import read_pages
from tests.support.published import COUNTS, make_editions, publish, withdraw

HIDDEN = (4_273, 4_391, 3_947, 9_539, 6_211, 7_877)
"""The first three are too few; from the others they could be worked out."""


@cache
def draw(*, is_withdrawn: bool = False) -> dict[str, bytes]:
    """Draw every file."""
    published = withdraw(publish()) if is_withdrawn else publish()
    return {file.name: file.draw() for file in list_files(make_editions(published))}


def read_csv(content: bytes) -> list[dict[str, str]]:
    """Read a CSV file as others do: what begins with # is skipped."""
    lines = [line for line in content.decode("utf-8-sig").splitlines() if not line.startswith("#")]
    return list(csv.DictReader(lines))


def tell(content: bytes) -> Iterator[str]:
    """Give all that is in a file as text; of one that is packed each part, and its name."""
    if content.startswith(b"%PDF"):
        yield from (*read_pages(content), read_strings(content))
        return
    if content.startswith(b"\x89PNG"):
        return  # tests/reports/publication/test_charts.py: a picture, and no text besides
    if content.startswith((b"<svg", b"<!doctype html")):
        yield from _tell_marked(content.decode())
        return
    if not content.startswith(b"PK"):
        yield content.decode()
        return
    with ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            yield name
            yield from tell(archive.read(name))


def _tell_marked(text: str) -> Iterator[str]:
    """Give words and attributes, without fonts and places of lines, which look like numbers."""
    plain = re.sub(r"base64,[^)]*|<(path|rect|circle|line)\b[^>]*>|<text [^>]*>", "", text)
    yield html.unescape(plain)
    yield html.unescape(re.sub(r"<[^>]+>", "", plain))


def test_their_names_are_stable_and_say_whose_language_they_are() -> None:
    assert list(draw())[:7] == [
        "release-7-en.pdf",
        "release-7-en.html",
        "release-7-en.xlsx",
        "release-7-en-police_service.csv",
        "release-7-en-police_service_year.csv",
        "release-7-en-police_service-column.png",
        "release-7-en-police_service_year-column.png",
    ]
    assert list(draw())[-4:] == [
        "release-7.json",
        "release-7-codebook.csv",
        "datapackage.json",
        "release-7.zip",
    ]
    assert all(re.fullmatch(r"[a-z0-9_.-]+", name) for name in draw())


def test_the_same_release_gives_the_same_bytes() -> None:
    again = {file.name: file.draw() for file in list_files(make_editions(publish()))}
    assert again == draw()


def test_what_is_hidden_is_truly_hidden() -> None:
    """Else the search below would find nothing and prove nothing."""
    published = publish()
    shown = {value for values in published.protected.told.values for value in values}
    assert not shown & set(HIDDEN)
    assert set(HIDDEN) <= set(COUNTS.values())
    assert 9_241 in shown


def test_the_search_below_reads_what_is_in_a_file() -> None:
    """A number that is shown is found in each file of the table that has it."""
    for name, content in draw().items():
        if name.endswith((".pdf", ".html", "_year-page.svg", ".xlsx")):
            assert any(re.search(r"9[, \u00a0]?241", text) for text in tell(content)), name


def test_no_hidden_number_is_in_any_file() -> None:
    """Neither as it is nor as a language groups its digits."""
    pattern = re.compile(
        "|".join(
            rf"(?<![0-9a-f]){number // 1000}[,\s\u00a0\u202f.]?{number % 1000:03d}(?![0-9a-f])"
            for number in HIDDEN
        )
    )
    for name, content in (draw() | draw(is_withdrawn=True)).items():
        assert not pattern.search(name)
        for text in tell(content):
            assert not pattern.search(text), name
    assert pattern.search("4273") and pattern.search("4\u00a0273") and pattern.search("4,391")


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_number_of_the_csv_is_the_releases(language: str) -> None:
    told = publish().protected.told
    for name, values in zip(("police_service", "police_service_year"), told.values, strict=True):
        lines = read_csv(draw()[f"release-7-{language}-{name}.csv"])
        assert [int(line["count"]) if line["count"] else None for line in lines] == list(values)
        hidden = {line["status"] for line in lines if not line["count"]}
        assert hidden == ({"hidden"} if None in values else set())
        assert {line["status"] for line in lines if line["count"]} == {"shown"}
        assert lines[-1]["police_service"] == "total"


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_number_of_the_workbook_is_the_releases(language: str) -> None:
    """Read back as a spreadsheet does: each cell under its heading, and no number besides."""
    edition = next(one for one in make_editions(publish()) if one.language == language)
    book = load_workbook(io.BytesIO(draw()[f"release-7-{language}.xlsx"]))
    assert len(book.worksheets) == len(edition.tables) + 1
    for sheet, layout in zip(book.worksheets, edition.tables, strict=False):
        rows = [list(row) for row in sheet.iter_rows(values_only=True)]
        head = next(at for at, row in enumerate(rows) if at > 1 and row[0] == layout.corner)
        assert rows[head][1:] == [column.label for column in layout.columns]
        for line, row in zip(layout.rows, rows[head + 1 :], strict=False):
            assert row == [
                line.label,
                *(cell.value if cell.value is not None else "x" for cell in line.cells),
            ]
        numbers = [cell for row in rows for cell in row if isinstance(cell, int | float)]
        shown = [cell.value for line in layout.rows for cell in line.cells if cell.state == "shown"]
        assert numbers == shown
        assert (rows[0][0], sheet.freeze_panes) == (layout.caption, f"B{head + 2}")


def test_the_workbook_says_whose_it_is_and_never_who_made_it() -> None:
    book = load_workbook(io.BytesIO(draw()["release-7-fr.xlsx"]))
    about = book.properties
    assert (about.creator, about.title, about.lastModifiedBy) == (
        "Traverse & Collectif",
        "Qui appelle",
        "Traverse & Collectif",
    )
    assert about.created.date() == about.modified.date() == publish().made_on
    assert publish().checksum in about.description


def test_the_json_holds_what_the_checksum_covers() -> None:
    published = publish()
    document = json.loads(draw()["release-7.json"])
    assert document["checksum"] == published.checksum
    assert document["content"] == json.loads(published.content)
    assert document["standing"]["withdrawn"] is False


def test_the_descriptor_names_each_data_file_with_its_hash_and_columns() -> None:
    """And every answer that stands in a column is one of its categories."""
    package = json.loads(draw()["datapackage.json"])
    assert package["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert package["languages"] == list(LANGUAGES)
    for resource in package["resources"]:
        content = draw()[resource["path"]]
        assert (resource["bytes"], resource["hash"]) == (
            len(content),
            f"sha256:{sha256(content).hexdigest()}",
        )
        if "schema" not in resource:
            continue
        lines = read_csv(content)
        fields = {field["name"]: field for field in resource["schema"]["fields"]}
        assert list(fields) == list(lines[0])
        for field, line in product(fields.values(), lines):
            known = {category["value"] for category in field.get("categories", ())}
            assert not known or line[field["name"]] in known
        keys = [tuple(line[name] for name in resource["schema"]["primaryKey"]) for line in lines]
        assert len(set(keys)) == len(keys)


def test_the_codebook_says_every_code_and_column_in_every_language() -> None:
    book = {(line["column"], line["code"]): line for line in read_csv(draw()["release-7-codebook.csv"])}
    for line in read_csv(draw()["release-7-es-police_service_year.csv"]):
        for name in ("police_service", "year"):
            assert book[name, line[name]]["label_es"] == line[f"{name}_label"]
        assert book["status", line["status"]]["definition_fr"]
    for (_column, code), line in book.items():
        assert all(line[f"label_{language}"] for language in LANGUAGES)
        assert code or all(line[f"definition_{language}"] for language in LANGUAGES)


def test_the_archive_holds_all_the_others_with_their_hashes() -> None:
    with ZipFile(io.BytesIO(draw()["release-7.zip"])) as archive:
        held = {name: archive.read(name) for name in archive.namelist()}
    sums = held.pop("SHA256SUMS").decode()
    assert held == {name: content for name, content in draw().items() if name != "release-7.zip"}
    assert sums.splitlines() == [f"{sha256(held[name]).hexdigest()}  {name}" for name in sorted(held)]


def test_what_was_withdrawn_says_so_in_each_of_its_files() -> None:
    """Only the codebook, which tells no number, does not; nothing of it runs as a formula.

    Pictures say so in letters that are drawn: tests/reports/publication/test_charts.py.
    """
    for name, content in draw(is_withdrawn=True).items():
        if "codebook" not in name and not name.endswith(".png"):
            assert any("A city" in text for text in tell(content)), name
    first = draw(is_withdrawn=True)["release-7-fr-police_service.csv"].decode("utf-8-sig").splitlines()[0]
    assert first == "# Retirée le 1er mars 2026 : (en anglais) =A city was wrong."


def test_the_words_of_each_language_are_complete() -> None:
    """No text falls back on English: as many, with the same places to fill in."""
    texts = tomllib.loads((files("casework.reports.publication") / "texts.toml").read_text("utf-8"))
    english = dict(_flatten(texts["en"]))
    del english["bound.exact"]  # a bare number
    for language in LANGUAGES:
        own = dict(_flatten(texts[language]))
        own.pop("bound.exact", None)
        assert own.keys() == english.keys()
        for name, text in own.items():
            assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", english[name])), name


def _flatten(texts: dict[str, object], above: str = "") -> Iterator[tuple[str, str]]:
    for name, text in texts.items():
        if isinstance(text, dict):
            yield from _flatten(text, f"{above}{name}.")
        else:
            yield f"{above}{name}", str(text)


def test_official_counts_stand_on_a_sheet_and_in_a_file_of_their_own() -> None:
    """With their sources; where there are none there is neither."""
    first = make_editions(publish())[0]
    official = list_official(find_shipped(Period((2014, 4), (2021, 4))), "en")
    edition = replace(first, official=official)
    drawn = {file.name: file.draw() for file in list_files([edition])}
    lines = read_csv(drawn["release-7-en-official_counts.csv"])
    assert [(int(line["count"]), line["publisher"]) for line in lines] == [
        (one.number, one.publisher) for one in official
    ]
    assert len(lines) > 30
    sheet = load_workbook(io.BytesIO(drawn["release-7-en.xlsx"]))["Official counts"]
    told = [row for row in sheet.iter_rows(values_only=True) if row[1] == "SPVM Montréal"]
    assert {row[3] for row in told} >= {3_135, 426, "at least 3,500"}
    assert all("Journal Métro" in row or "HuffPost Québec" in row or "Radio-Canada" in row for row in told)
    sources = {source["title"] for source in json.loads(drawn["datapackage.json"])["sources"]}
    assert "HuffPost Québec, March 29, 2018" in sources
    assert not any("official" in name for name in draw())


def test_a_text_that_looks_like_a_formula_is_text_in_a_workbook() -> None:
    edition = replace(make_editions(publish())[0], title='=HYPERLINK("http://x")', summary="+1\n-2")
    content = {file.name: file for file in list_files([edition])}["release-7-en.xlsx"].draw()
    cells = [
        cell for sheet in load_workbook(io.BytesIO(content)) for row in sheet.iter_rows() for cell in row
    ]
    texts = {cell.value: cell for cell in cells if isinstance(cell.value, str)}
    for text in (edition.title, "+1", "-2"):
        assert (texts[text].data_type, texts[text].quotePrefix) == ("s", True)


def test_an_edition_holds_no_member() -> None:
    """What a renderer is not given it cannot write."""
    assert not {"writers", "approver", "note", "left_at"} & set(Edition.__dataclass_fields__)


@given(st.lists(st.lists(st.text(), min_size=1, max_size=3), max_size=4), st.text())
def test_any_text_comes_back_from_a_csv_file_and_none_runs(lines: list[list[str]], notice: str) -> None:
    """Read as it was written, but for the apostrophe that makes a text of a formula."""
    width = max(map(len, lines), default=1)
    wide = [line + ["x"] * (width - len(line)) for line in lines]
    content = write_lines([f"column{at}" for at in range(width)], wide, notice).decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(content, newline="")))
    remarks = [line for line in notice.splitlines() if line.strip()]
    assert all(len(row) == 1 and row[0].startswith("# ") for row in rows[: len(remarks)])
    cells = rows[len(remarks) + 1 :]
    assert [[cell.replace("'", "") for cell in row] for row in cells] == [
        [text.replace("'", "") for text in line] for line in wide
    ]
    assert not any(cell.startswith(FORMULA_STARTS) for row in cells for cell in row)
