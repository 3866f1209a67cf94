"""What the board of patterns shows: numbers that lead to their incidents, drawings in words too."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import pgettext

from casework.domain.dates import Quarter
from casework.domain.period import Period, write_quarter
from casework.reports.labels import Labels
from casework.services.context import Context
from casework.services.exploring.questions import Question
from casework.services.patterns import PatternView
from casework.services.reviewing.board import Board, Tally, read_board
from casework.services.reviewing.waiting import list_waiting
from casework.web.explore_page import address
from casework.web.language import format_number, language


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The board and how many proposals wait, by pattern; `quarters` are called as the tables call them."""

    board: Board
    waiting: Mapping[UUID, int]
    quarters: Sequence[str]

    @property
    def all_waiting(self) -> int:
        """How many proposals wait."""
        return sum(self.waiting.values())

    @property
    def day(self) -> int:
        """The how manieth day of its quarter today is."""
        return (self.board.today - self.board.this_quarter.first_day).days + 1

    @property
    def days(self) -> int:
        """How many days this quarter has."""
        return (self.board.this_quarter.last_day - self.board.this_quarter.first_day).days + 1

    def tally(self, pattern_id: UUID) -> Tally:
        """Return what is known of a pattern."""
        return self.board.tally(pattern_id)

    def columns(self, pattern_id: UUID) -> list[tuple[str, int, int, str]]:
        """Return of this quarter and the last: its name, how many, how many perhaps, and where they are."""
        tally, board = self.board.tally(pattern_id), self.board
        return [
            (self.quarters[at], tally.counts[at], tally.perhaps[-1 - at], behind(pattern_id, period))
            for at, period in ((-1, board.this_quarter), (-2, board.last_quarter))
        ]

    def in_words(self, pattern_id: UUID) -> str:
        """Say in words what the drawing of a pattern shows."""
        counts = zip(self.quarters, self.board.tally(pattern_id).counts, strict=True)
        numbers = str(pgettext("between conditions", "; ")).join(
            str(_("%(what)s: %(text)s", what=name, text=format_number(count))) for name, count in counts
        )
        return str(_("Incidents by quarter. %(numbers)s.", numbers=numbers))

    def behind(self, pattern_id: UUID) -> str:
        """Return the address of all incidents of a pattern."""
        return behind(pattern_id)


def read(context: Context, views: Sequence[PatternView]) -> BoardPage:
    """Return the page of the board."""
    board = read_board(context)
    waiting = Counter(one.pattern.id for one in list_waiting(context, views))
    return BoardPage(board, waiting, name_quarters(board.quarters))


def name_quarters(quarters: Sequence[Quarter]) -> list[str]:
    """Return what quarters are called in the reader's language."""
    labels = Labels(language(), Period(quarters[0], quarters[-1]), {})
    return [labels.code("quarter", write_quarter(quarter)) for quarter in quarters]


def behind(pattern_id: UUID, period: Period | None = None) -> str:
    """Return the address of a pattern's incidents, of all of them or of those in a period for certain."""
    first, last = (period.first_day, period.last_day) if period else (None, None)
    question = Question(filters={"patterns": (pattern_id.hex,)}, first=first, last=last)
    return address("explore.behind", question)
