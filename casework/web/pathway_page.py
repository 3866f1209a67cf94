"""What the page of the pathway funnel shows: its steps as bars, as tables by group, and in words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup

from casework.analysis.funnel import Lag, Stage
from casework.domain.languages import set_wide
from casework.reports.pathway_chart import DrawnStep, draw_pathway
from casework.reports.publication.charts.frames import NARROW
from casework.services.exploring.facets import REACHED, STEPS, Unit
from casework.services.exploring.funnels import Funnel
from casework.web.decimals import write_share
from casework.web.explore_page import DRAWN_WIDE, LEAST_BASE, Cell, address, narrow
from casework.web.explore_words import ASIDE, NAMES_OF_STEPS, Words, name_facet, say_count
from casework.web.language import format_number


@dataclass(frozen=True, slots=True)
class Told:
    """A group, or all: how many reach each step, and how soon. `kind` is "", "aside" or "total"."""

    label: str
    kind: str
    reached: tuple[Cell, ...]
    lags: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """All of it. `silent` says of each step in words of how many nothing is known.

    Of fewer than `least` neither per cent nor median is told; `has_lags` tells whether there is any median.
    """

    heading: str
    finding: str
    corner: str
    columns: tuple[tuple[str, str], ...]
    drawings: tuple[tuple[str, Markup], ...]
    groups: tuple[Told, ...]
    has_lags: bool
    silent: tuple[tuple[str, str], ...]
    least: int = LEAST_BASE


def present(funnel: Funnel, words: Words) -> Page:
    """Describe a funnel."""
    show = funnel.question.show
    order = sorted(funnel.groups, key=lambda code: (code in ASIDE, -funnel.groups[code][0].reached))
    behind = address("explore.behind", funnel.question)
    groups = [
        _tell(
            behind,
            words.code(show, code),
            "aside" if code in ASIDE else "",
            funnel.groups[code],
            (show, code),
        )
        for code in order
    ]
    finding = _find(funnel.whole)
    return Page(
        str(_("From contact to removal")),
        finding,
        name_facet(show),
        tuple((str(NAMES_OF_STEPS[step]), "") for step in STEPS),
        tuple(_draw(funnel.whole, finding)),
        (*groups, _tell(behind, words.total, "total", funnel.whole)),
        any(stage.since_start.known >= LEAST_BASE for stage in funnel.whole[1:]),
        tuple(_say_silence(funnel.whole)),
    )


def say_lag(lag: Lag) -> tuple[str, str]:
    """Return the median with its quartiles, and of how many; empty where nothing is dated to the day.

    Of too few it says so, and nothing else.
    """
    if lag.quartiles is None:
        return "", ""
    if lag.known < LEAST_BASE:
        return str(_("too few")), ""
    first, median, third = map(_days, lag.quartiles)
    spread = {"median": median, "first": first, "third": third}
    counts = {"known": format_number(lag.known), "among": format_number(lag.among)}
    return str(_("%(median)s (%(first)s–%(third)s)", **spread)), str(_("%(known)s of %(among)s", **counts))


def _tell(behind: str, label: str, kind: str, stages: Sequence[Stage], *cell: tuple[str, str]) -> Told:
    """Tell of a group that is this cell of the question, whose incidents are listed at `behind`."""
    cells = [
        Cell(
            format_number(stage.reached),
            _per_cent(stage.reached, stage.total) if at else "",
            narrow(behind, *cell, *([(REACHED, step)] if at else [])) if stage.reached else "",
        )
        for at, (step, stage) in enumerate(zip(STEPS, stages, strict=True))
    ]
    return Told(label, kind, tuple(cells), tuple(say_lag(stage.since_start) for stage in stages[1:]))


def _per_cent(count: int, base: int) -> str:
    return "–" if base < LEAST_BASE else write_share(count, base)


def _draw(stages: Sequence[Stage], title: str) -> Iterator[tuple[str, Markup]]:
    steps = [
        DrawnStep(
            str(NAMES_OF_STEPS[step]),
            _say_number(stage),
            stage.reached / stage.total if stage.total else 0,
            _say_note(stage, at),
        )
        for at, (step, stage) in enumerate(zip(STEPS, stages, strict=True))
    ]
    described = " ".join(f"{step.label}: {step.number}. {step.note}" for step in steps)
    for frame in (DRAWN_WIDE, NARROW):
        image = draw_pathway(steps, frame.width, frame.text * 1.05, f"pathway-{frame.name}", title, described)
        yield frame.name, Markup(image)  # noqa: S704 - drawn by us, its words escaped


def _say_number(stage: Stage) -> str:
    count, per_cent = format_number(stage.reached), _per_cent(stage.reached, stage.total)
    return count if per_cent == "–" else str(_("%(count)s, %(share)s", count=count, share=per_cent))


def _say_note(stage: Stage, at: int) -> str:
    """Say how many came on from the step before, and after how many days."""
    if not at:
        return ""
    parts = []
    if at > 1:
        counts = {"after": format_number(stage.after), "before": format_number(stage.before)}
        parts.append(_("%(after)s of the %(before)s that reached the step before.", **counts))
    lag = stage.since_start
    if lag.quartiles is None:
        parts.append(_("No days: none is dated to the day from contact to here."))
        return " ".join(map(str, parts))
    if lag.known < LEAST_BASE:
        parts.append(_("No days: fewer than %(number)s are dated to the day.", number=LEAST_BASE))
        return " ".join(map(str, parts))
    first, median, third = map(_days, lag.quartiles)
    number = {"median": median, "first": first, "third": third, "known": format_number(lag.known)}
    if lag.quartiles[2] == 0:
        parts.append(
            _("On the day of the contact for at least 3 of 4; %(known)s are dated to the day.", **number)
        )
    else:
        parts.append(
            _(
                "Median in days after the contact: %(median)s, middle half %(first)s to %(third)s; "
                "%(known)s are dated to the day.",
                **number,
            )
        )
    return " ".join(map(str, parts))


def _find(stages: Sequence[Stage]) -> str:
    """Say how many come to the last steps of all."""
    counts = {
        "total": say_count(Unit.INCIDENTS, stages[0].reached),
        "detained": format_number(stages[3].reached),
    }
    return str(
        _(
            "Of %(total)s, %(detained)s led to detention and %(removed)s to removal",
            removed=format_number(stages[4].reached),
            **counts,
        )
    )


def _say_silence(stages: Sequence[Stage]) -> Iterator[tuple[str, str]]:
    for step, stage in list(zip(STEPS, stages, strict=True))[1:]:
        counts = {
            "no": format_number(stage.not_reached),
            "unknown": format_number(stage.unknown),
            "not_asked": format_number(stage.not_asked),
        }
        yield (
            str(NAMES_OF_STEPS[step]),
            str(
                _(
                    "%(no)s did not, as far as was told; %(unknown)s unknown; %(not_asked)s not asked",
                    **counts,
                )
            ),
        )


def _days(number: float) -> str:
    return set_wide(str(format_decimal(number, "#,##0.#")))
