"""The published figures by service: those that tell of one thing side by side, narrowed as a reader asks."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _
from flask_babel import ngettext

from casework.domain.bounds import Amount
from casework.domain.folding import fold
from casework.domain.official import OfficialCount
from casework.domain.officialrates import Change, Sum, compare, list_changes, list_shares, list_sums
from casework.domain.sidebyside import SideBySide, side_by_side
from casework.services.official.counts import OfficialCountView
from casework.web.forms.officialfilter import Asked, key_of
from casework.web.language import format_number, language
from casework.web.official_page import Line, bound, note_of, period, say, tell, write_per_cent


@dataclass(frozen=True, slots=True)
class Beside:
    """Figures that tell of one thing; `agree` where all say the same."""

    lines: tuple[Line, ...]
    agree: bool


@dataclass(frozen=True, slots=True)
class Service:
    """A service with its figures, those of them that stand side by side, and changes in words.

    `extent` says how many figures of which years, `doubts` why one should look.
    """

    name: str
    extent: str
    doubts: tuple[str, ...]
    lines: tuple[Line, ...]
    beside: tuple[Beside, ...]
    changes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What one source counts of several services without overlap: the sum, and each part with its share.

    `left_out` says which figures are not added, and why.
    """

    title: str
    parts: tuple[tuple[str, str, str], ...]
    left_out: tuple[str, ...]


def list_totals(views: Iterable[OfficialCountView]) -> list[Total]:
    """Return the sums that sources allow, in words; a share is empty where nothing can be said."""
    told = list(views)
    notes = {id(view.count): note_of(view) for view in told}
    return [_tell_total(total, notes) for total in list_sums(view.count for view in told)]


def list_services(views: Sequence[OfficialCountView], asked: Asked) -> list[Service]:
    """Return the services with the figures that are asked for, by name; those of several together last."""
    groups: dict[str, list[OfficialCountView]] = {}
    for view in views:
        groups.setdefault(view.count.who, []).append(view)
    found = []
    for told in groups.values():
        beside = list(side_by_side(view.count for view in told))
        shown = [view for view in told if _is_asked(view.count, asked, beside, key_of(told))]
        if shown:
            found.append((_is_group(shown[0].count), _tell_service(told, shown, beside)))
    found.sort(key=lambda item: (item[0], fold(item[1].name)))
    return [service for _late, service in found]


def _is_asked(count: OfficialCount, asked: Asked, beside: Iterable[SideBySide], key: str) -> bool:
    if asked.service and asked.service != key:
        return False
    if asked.year and not count.first.year <= asked.year <= count.last.year:
        return False
    if not asked.doubtful:
        return True
    told_twice = any(one is count for group in beside if not group.agree for one in group.counts)
    return told_twice or any(one.differs for one in compare(count))


def _tell_service(
    told: Sequence[OfficialCountView], shown: Collection[OfficialCountView], beside: Iterable[SideBySide]
) -> Service:
    """Tell of a service what is shown of it, and what that is compared with."""
    counts = {id(view.count) for view in shown}
    groups = [group for group in beside if any(id(one) in counts for one in group.counts)]
    lines = {id(view.count): tell(view) for view in sorted(told, key=_by_time)}
    differing = sum(any(differs for _said, differs in lines[number].remarks) for number in counts)
    changes = list_changes(view.count for view in told)
    return Service(
        name=told[0].count.service_label(language()),
        extent=_say_extent([view.count for view in shown]),
        doubts=tuple(_say_doubts(sum(not group.agree for group in groups), differing)),
        lines=tuple(line for number, line in lines.items() if number in counts),
        beside=tuple(Beside(tuple(lines[id(one)] for one in group.counts), group.agree) for group in groups),
        changes=tuple(_change(one) for one in changes if {id(one.before), id(one.after)} & counts),
    )


def _say_extent(counts: Sequence[OfficialCount]) -> str:
    first, last = min(one.first.year for one in counts), max(one.last.year for one in counts)
    years = str(first) if first == last else str(_("%(first)s to %(last)s", first=first, last=last))
    number = format_number(len(counts))
    said = ngettext("%(number)s figure", "%(number)s figures", len(counts), number=number)
    return f"{said}, {years}"


def _say_doubts(unlike: int, differing: int) -> Iterator[str]:
    if unlike:
        yield str(
            ngettext(
                "%(number)s contradiction", "%(number)s contradictions", unlike, number=format_number(unlike)
            )
        )
    if differing:
        yield str(_("differs from its own counts"))


def _tell_total(total: Sum, notes: dict[int, str]) -> Total:
    one, shares = total.parts[0], list_shares(total)
    amount = Amount(Decimal(int(total.whole.value)))  # counts that are added are whole
    return Total(
        title=_(
            "%(what)s, %(period)s: %(sum)s together (%(publisher)s)",
            what=one.measure_label(language()),
            period=period(one),
            sum=bound(total.whole.bound, say(amount)),
            publisher=one.source.publisher,
        ),
        parts=tuple(
            (
                part.service_label(language()),
                say(part.amount),
                _("%(number)s%%", number=write_per_cent(shares[part.who])) if part.who in shares else "",
            )
            for part in sorted(total.parts, key=lambda part: -part.amount.value)
        ),
        left_out=tuple(_say_left_out(other, notes[id(other)]) for other in total.left_out),
    )


def _say_left_out(count: OfficialCount, note: str) -> str:
    said = {"service": count.service_label(language()), "number": say(count.amount)}
    if note:
        return str(_("Left out: %(service)s, %(number)s. %(note)s", note=note, **said))
    return str(_("Left out: %(service)s, %(number)s, which nobody says may be added.", **said))


def _by_time(view: OfficialCountView) -> tuple[object, ...]:
    return view.count.first, view.count.last, not view.is_shipped, view.anchor


def _is_group(count: OfficialCount) -> bool:
    return count.service in ("six_services", "other_services", "all_services")


def _change(change: Change) -> str:
    """Say how a count went on to the next of its source."""
    sign = "+" if change.per_cent.value > 0 else "\N{MINUS SIGN}" if change.per_cent.value < 0 else ""
    said = {
        "what": change.after.measure_label(language()),
        "before": period(change.before),
        "after": period(change.after),
        "percent": bound(change.per_cent.bound, sign + write_per_cent(abs(change.per_cent.as_per_cent()))),
        "publisher": change.after.source.publisher,
    }
    if change.by_day:
        return str(_("%(what)s, %(before)s and %(after)s: %(percent)s%% by the day (%(publisher)s)", **said))
    return str(_("%(what)s, %(before)s and %(after)s: %(percent)s%% (%(publisher)s)", **said))
