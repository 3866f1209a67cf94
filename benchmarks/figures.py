"""Draws what `load` and `pages` wrote down as CSV, for docs/performance.md.

    .venv/bin/python -m benchmarks.figures soak soak.csv docs/figures/soak.svg
    .venv/bin/python -m benchmarks.figures growth pages.csv docs/figures/growth.svg

Needs matplotlib (`make compare` installs it). The same numbers give the same file.
"""

import argparse
import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

INK, ACCENT, FAINT = "#251A27", "#5E2150", "#CFD1C5"
LINES = ("#5E2150", "#BC7B10", "#06674A", "#1F6DEC", "#868588")
"""The colours of charts: told apart under every kind of colour vision."""
WIDTH, PANEL_HEIGHT = 8.0, 1.9
"""Inches."""
MINUTES = 60
AIMS = ((10_000, 100.0), (100_000, 300.0))
"""How many milliseconds a page may take at most, at how many cases."""
PANELS = (
    (
        "Lists",
        (
            ("start page, after a save", "start, after a save"),
            ("start page", "start"),
            ("cases, after a save", "cases, after a save"),
            ("cases, all", "cases"),
        ),
    ),
    (
        "Searches",
        (
            ("search: two common words", "two common words"),
            ("search: a name", "a name"),
            ("search: two rare words", "two rare words"),
        ),
    ),
    (
        "Counts",
        (
            ("pathway, after a save", "pathway, after a save"),
            ("pathway", "pathway"),
            ("explorer, after a save", "explorer, after a save"),
            ("explorer", "explorer"),
            ("signals, after a save", "signals, after a save"),
        ),
    ),
    (
        "One incident",
        (
            ("saving an incident", "saving it"),
            ("form, after a save", "its form, after a save"),
            ("form of an incident", "its form"),
            ("one case", "its case"),
        ),
    ),
    ("Opening every record after a start", (("first list, nothing in memory", "first list"),)),
    (
        "Memory of the worker, MB",
        (("memory, at the peak", "at the peak"), ("memory, all opened", "all opened")),
    ),
)
"""The panels of `growth`: titles, and what is in each, as `pages` and then as the figure calls it."""


def main() -> None:
    """Read a CSV file and write an SVG file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("figure", choices=("soak", "growth"))
    parser.add_argument("numbers", type=Path)
    parser.add_argument("target", type=Path)
    arguments = parser.parse_args()
    mpl.rcParams.update({"svg.hashsalt": "casework", "svg.fonttype": "none", "font.family": "sans-serif"})
    with arguments.numbers.open(newline="") as source:
        rows = list(csv.DictReader(source))
    draw = {"soak": draw_soak, "growth": draw_growth}[arguments.figure]
    draw(rows)
    pyplot.savefig(arguments.target, metadata={"Date": None, "Creator": None}, bbox_inches="tight")


def draw_soak(rows: Sequence[dict[str, str]]) -> None:
    """Memory, open files, what the data folder takes and requests, one below the other, by minute."""
    panels = (
        ("resident_mb", "Memory of the server, MB"),
        ("files", "Open files"),
        ("data_mb", "Data folder, MB"),
        ("requests", "Requests so far"),
    )
    _, axes = pyplot.subplots(len(panels), 1, sharex=True, figsize=(WIDTH, PANEL_HEIGHT * len(panels)))
    minutes = [float(row["seconds"]) / MINUTES for row in rows]
    for at, (name, title) in zip(axes, panels, strict=True):
        at.plot(minutes, [float(row[name]) for row in rows], color=ACCENT, linewidth=1.2)
        at.set_ylim(bottom=0)
        _finish(at, title)
    axes[-1].set_xlabel("Minutes")


def draw_growth(rows: Sequence[dict[str, str]]) -> None:
    """A coordinator's pages and the memory by the number of cases, on logarithmic scales, with the aims."""
    figure, axes = pyplot.subplots(3, 2, sharex=True, figsize=(WIDTH + 2, 9.5))
    for at, (title, pages) in zip(axes.flat, PANELS, strict=True):
        ends = {}
        for (page, label), colour in zip(pages, LINES, strict=False):
            cases, amounts = _read(rows, page)
            at.plot(cases, amounts, color=colour, marker="o", markersize=3.5, linewidth=1.6, clip_on=False)
            ends[label] = (cases[-1], amounts[-1], colour)
        at.set_xscale("log")
        at.set_yscale("log")
        _finish(at, title)
        at.grid(axis="x", color=FAINT, linewidth=0.5)
        at.minorticks_off()
        at.xaxis.set_major_formatter(lambda value, _at: f"{value:,.0f}")
        at.yaxis.set_major_formatter(lambda value, _at: f"{value:,.0f}")
        if at not in axes[2]:
            at.set_ylim(5, 5_000)
            at.plot(*zip(*AIMS, strict=True), color=INK, marker="_", markersize=14, linewidth=0)
            at.annotate("aim", AIMS[0], (-30, -3), textcoords="offset points", fontsize=8, color=INK)
            at.annotate("aim", AIMS[1], (-30, -3), textcoords="offset points", fontsize=8, color=INK)
        else:
            at.set_ylim(100, 1_000_000 if at is axes[2][0] else 20_000)
        _label(at, ends)
    for at in axes[2]:
        at.set_xlabel("Cases", fontsize=9, color=INK)
    figure.supylabel("Processor time, milliseconds", fontsize=9, color=INK, x=0.035, y=0.5)
    figure.subplots_adjust(wspace=0.62, hspace=0.22)


def _read(rows: Sequence[dict[str, str]], page: str) -> tuple[list[int], list[float]]:
    """Return the sizes at which a coordinator's page was measured, and milliseconds or megabytes at each."""
    points = sorted(
        (int(row["cases"]), float(row["processor_ms"] or row["megabytes"]))
        for row in rows
        if row["page"] == page and row["member"] == "coordinator"
    )
    return [cases for cases, _ in points], [amount for _, amount in points]


def _label(at: Axes, ends: Mapping[str, tuple[int, float, str]], apart: float = 0.075) -> None:
    """Write the name of each line beside its end, as near to it as leaves room for the others."""
    to_axes = at.transData + at.transAxes.inverted()
    places = {name: to_axes.transform((cases, amount)) for name, (cases, amount, _) in ends.items()}
    height = -1.0
    for name in sorted(places, key=lambda name: places[name][1]):
        across, height = places[name][0], max(places[name][1], height + apart)
        at.annotate(
            name,
            places[name],
            (across + 0.07, height),
            xycoords="axes fraction",
            textcoords="axes fraction",
            fontsize=8.5,
            color=INK,
            va="center",
            annotation_clip=False,
            arrowprops={
                "arrowstyle": "-",
                "color": ends[name][2],
                "linewidth": 1.2,
                "shrinkA": 1,
                "shrinkB": 0,
            },
        )


def _finish(at: Axes, title: str) -> None:
    at.set_title(title, loc="left", fontsize=9, color=INK)
    at.grid(axis="y", color=FAINT, linewidth=0.5)
    at.tick_params(labelsize=8, colors=INK)
    at.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()
