"""The words on and behind a chart, in one language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.reports import texts as texts_of
from casework.reports.calendar import write_number
from casework.reports.layout import Shown
from casework.reports.publication.charts.figures import Figure

HIDDEN = "x"
LACKING = "–"
_NONE = Shown("shown", 0)


@dataclass(frozen=True, slots=True)
class Credit:
    """Whose figures these are: what is below a chart. `notice` is empty while the release stands.

    `number` is that of the release; 0 of a page that has the table beside the chart.
    """

    organization: str
    number: int
    question: str
    is_withdrawn: bool = False
    notice: str = ""


class Wording:
    """Writes numbers and the lines around them; raises KeyError for a language that is none of ours.

    `in_release` tells where the table is that has the rest of what is not drawn.
    """

    def __init__(self, language: str, *, in_release: bool = True, is_explained: bool = False) -> None:
        self.language, self.is_explained, self._in_release = language, is_explained, in_release
        self._texts: Mapping[str, Any] = texts_of.read_texts(__package__, language)

    def text(self, name: str, **parts: object) -> str:
        """Return a text with its places filled in."""
        return str(self._texts[name]).format(**parts)

    def rest(self, name: str, **parts: object) -> str:
        """Say what is not drawn, and where it is."""
        return self.text(name if self._in_release else f"{name}_here", **parts)

    def count(self, shown: Shown) -> str:
        """Return a number as it stands beside a bar, or the sign of none."""
        if shown.state == "shown" and shown.value is not None:
            return write_number(shown.value, self.language)
        return HIDDEN if shown.state == "hidden" else LACKING

    def count_all(self, shown: Sequence[Shown], least: int) -> list[str]:
        """Return numbers as they stand beside bars, and that of the longest bar which shares their scale."""
        return [self.count(one) for one in (*shown, *([Shown("shown", least)] if least else []))]

    def source(self, credit: Credit) -> str:
        """Say whose numbers these are, which, and what they are not."""
        return self.text(
            "source",
            organization=credit.organization,
            number=write_number(credit.number, self.language),
            question=credit.question,
        )

    def signs(self, figure: Figure) -> list[str]:
        """Explain the signs that a chart has; nothing where what is around it does."""
        if self.is_explained:
            return []
        found = ["hidden"] if figure.hides else []
        return [self.text(name) for name in (*found, *(["lacks"] if figure.lacks else []))]

    def asides(self, figure: Figure) -> list[str]:
        """Say what has no place in time: "Date not that precise: 12.", or so for each panel that has any."""
        found: dict[str, list[str]] = {}
        for panel in figure.panels:
            for bar in panel.bars:
                if bar.kind == "aside" and not (panel.label and bar.shown == _NONE):
                    count = self.count(bar.shown)
                    told = self.text("bar", label=panel.label, count=count) if panel.label else count
                    found.setdefault(bar.label, []).append(told)
        return [self.text("aside", label=label, count=", ".join(told)) for label, told in found.items()]

    def describe(self, figure: Figure) -> str:
        """Say everything that a chart shows, for whoever hears it."""
        parts = []
        for panel in figure.panels:
            bars = ", ".join(
                self.text("bar", label=bar.label, count=self._said(bar.shown)) for bar in panel.bars
            )
            label = panel.label or figure.inner
            parts.append(self.text("panel", label=label, bars=bars))
        return " ".join(parts)

    def _said(self, shown: Shown) -> str:
        if shown.state == "shown":
            return self.count(shown)
        return self.text("said_hidden" if shown.state == "hidden" else "said_lacks")
