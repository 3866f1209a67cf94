"""An attack on files of long form, from their text to what they give away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from casework.disclosure.outsider.asking import ask_about_groups, find_wholes
from casework.disclosure.outsider.claims import ask_about_unlisted
from casework.disclosure.outsider.findings import Finding, Progress, list_findings
from casework.disclosure.outsider.insiders import list_inside
from casework.disclosure.outsider.intervals import Outsider
from casework.disclosure.outsider.knowledge import know
from casework.disclosure.outsider.percents import learn_shares
from casework.disclosure.outsider.reading import Percents, read_claims
from casework.disclosure.outsider.successive import follow
from casework.disclosure.outsider.tagging import Tags, ask_about_complements
from casework.disclosure.solver import Deadline


@dataclass(frozen=True)
class Attack:
    """What whoever attacks takes the files to be, and looks for.

    `count` is the column of counts, `nested` pairs of a finer and a coarser column. With `successive` the
    files are of later and later moments. `outcomes` are columns of which no group of `groups`, or of any
    other column where there are none, may be all of one code. `percents` are columns of whole per cents, each
    with the columns that are summed in what it is a per cent of; all where none is given. Of `tags` a unit
    may have several codes. With `insiders` somebody of each cell attacks as well.
    """

    count: str = "count"
    nested: Sequence[tuple[str, str]] = ()
    threshold: int = 5
    zeros_published: bool = True
    rounded: int = 1
    successive: bool = False
    outcomes: Sequence[str] = ()
    groups: Sequence[str] = ()
    percents: Percents = field(default_factory=dict)
    tags: Tags | None = None
    insiders: bool = False

    def carry_out(
        self, files: Sequence[str], deadline: Deadline, progress: Progress | None = None
    ) -> Iterator[Finding]:
        """What the files give away; `progress` is called for each count.

        Raises Invalid: a file or a column that cannot be. DisclosureRefused: inconsistent, time_limit,
        solver.
        """
        claims = find_wholes(read_claims(files, self.count, self.nested, self.percents, self.tags))
        claims = ask_about_groups(claims, self.outcomes, self.groups, self.nested)
        claims = ask_about_complements(claims, self.tags) if self.tags else claims
        claims = ask_about_unlisted(claims)
        claims = follow(claims) if self.successive else claims
        knowledge = know(claims, zeros_published=self.zeros_published, rounded=self.rounded)
        knowledge = learn_shares(knowledge, claims.shares, deadline)
        outsider = Outsider(knowledge, deadline)
        yield from list_findings(outsider, self.threshold, progress)
        if self.insiders:
            yield from list_inside(outsider, self.threshold, progress)
