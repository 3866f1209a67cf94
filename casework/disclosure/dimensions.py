"""What a table is crossed by: dimensions, their codes, and the names of margins and complements."""

from dataclasses import dataclass, field
from typing import Final

from casework.disclosure.refusals import refusal

TOTAL: Final = "total"
WITH: Final = "with"
WITHOUT: Final = "without"

UNITS: Final = frozenset({"cases", "incidents", "people"})


@dataclass(frozen=True)
class Dimension:
    """A coded question.

    `codes` are in the order of the table. A multi-valued dimension is one where a unit carries several
    codes at once (tags), or else exactly one of the `exclusive` ones (not asked, unknown, none).
    """

    name: str
    codes: tuple[str, ...]
    multi_valued: bool = False
    exclusive: frozenset[str] = field(default_factory=frozenset)

    def __post_init__(self) -> None:
        """Raises DisclosureRefused("unknown_option") for a dimension that could not be tabulated."""
        named = all(isinstance(text, str) and text for text in (self.name, *self.codes))
        unique = len(set(self.codes)) == len(self.codes) > 0
        if not named or not unique or TOTAL in self.codes:
            raise refusal("unknown_option")
        if not self.exclusive <= set(self.codes) or (self.exclusive and not self.multi_valued):
            raise refusal("unknown_option")


def check_dimensions(dimensions: tuple[Dimension, ...]) -> None:
    """Admits one or two single-valued dimensions, or one multi-valued one alone."""
    multi_valued = any(dimension.multi_valued for dimension in dimensions)
    if not dimensions or len(dimensions) > (1 if multi_valued else 2):
        raise refusal("too_many_dimensions")
    if len({dimension.name for dimension in dimensions}) < len(dimensions):
        raise refusal("unknown_option")


def is_tags(dimensions: tuple[Dimension, ...]) -> bool:
    """Whether the table shows tags with their complements instead of a cross."""
    return dimensions[0].multi_valued


def shape_of(dimensions: tuple[Dimension, ...]) -> tuple[int, ...]:
    """The shape of the full cross with margins; of a table of tags, (codes and total) by (with, without)."""
    if is_tags(dimensions):
        return (len(dimensions[0].codes) + 1, 2)
    return tuple(len(dimension.codes) + 1 for dimension in dimensions)


def axes_of(dimensions: tuple[Dimension, ...]) -> tuple[tuple[str, ...], ...]:
    """The names along each axis of the full cross; margins come last."""
    if is_tags(dimensions):
        return ((*dimensions[0].codes, TOTAL), (WITH, WITHOUT))
    return tuple((*dimension.codes, TOTAL) for dimension in dimensions)
