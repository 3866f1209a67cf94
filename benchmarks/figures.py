"""Draws what `load` and `pages` wrote down as CSV, for docs/performance.md.

    .venv/bin/python -m benchmarks.figures soak soak.csv docs/figures/soak.svg
    .venv/bin/python -m benchmarks.figures growth pages.csv docs/figures/growth.svg

Needs matplotlib (`make compare` installs it). The same numbers give the same file.
"""

import argparse
import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
from matplotlib import pyplot
from matplotlib.axes import Axes

INK, ACCENT, FAINT = "#1f2430", "#8a3b12", "#c9c4bb"
WIDTH, PANEL_HEIGHT = 8.0, 1.9
"""Inches."""
MINUTES = 60


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
    """Processor time of each page by the number of cases, both on logarithmic scales."""
    pages: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for row in rows:
        pages[row["page"]].append((int(row["cases"]), float(row["processor_ms"])))
    _, at = pyplot.subplots(figsize=(WIDTH, 5))
    for name, points in pages.items():
        points.sort()
        cases, times = zip(*points, strict=True)
        at.plot(cases, times, marker="o", markersize=3, linewidth=1, label=name)
    at.set_xscale("log")
    at.set_yscale("log")
    at.set_xlabel("Cases")
    at.legend(loc="center left", bbox_to_anchor=(1.02, 0.5), fontsize=7, frameon=False)
    _finish(at, "Processor time of a request, milliseconds")


def _finish(at: Axes, title: str) -> None:
    at.set_title(title, loc="left", fontsize=9, color=INK)
    at.grid(axis="y", color=FAINT, linewidth=0.5)
    at.tick_params(labelsize=8, colors=INK)
    at.spines[["top", "right"]].set_visible(False)


if __name__ == "__main__":
    main()
