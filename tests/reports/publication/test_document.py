"""The PDF: what was released, no more; tagged so that whoever does not see it hears it all."""

import io
import re
from dataclasses import replace
from functools import cache

import pikepdf
import pytest

from casework.domain.languages import LANGUAGES
from casework.reports.calendar import write_number
from casework.reports.layout import Layout
from casework.reports.publication.charts.frames import PRINTED, SHEET
from casework.reports.publication.documents.contents import lay_out
from casework.reports.publication.documents.document import write_pdf
from casework.reports.publication.documents.grids import MOST_COLUMNS, arrange
from casework.reports.publication.documents.page import write_page
from casework.reports.publication.edition import DataTable, Edition, OfficialCount
from tests.support.charts import one_way, quarters, two_way
from tests.support.pdftags import (
    count_tags,
    find_loose_fonts,
    read_alternatives,
    read_scopes,
    read_strings,
    walk,
)
from tests.support.pdftext import read_pages
from tests.support.pdfua import find_failures
from tests.support.published import make_editions, publish, withdraw

CODE = (
    '#let x = 1 *bold* _it_ $a^2$ @ref <tag> \\ [y] {z} `raw` // no /* no */ = Head - #panic("read as code")'
)
OFFICIAL = OfficialCount(
    "Calls to the CBSA",
    "SPVM Montréal",
    "2017",
    "3,608",
    3608,
    "exact",
    "calls",
    "HuffPost",
    "",
    "2018",
    "https://example.org/source",
    "The source says 7.0%; by its own counts it is 6.9%.",
)
WIDE = two_way(
    quarters(2021, 2025),
    [*((f"g{row}", f"Group {row}", [*range(10, 30), 390]) for row in range(4)), ("total", "All", [77] * 21)],
)
TALL = one_way([(f"p{at}", f"Service {at}", "x" if at % 5 == 0 else 100 + at) for at in range(60)])


@cache
def made(language: str) -> Edition:
    """Return the edition of a real release in a language."""
    return next(one for one in make_editions(publish()) if one.language == language)


@cache
def written(language: str) -> bytes:
    """Return its PDF."""
    return write_pdf(made(language))


def with_table(table: Layout, *names: str) -> Edition:
    """Return an edition of one table, of these dimensions."""
    return replace(made("en"), tables=(table,), data=(DataTable("_".join(names), names, ()),), sentences=())


def told(content: bytes) -> str:
    """Return all of its text."""
    return " ".join(read_pages(content))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_number_of_every_table_is_in_it(language: str) -> None:
    """In the order of the table, line by line; a sign where one is hidden."""
    text = told(written(language))
    for table in made(language).tables:
        for row in table.rows:
            signs = [
                "x" if cell.value is None else write_number(cell.value, language).replace("\u00a0", " ")
                for cell in row.cells
            ]
            assert " ".join([row.label, *signs]) in text


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_says_all_that_an_edition_says(language: str) -> None:
    edition, text = made(language), told(written(language)).replace(" ", "")
    said = [edition.title, *edition.summary.split("\n"), edition.demands, edition.link, edition.organization]
    said += [*edition.sentences, *(part for _head, note in edition.notes for part in note.split("\n"))]
    for words in (*said, *(head for head, _note in edition.notes), edition.checksum, edition.question):
        # Where a line ends within a word there is a hyphen; every other sign stays.
        assert re.sub(r"\s", "", words) in text, words


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_is_tagged_for_whoever_hears_it(language: str) -> None:
    """PDF/UA-1 by Typst's own check; here what a reader needs of it."""
    content, edition = written(language), made(language)
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert pdf.Root.MarkInfo.Marked and "/StructTreeRoot" in pdf.Root
        assert str(pdf.Root.Lang).startswith(language)
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert str(pdf.docinfo.Title) == edition.title and str(pdf.docinfo.Author) == edition.organization
        assert re.search(r"<pdfuaid:part>1<|pdfuaid:part=\"1\"", pdf.Root.Metadata.read_bytes().decode())
        assert all(page.get("/Tabs") == pikepdf.Name.S for page in pdf.pages)
    tags = count_tags(content)
    assert tags["/Table"] == tags["/Figure"] == len(edition.tables)
    assert tags["/H1"] >= 4 and tags["/H2"] == len(edition.notes) and tags["/Link"] >= 1
    lines = sum(len(table.rows) for table in edition.tables)
    columns = sum(1 + len(table.columns) for table in edition.tables)
    assert sorted(read_scopes(content)) == ["/Column"] * columns + ["/Row"] * lines
    assert tags["/TD"] == sum(len(table.rows) * len(table.columns) for table in edition.tables)
    assert tags["/TFoot"] == 0 and tags["/TR"] == lines + len(edition.tables)
    assert find_loose_fonts(content) == []


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_an_independent_validator_finds_no_fault(language: str) -> None:
    """ISO 14289-1, asked of a withdrawn release too."""
    assert find_failures(written(language)) == []
    withdrawn = make_editions(withdraw(publish()))
    assert find_failures(write_pdf(next(one for one in withdrawn if one.language == language))) == []


def test_the_validator_finds_what_is_missing() -> None:
    """Without a figure's words, the title bar or the language it says so."""
    spoilt = {"Alt": 0, "DisplayDocTitle": 0, "Lang": 0}
    for name in spoilt:
        with pikepdf.open(io.BytesIO(written("en"))) as pdf:
            if name == "Alt":
                del next(node for node in walk(pdf) if node.S == pikepdf.Name.Figure).Alt
            elif name == "Lang":
                del pdf.Root.Lang
            else:
                del pdf.Root.ViewerPreferences
            out = io.BytesIO()
            pdf.save(out)
        spoilt[name] = len(find_failures(out.getvalue()))
    assert all(spoilt.values()), spoilt


def test_a_chart_is_told_in_words() -> None:
    for table, words in zip(made("fr").tables, read_alternatives(written("fr")), strict=True):
        for row in table.rows[:-1]:
            assert row.label in words
        assert words.startswith(table.caption)
    assert "masqué" in read_alternatives(written("fr"))[1]


def test_the_same_edition_gives_the_same_bytes() -> None:
    assert write_pdf(made("es")) == written("es")


def test_it_tells_nothing_of_who_or_what_made_it_but_the_day() -> None:
    with pikepdf.open(io.BytesIO(written("fr"))) as pdf:
        assert pdf.docinfo.keys() <= {"/Title", "/Author", "/Keywords", "/CreationDate", "/ModDate"}
        assert str(pdf.docinfo.CreationDate).startswith("D:20260201")
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert made("fr").checksum in metadata  # so that a program finds of which release it is
    assert not [word for word in ("Typst", "pikepdf") if word in metadata]


def test_no_text_is_read_as_code() -> None:
    """Title, paragraphs, names, notices: each sign of a text is a sign on the page."""
    edition = replace(
        made("en"), title=CODE, summary=f"{CODE}\n{CODE}", demands=CODE, organization=CODE, sentences=(CODE,)
    )
    edition = replace(edition, standing=replace(edition.standing, notice=CODE, is_withdrawn=True))
    text = told(write_pdf(edition)).replace(" ", "")
    assert text.count(CODE.replace(" ", "")) >= 6


def test_a_link_leads_to_an_address_and_to_nothing_else() -> None:
    def targets(edition: Edition) -> list[str]:
        with pikepdf.open(io.BytesIO(write_pdf(edition))) as pdf:
            notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
            return [str(note.A.URI) for note in notes]

    assert set(targets(made("en"))) == {"https://example.org/act"}
    assert targets(replace(made("en"), link="javascript:alert(1)")) == []
    assert "https://example.org/source" in targets(replace(made("en"), official=(OFFICIAL,)))


def test_official_counts_stand_beside_ours_with_their_sources() -> None:
    text = told(write_pdf(replace(made("en"), official=(OFFICIAL,))))
    assert "SPVM Montréal Calls to the CBSA, 2017 The source says 7.0%" in text
    assert "3,608 HuffPost, 2018" in text
    assert "Traverse & Collectif Incidents, 2024 to 2025 88,276 this release" in text


def test_what_was_withdrawn_says_so_first() -> None:
    edition = make_editions(withdraw(publish()))[1]
    first = read_pages(write_pdf(edition))[0]
    said = "(en anglais) =A city, was wrong. La publication 8 la remplace."
    assert first.startswith(f"Retirée le 1er mars 2026 : {said}")


@pytest.mark.parametrize(("title", "is_accessible"), [("Việt Nam مرحبا", True), ("Calls 😀", False)])
def test_signs_of_other_scripts(title: str, is_accessible: bool) -> None:
    """A sign that no font has shows as an empty box, and the page says so."""
    content = write_pdf(replace(made("en"), title=title))
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert ("pdfuaid" in pdf.Root.Metadata.read_bytes().decode()) is is_accessible
        assert pdf.Root.MarkInfo.Marked
    assert ("shows as an empty box" in told(content)) is not is_accessible


def test_a_table_that_breaks_repeats_its_head_and_keeps_its_sum_with_its_numbers() -> None:
    pages = read_pages(write_pdf(with_table(TALL, "police_service")))
    parts = [page for page in pages if re.search(r"Service \d+ (x|1\d\d)\b", page)]
    assert len(parts) > 1
    assert all("Group Incidents" in page for page in parts)
    last = next(page for page in pages if "All 419" in page)
    assert "Service 58 158 Service 59 159 All 419" in last
    assert count_tags(write_pdf(with_table(TALL, "police_service")))["/TH"] == 2 + len(TALL.rows)


@pytest.mark.parametrize("lines", range(2, 42, 5))
def test_no_page_is_turned_for_a_lone_paragraph(lines: int) -> None:
    """However long the summary is, the last notes stand on one page, and each beside its heading."""
    edition = replace(made("fr"), summary="\n".join(["Une ligne."] * lines))
    *others, last = read_pages(write_pdf(edition))
    for heading, _text in edition.notes[-4:]:
        assert heading in last
    for heading, text in edition.notes:
        on = [page for page in (*others, last) if f"{heading} {text.split()[0]}" in page]
        assert len(on) == 1 and text.split()[-1] in on[0]


def test_a_wide_table_is_turned_or_parted() -> None:
    """No column is lost, none is there twice."""
    (piece,) = arrange(WIDE, "Quarter")
    assert (piece.corner, len(piece.heads), len(piece.lines)) == ("Quarter", 5, 21)
    for at, (_head, cells) in enumerate(piece.lines):
        assert cells == tuple(row.cells[at] for row in WIDE.rows)
    high = replace(WIDE, rows=tuple(WIDE.rows[0] for _at in range(MOST_COLUMNS + 1)))
    pieces = arrange(high, "Quarter")
    assert [head.label for one in pieces for head in one.heads] == [column.label for column in WIDE.columns]
    assert all(len(one.heads) <= MOST_COLUMNS and len(one.lines) == len(high.rows) for one in pieces)
    assert "Jan–Mar 2021 10 10 10 10 77" in told(write_pdf(with_table(WIDE, "contact_group", "quarter")))


def test_strings_that_are_on_no_page_are_those_of_the_release() -> None:
    """Bookmarks, titles and metadata hold words of the edition, and no path, name or time of this machine."""
    strings = read_strings(written("en"))
    assert "Who calls" in strings
    assert not re.search(r"/home|/root|/tmp|/work|casework-", strings)


def test_nothing_is_lost_at_the_edge_of_a_page() -> None:
    """Words wider than the page, and texts longer than one: all of it is on some page, within it."""
    edition = replace(
        made("en"),
        summary="w" * 300,
        demands="Stop it now. " * 400,
        link="https://example.org/" + "part/" * 60,
        organization="Coalition of many organizations " * 8,
    )
    content = write_pdf(edition)
    text = told(content)
    assert text.count("w") > 300 and text.count("Stop") == 400
    assert text.replace(" ", "").count("part/" * 60) == 1
    with pikepdf.open(io.BytesIO(content)) as pdf:
        assert "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()
        width = float(pdf.pages[0].MediaBox[2])
        notes = [note for page in pdf.pages for note in page.get("/Annots", [])]
        assert all(0 < float(note.Rect[0]) < float(note.Rect[2]) < width for note in notes)


ADDRESS = f"https://example.org/{'a' * 80}/act?x={'b' * 90}"


def test_what_is_wider_than_the_page_goes_on_in_the_next_line_and_is_copied_whole() -> None:
    """A title of one word, an address: broken letter by letter, and no sign that nobody sees between."""
    content = write_pdf(replace(made("en"), title="W" * 90, link=ADDRESS))
    text = told(content)
    assert "\u200b" not in text
    assert "W" * 90 not in text and "W" * 90 in text.replace(" ", "")
    assert ADDRESS in text.replace(" ", "")
    assert find_failures(content) == []


def test_a_long_word_that_fits_stays_whole() -> None:
    """The title is set smaller first."""
    assert "Donaudampfschifffahrtsgesellschaft" in told(
        write_pdf(replace(made("en"), title="The Donaudampfschifffahrtsgesellschaft again"))
    )


def test_what_a_sign_means_stands_once() -> None:
    """Below the chart, not in it as well; a chart that is a file of its own says it."""
    hiding = with_table(TALL, "police_service")
    drawn = lay_out(hiding, {"sheet": SHEET, "page": PRINTED[1]})["tables"][0]
    assert drawn["has_signs"]
    assert ["x: hidden" in drawn["charts"][name] for name in ("sheet", "page")] == [False, True]
    page = write_page(hiding).decode()
    assert page.count("x: hidden") == 1  # of the notes on method
    assert page.count('class="signs"') == 1
