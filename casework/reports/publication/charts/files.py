"""The charts of an edition as files: of each table, in each size."""

from casework.reports.publication.charts.drawing import Chart, draw
from casework.reports.publication.charts.frames import FRAMES
from casework.reports.publication.charts.images import draw_png
from casework.reports.publication.charts.wording import Credit
from casework.reports.publication.edition import Edition


def chart_of(edition: Edition, at: int, title: str = "") -> Chart:
    """Return the chart of one of its tables; `title` is a finding, or empty."""
    standing = edition.standing
    credit = Credit(
        edition.organization, edition.number, edition.question, standing.is_withdrawn, standing.notice
    )
    return Chart(edition.tables[at], credit, edition.language, title)


def write_svg(edition: Edition, at: int, size: str) -> bytes:
    """Return a chart as SVG, with its font; raises KeyError for a size that is none of `FRAMES`."""
    return draw(_titled(edition, at, size), FRAMES[size], with_font=True).encode("utf-8")


def write_png(edition: Edition, at: int, size: str) -> bytes:
    """Return a chart as PNG; raises KeyError for a size that is none of `FRAMES`."""
    return draw_png(_titled(edition, at, size), FRAMES[size])


def _titled(edition: Edition, at: int, size: str) -> Chart:
    """Let a card of the headline say what the release says: in a feed, nothing else is around it."""
    return chart_of(edition, at, edition.title if at == 0 and FRAMES[size].is_card else "")
