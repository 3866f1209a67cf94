"""One number that somebody asks for: what is counted, when, and which answer is of interest."""

from dataclasses import dataclass

from casework.errors import Invalid

from .messages import N_
from .period import Period
from .releasedraft import Names, ReleaseDraft

WHOLE: Names = ("year",)
"""The table behind a question that breaks nothing down: its total is what was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """How many of `unit` gave `answer` to `show`, or in all, and how they fall to `by`.

    `show` and `by` are dimensions, `answer` a code of the first; each may be empty. `Invalid` names `answer`
    where it answers nothing.
    """

    unit: str
    period: Period
    show: str = ""
    answer: str = ""
    by: str = ""

    def __post_init__(self) -> None:
        """Refuse an answer without its question."""
        if self.answer and not self.show:
            raise Invalid(answer=N_("Choose one of the listed answers."))

    @property
    def names(self) -> Names:
        """The dimensions of the table that has the answer."""
        return tuple(name for name in (self.show, self.by) if name) or WHOLE

    def to_draft(self, threshold: int) -> ReleaseDraft:
        """Give the release, as yet without words, that would publish the answer; `threshold` in cases."""
        return ReleaseDraft(unit=self.unit, period=self.period, tables=(self.names,), texts={}, k=threshold)
