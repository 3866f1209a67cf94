"""Charts: every number at its length, nothing that is hidden at any, and all of it within the picture."""

import io
import tomllib
from dataclasses import replace
from importlib.resources import files
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from casework.domain.languages import LANGUAGES
from casework.reports.layout import Layout
from casework.reports.publication.charts.canvas import PAINT
from casework.reports.publication.charts.drawing import Chart, draw
from casework.reports.publication.charts.files import write_png, write_svg
from casework.reports.publication.charts.frames import FRAMES, NARROW, PRINTED, SHEET, SOCIAL, WIDE, Frame
from casework.reports.publication.charts.images import draw_png
from casework.reports.publication.charts.measuring import balance, measure, widest, wrap
from casework.reports.publication.charts.wording import Credit
from tests.support.charts import (
    SVG,
    Value,
    bars_of,
    numbers_of,
    one_way,
    quarters,
    read_svg,
    stubs_of,
    texts_of,
    two_way,
)
from tests.support.published import make_editions, publish, withdraw

ALL_FRAMES = (*FRAMES.values(), WIDE, NARROW, SHEET)
GROWING = (*PRINTED, WIDE, NARROW)
CREDIT = Credit("Traverse & <Collectif>", 7, "Incidents, 2025")
LONG = "Service de police de la Municipalité régionale de l’agglomération de Longueuil et des environs"
YEARS = [("2023", "2023"), ("2024", "2024"), ("2025", "2025: Jan–Sep")]
GROUPS = one_way(
    [
        ("a", "Victim", 111),
        ("b", "Ticket", "x"),
        ("c", "Check", 222),
        ("d", "Witness", 9),
        ("other", "Other", 333),
        ("unknown", "Unknown", 44),
    ]
)
MANY = one_way([(f"p{at}", f"{LONG} {at}", "x" if at % 7 == 3 else 5 + at * 13) for at in range(40)])
HUGE = one_way([("a", "Street", 100_000), ("b", "Home", 0), ("c", "Border", 7), ("d", "Court", "-")], 100_007)
SINGLE = one_way([("a", "Women", 37)], 37)
LONE_YEAR = one_way([], 37, "Year")
BY_YEAR = one_way(
    [*((code, label, at * 31 + 5) for at, (code, label) in enumerate(YEARS)), ("unknown", "Vague", "x")]
)
BY_QUARTER = one_way(
    [
        (code, label, "x" if at in (3, 11) else 5 + at * 7)
        for at, (code, label) in enumerate(quarters(2021, 2025))
    ]
)
CROSSED = two_way(
    [("a", "Citizen"), ("b", "Temporary"), ("unknown", "Unknown")],
    [
        ("v", "Victim", [12, "x", 31, 61]),
        ("w", LONG, [0, 47, "x", 62]),
        ("total", "All", [52, "x", "x", 123]),
    ],
)
STEADY: list[tuple[str, str, list[Value]]] = [
    (f"g{row}", f"Group {row}", [*(5 + row * at for at in range(19)), "x", 500 + row]) for row in range(6)
]
IN_TIME = two_way(
    quarters(2021, 2025),
    [*STEADY, ("total", "All", [99] * 21)],
)
TABLES = {
    "groups": GROUPS,
    "many": MANY,
    "huge": HUGE,
    "single": SINGLE,
    "lone_year": LONE_YEAR,
    "years": BY_YEAR,
    "quarters": BY_QUARTER,
    "crossed": CROSSED,
    "in_time": IN_TIME,
}
EACH = [
    pytest.param(table, frame, id=f"{name}-{frame.name}")
    for (name, table), frame in product(TABLES.items(), ALL_FRAMES)
]


def chart(table: Layout, language: str = "en", title: str = "") -> Chart:
    """Return what is drawn of a table."""
    return Chart(table, CREDIT, language, title)


def cells(table: Layout) -> list[int]:
    """List the numbers that are bars: all but sums."""
    columns = [at for at, one in enumerate(table.columns) if one.kind != "total"] or [0]
    return sorted(
        value
        for row in table.rows
        if row.kind != "total"
        for at in columns
        if (value := row.cells[at].value) is not None
    )


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("table", [GROUPS, MANY, HUGE, SINGLE, BY_QUARTER, CROSSED])
@pytest.mark.parametrize("frame", [PRINTED[0], WIDE], ids=lambda frame: frame.name)
def test_every_number_is_there_once_and_no_other(table: Layout, frame: Frame, language: str) -> None:
    years = {"2021", "2022", "2023", "2024", "2025"}
    words = [word for word in texts_of(read_svg(draw(chart(table, language), frame))) if word not in years]
    assert sorted(numbers_of(words)) == cells(table)


@pytest.mark.parametrize("frame", GROWING, ids=lambda frame: frame.name)
@pytest.mark.parametrize("table", [GROUPS, MANY, HUGE, BY_YEAR, CROSSED, IN_TIME])
def test_a_bar_is_as_long_as_its_number_and_sums_are_none(table: Layout, frame: Frame) -> None:
    """One scale for all of a chart, from zero; what is too short to be seen is a hair."""
    bars, values = bars_of(read_svg(draw(chart(table), frame))), [one for one in cells(table) if one]
    lengths = sorted(bar[stand(bars)] for bar in bars)
    assert len(lengths) == len(values)
    scale = lengths[-1] / values[-1]
    for length, value in zip(lengths, values, strict=True):
        assert length == pytest.approx(max(value * scale, 1), abs=0.02)


def stand(bars: list[tuple[float, float]]) -> int:
    """Tell along which side bars differ: 0 lying, 1 standing."""
    return 0 if len({height for _width, height in bars}) <= len({width for width, _height in bars}) else 1


@pytest.mark.parametrize(("table", "frame"), EACH)
def test_hidden_numbers_all_look_alike(table: Layout, frame: Frame) -> None:
    assert len(stubs_of(read_svg(draw(chart(table), frame)))) <= 1


@pytest.mark.parametrize("frame", ALL_FRAMES, ids=lambda frame: frame.name)
def test_where_a_hidden_number_stands_says_nothing_of_it(frame: Frame) -> None:
    """After all that are shown, however many there are; so the order by size has no gap to read."""
    words = texts_of(read_svg(draw(chart(GROUPS), frame)))
    labels = [word for word in words if word in {row.label for row in GROUPS.rows}]
    assert labels == ["Check", "Victim", "Witness", "Ticket", "Other", "Unknown"]


def test_lists_that_have_an_order_and_times_keep_it() -> None:
    ages = one_way([("0_11", "0–11 years", "x"), ("12_17", "12–17 years", 9), ("18_24", "18–24 years", 35)])
    words = texts_of(read_svg(draw(chart(ages), WIDE)))
    assert [word for word in words if "years" in word] == ["0–11 years", "12–17 years", "18–24 years"]
    words = texts_of(read_svg(draw(chart(BY_QUARTER), NARROW)))
    assert [word for word in words if "2021" in word] == [label for _code, label in quarters(2021, 2021)]


@pytest.mark.parametrize(("table", "frame"), EACH)
def test_all_of_it_is_within_the_picture(table: Layout, frame: Frame) -> None:
    """No word is cut at an edge, however long labels are and however many lines there are."""
    root = read_svg(draw(chart(table, "fr"), frame))
    width, height = (float(root.get(side, "0")) for side in ("width", "height"))
    assert width == pytest.approx(frame.width, abs=0.01)
    assert height == pytest.approx(frame.height or height)
    for text in root.iter(f"{SVG}text"):
        size, x, y = (float(text.get(name, "0")) for name in ("font-size", "x", "y"))
        long = measure("".join(text.itertext()), size, text.get("font-weight") == "600")
        left = x - long * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        assert -0.5 <= left and left + long <= width + size * 0.6, text.text
        assert size * 0.7 <= y <= height, text.text
        assert size >= frame.text * 0.6
    for rect in root.iter(f"{SVG}rect"):
        assert float(rect.get("x", "0")) + float(rect.get("width", "0")) <= width + 0.01
        assert float(rect.get("y", "0")) + float(rect.get("height", "0")) <= height + 0.01


@pytest.mark.parametrize(("table", "frame"), EACH)
def test_no_two_words_lie_on_each_other(table: Layout, frame: Frame) -> None:
    boxes = []
    for text in read_svg(draw(chart(table), frame)).iter(f"{SVG}text"):
        size, x, y = (float(text.get(name, "0")) for name in ("font-size", "x", "y"))
        long = measure("".join(text.itertext()), size, text.get("font-weight") == "600")
        left = x - long * {"start": 0, "middle": 0.5, "end": 1}[text.get("text-anchor", "start")]
        boxes.append((left, y - size * 0.62, left + long, y, text.text))
    for at, one in enumerate(boxes):
        for other in boxes[at + 1 :]:
            apart = (
                one[2] <= other[0] + 1 or other[2] <= one[0] + 1 or one[3] <= other[1] or other[3] <= one[1]
            )
            assert apart, (one, other)


def test_columns_are_as_high_as_there_is_room_whatever_has_no_date() -> None:
    """What has no place in time is said in words: it takes no height from what is drawn."""
    dated = [(code, label, 40 + at) for at, (code, label) in enumerate(quarters(2023, 2025))]
    vague = one_way([*dated, ("unknown", "Vague", 400)], 900)
    assert bars_of(read_svg(draw(chart(vague), WIDE))) == bars_of(read_svg(draw(chart(one_way(dated)), WIDE)))


@pytest.mark.parametrize("frame", [WIDE, NARROW], ids=["wide", "narrow"])
@pytest.mark.parametrize("years", [3, 4, 6, 10])
def test_numbers_of_neighbours_stand_apart(years: int, frame: Frame) -> None:
    """However many quarters there are, and where not all fit, those that are shown."""
    table = two_way(
        quarters(2015, 2014 + years),
        [(code, code.upper(), [10 + at % 9 for at in range(years * 4)] + [99]) for code in "abcd"],
    )
    found = []
    for text in read_svg(draw(chart(table), frame)).iter(f"{SVG}text"):
        if text.get("text-anchor") == "middle" and text.get("font-weight") == "600":
            size, x = float(text.get("font-size", "0")), float(text.get("x", "0"))
            half = measure(text.text or "", size, True) / 2
            found.append((float(text.get("y", "0")) // size, x - half, x + half, size))
    assert found
    for at, (row, left, right, size) in enumerate(found):
        for its_row, its_left, its_right, _size in found[at + 1 :]:
            if abs(row - its_row) <= 1:
                assert max(its_left - right, left - its_right) >= size * 0.25


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_whoever_does_not_see_it_is_told_all_of_it(language: str) -> None:
    root = read_svg(draw(chart(CROSSED, language), WIDE, "one"))
    title, words = root[0], root[1]
    assert (root.get("role"), root.get("aria-labelledby")) == ("img", "one-title one-words")
    assert (title.get("id"), title.text, words.get("id")) == ("one-title", CROSSED.caption, "one-words")
    assert words.text is not None
    hidden = {"en": "hidden", "fr": "masqué", "es": "oculto"}[language]
    assert f"Victim {hidden}" in words.text and words.text.count(hidden) == 2
    assert all(f" {value}" in words.text for value in cells(CROSSED))


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_it_says_whose_numbers_these_are_and_what_its_signs_mean(language: str) -> None:
    said = " ".join(texts_of(read_svg(draw(chart(GROUPS, language), PRINTED[1]))))
    assert "Traverse & <Collectif>" in said and "7." in said and "Incidents, 2025" in said
    assert {"en": "x: hidden", "fr": "x : masqué", "es": "x: oculto"}[language] in said.replace("\u00a0", " ")
    assert "419" in said


def test_a_card_that_is_too_small_shows_sums_or_the_first_and_says_so() -> None:
    words = " ".join(texts_of(read_svg(draw(chart(MANY), SOCIAL[0]))))
    assert "more in the release." in words
    words = " ".join(texts_of(read_svg(draw(chart(IN_TIME), SOCIAL[0]))))
    assert "Sums alone" in words and "505" in words
    described = read_svg(draw(chart(MANY), SOCIAL[0]))[1].text or ""
    assert "512" in described and f"{LONG} 0 5," not in described


@pytest.mark.parametrize("language", list(LANGUAGES))
@pytest.mark.parametrize("table", [MANY, IN_TIME])
def test_a_chart_of_no_release_leads_to_the_table_beside_it(table: Layout, language: str) -> None:
    """What is not drawn stands there: no release has it."""
    beside = Chart(table, Credit("", 0, ""), language)
    released, here = (
        " ".join(texts_of(read_svg(draw(one, replace(NARROW, most=300))))).lower()
        for one in (chart(table, language), beside)
    )
    words = {"en": ("release", "table"), "fr": ("publication", "tableau"), "es": ("publicación", "tabla")}
    release, beside_it = words[language]
    assert release in released
    assert release not in here and beside_it in here


def test_a_finding_may_be_the_title_of_a_card_and_emoji_are_left_out() -> None:
    root = read_svg(draw(chart(GROUPS, title="Who calls 😀? <b>&"), SOCIAL[1]))
    assert root[0].text == "Who calls ? <b>&"
    assert "Group · Incidents, 2025 · All: 419" in texts_of(root)


def test_words_of_other_scripts_are_set_apart() -> None:
    """Else some programs set the whole line in the font of the strangest letter."""
    root = read_svg(draw(chart(GROUPS, title="Viết مرحبا hola"), SOCIAL[1]))
    parts = [text for text in root.iter(f"{SVG}text") if text.get("font-family")]
    assert ["".join(part.itertext()) for part in parts] == ["ế", "مرحبا"]


@pytest.mark.parametrize("frame", list(FRAMES.values()), ids=lambda frame: frame.name)
def test_a_png_has_the_pixels_of_its_size_and_says_nothing_besides(frame: Frame) -> None:
    content = draw_png(chart(GROUPS), frame)
    with Image.open(io.BytesIO(content)) as image:
        sizes = {"landscape": (1200, 675), "square": (1080, 1080), "portrait": (1080, 1350)}
        wide = {"column": 1016, "page": 2055}
        assert image.size == sizes.get(frame.name, image.size)
        assert abs(image.width - wide.get(frame.name, image.width)) <= 1
        assert image.format == "PNG" and not getattr(image, "text", {})
        assert len(set(image.convert("RGB").resize((200, 200)).get_flattened_data())) > 20
    assert draw_png(chart(GROUPS), frame) == content


def test_what_was_withdrawn_says_so_on_each_chart() -> None:
    edition = make_editions(withdraw(publish()))[1]
    for size in FRAMES:
        root = read_svg(write_svg(edition, 0, size))
        assert "Cette publication a été retirée." in texts_of(root)
        assert "A city, was wrong." in (root[1].text or "")
    assert write_png(edition, 0, "square") != write_png(make_editions(publish())[1], 0, "square")


def test_a_card_of_the_headline_says_what_the_release_says() -> None:
    edition = make_editions(publish())[1]
    assert read_svg(write_svg(edition, 0, "square"))[0].text == "Qui appelle"
    assert read_svg(write_svg(edition, 0, "column"))[0].text == edition.tables[0].caption
    assert b"@font-face" in write_svg(edition, 0, "column")


def test_colours_are_strong_enough() -> None:
    """WCAG 2: words 4.5 to 1, marks 3 to 1, on every ground that they stand on."""
    for paint, ground in product(("ink", "soft", "late"), ("paper", "lichen")):
        assert contrast(PAINT[paint], PAINT[ground]) >= 4.5
    for paint, ground in product(("bar", "rest", "hatch", "base"), ("paper", "lichen")):
        assert contrast(PAINT[paint], PAINT[ground]) >= 3
    assert (
        contrast(PAINT["on-poster"], PAINT["poster"]) >= 4.5 <= contrast(PAINT["marigold"], PAINT["poster"])
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1 to 21."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    """Return how bright a colour is, 0 to 1, by WCAG."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@settings(deadline=None)  # the first one reads the font
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=60), st.floats(20, 400))
def test_lines_hold_all_words_and_are_as_wide_as_they_may(words: str, width: float) -> None:
    lines = wrap(words, 12, width)
    assert " ".join(lines).split(" ") == words.split(" ") or not words
    assert all(measure(line, 12) <= width or " " not in line for line in lines)
    narrow = balance(words, 12, width)
    assert narrow <= width
    assert len(wrap(words, 12, narrow)) <= max(len(lines), 1) or widest(lines, 12) > width


def test_the_words_of_charts_and_documents_are_complete_in_each_language() -> None:
    for package in ("charts", "documents"):
        texts = tomllib.loads(
            (files("casework.reports.publication") / package / "texts.toml").read_text("utf-8")
        )
        assert all(texts[language].keys() == texts["en"].keys() for language in LANGUAGES)
