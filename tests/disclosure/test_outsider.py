"""What an attacker finds in published files: each example is safe to one who looks less closely."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casework.disclosure.outsider.attacking import Attack
from casework.disclosure.outsider.claims import Kind
from casework.disclosure.outsider.findings import Finding
from casework.disclosure.outsider.intervals import Bounds
from casework.disclosure.solver import Deadline
from casework.errors import DisclosureRefused, Invalid
from tests.disclosure.auditor import World, list_combinations, write_table

Nested = Sequence[tuple[str, str]]


def attack(
    *files: str,
    nested: Nested = (),
    threshold: int = 5,
    zeros: bool = True,
    rounded: int = 1,
    successive: bool = False,
) -> list[Finding]:
    told = Attack("count", nested, threshold, zeros, rounded, successive)
    return list(told.carry_out(files, Deadline(60)))


def interval(findings: list[Finding], **codes: str) -> Bounds:
    return next(finding.bounds for finding in findings if dict(finding.named) == codes)


def unsafe(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in findings if finding.is_unsafe]


TWO_WAY = (
    "a,b,count\nx,p,\nx,q,\nx,Total,22\ny,p,\ny,q,\ny,Total,21\nTotal,p,14\nTotal,q,29\nTotal,Total,43\n"
)


def test_a_rectangle_of_hidden_counts_stays_open() -> None:
    """One more in one corner is one less in the next."""
    found = attack(TWO_WAY)
    assert not unsafe(found)
    assert interval(found, a="x", b="p") == (1, 13)
    assert interval(found, a="y", b="q") == (8, 20)


def test_a_margin_published_elsewhere_gives_a_row_away() -> None:
    """Hidden in one table, summed in another: the difference is the secret."""
    alone = "a,b,count\nx,p,\nx,q,9\nx,r,8\ny,p,7\ny,q,\ny,r,9\n"
    assert interval(attack(alone), a="x", b="p") == (1, None)
    found = attack(alone, "a,c,count\nx,m,8\nx,n,11\nx,Total,19\n")
    assert [(finding.label, finding.bounds) for finding in unsafe(found)] == [("a x, b p", (2, 2))]
    assert unsafe(found)[0].why == ("exactly 2: [a x: 19] - [a x, b q: 9] - [a x, b r: 8]",)


def test_two_ones_in_a_row_are_given_away_by_their_sum() -> None:
    """Where zeros are always published, both are at least 1; where not, either may be 0 or 2."""
    row = "a,count\nw,\nx,\ny,8\nz,30\nTotal,40\n"
    assert [finding.bounds for finding in unsafe(attack(row))] == [(1, 1), (1, 1)]
    assert not unsafe(attack(row, zeros=False))


def test_groupings_that_are_safe_one_by_one_give_a_region_away_together() -> None:
    """A + B = 10 in one table, A + C = 9 in the other, and C is 8."""
    halves = "region,half,count\nA,h,\nB,h,\nC,i,8\nD,i,\nTotal,h,10\nTotal,i,\n"
    pairs = "region,pair,count\nA,p,\nB,q,\nC,p,8\nD,q,\nTotal,p,9\nTotal,q,\n"
    by_half, by_pair = [("region", "half")], [("region", "pair")]
    assert not unsafe(attack(halves, nested=by_half))
    found = unsafe(attack(halves, pairs, nested=by_half + by_pair))
    assert {finding.label: finding.bounds for finding in found}["region A, half h"] == (1, 1)


def test_whole_numbers_tell_more_than_fractions() -> None:
    """A + B = B + C = 7 and A + C + D = 8: A is C, so D is even; linear programming alone says 1 or more."""
    files = [
        "g,r,count\nA,r1,\nB,r1,\nC,r2,\nD,r2,\nTotal,r1,7\n",
        "g,s,count\nA,s2,\nB,s1,\nC,s1,\nD,s2,\nTotal,s1,7\n",
        "g,t,count\nA,t1,\nB,t2,\nC,t1,\nD,t1,\nTotal,t1,8\n",
    ]
    found = attack(*files, nested=[("g", "r"), ("g", "s"), ("g", "t")])
    assert next(finding.bounds for finding in found if finding.label.startswith("g D")) == (2, 6)


def test_a_count_that_no_line_gives_is_found() -> None:
    """10 in the half, 8 of them in one of its two regions: 2 in the other, though nobody printed it."""
    regions = "region,half,count\nA,h,20\nB,h,30\nC,i,25\n"
    crossed = "region,half,b,count\nB,h,x,8\nTotal,h,x,10\nTotal,i,x,12\nTotal,h,y,40\n"
    found = unsafe(attack(regions, crossed, nested=[("region", "half")]))
    assert [(finding.bounds, finding.kind) for finding in found] == [((2, 2), Kind.UNLISTED)]
    assert "region A" in found[0].label


def test_a_small_count_that_is_published_is_unsafe_as_it_stands() -> None:
    """Whoever printed it."""
    (finding,) = attack("a,count\nx,3\ny,12\n")
    assert finding.kind is Kind.PUBLISHED
    assert finding.is_unsafe


def test_rounded_counts_are_less_than_the_base_away() -> None:
    """Two details of 0 to 4 under a margin of 6 to 14 are 2 to 4 each."""
    found = attack("a,count\nx,0\ny,0\nTotal,10\n", rounded=5)
    assert interval(found, a="x") == (2, 4)
    assert len(unsafe(found)) == 2
    least, most = unsafe(found)[0].why
    assert least == (
        "at least 2: [everything: 10, from 6 to 14 before it was rounded]"
        " - [a y: 0, from 0 to 4 before it was rounded]"
    )
    assert most == "at most 4: [a x: 0, from 0 to 4 before it was rounded]"


def test_a_count_that_grows_by_two_tells_of_two() -> None:
    """20 that becomes 22 next month; 20 that becomes 25 tells of five."""
    found = attack("a,count\nx,20\ny,30\n", "a,count\nx,22\ny,35\n", successive=True)
    assert [(finding.label, finding.bounds, finding.kind) for finding in unsafe(found)] == [
        ("a x", (2, 2), Kind.ADDED)
    ]
    assert unsafe(found)[0].why == ("exactly 2: [a x: 22] - [a x: 20]",)


def test_three_releases_isolate_what_none_of_them_tells() -> None:
    """Hidden in the first two, but what was added to the others and to the total is known by the third."""
    first = "a,count\nx,\ny,\nz,30\nTotal,48\n"
    second = "a,count\nx,\ny,\nz,36\nTotal,54\n"
    third = "a,count\nx,12\ny,9\nz,36\nTotal,57\n"
    assert not unsafe(attack(first))
    assert not unsafe(attack(first, second, successive=True))
    found = unsafe(attack(first, second, third, successive=True))
    assert ("everything", (3, 3)) in [(finding.label, finding.bounds) for finding in found]
    hidden = {finding.label: finding.bounds for finding in attack(first, second, third, successive=True)}
    assert hidden["a x"] == (9, 12)


def test_what_no_line_gives_is_looked_at_in_successive_files_too() -> None:
    """10 in the row, 8 of them in p: 2 in q, which nobody printed; and q grew by 1."""
    first = "a,b,count\nx,Total,10\nx,p,8\ny,q,30\n"
    second = "a,b,count\nx,Total,13\nx,p,10\ny,q,30\n"
    assert [(finding.label, finding.bounds) for finding in unsafe(attack(first))] == [("a x, b q", (2, 2))]
    found = {(finding.kind, finding.bounds) for finding in unsafe(attack(first, second, successive=True))}
    assert {(Kind.UNLISTED, (2, 2)), (Kind.UNLISTED, (3, 3)), (Kind.ADDED, (1, 1))} <= found


def test_counts_that_shrink_are_no_successive_releases() -> None:
    """Who was counted stays counted, as far as this attack goes."""
    with pytest.raises(DisclosureRefused):
        attack("a,count\nx,22\n", "a,count\nx,20\n", successive=True)


def test_files_that_cannot_both_be_true_are_refused() -> None:
    """Of two moments, or of two populations."""
    with pytest.raises(DisclosureRefused) as refused:
        attack("a,count\nx,20\ny,\n", "a,count\nx,22\n")
    assert refused.value.reason == "inconsistent"


def test_what_lies_in_a_published_zero_is_zero() -> None:
    """And is told so."""
    found = attack("a,b,count\nx,p,\nx,q,\nx,Total,0\n", zeros=False)
    assert {finding.bounds for finding in found} == {(0, 0)}
    assert "published as zero" in found[0].why[0]


@pytest.mark.parametrize(
    ("files", "nested", "told"),
    [
        ([""], [], "empty"),
        (["a,b\nx,1\n"], [], "there is no column 'count'"),
        (["a,a,count\nx,x,1\n"], [], "two columns are called 'a'"),
        (["a,count\nx\n"], [], "line 2"),
        (["a,count\nx,1.5\n"], [], "line 2: '1.5'"),
        (["a,count\nx,-1\n"], [], "line 2: '-1'"),
        (["a,count\nx,9\n"], [("a", "g")], "no file has a column 'g'"),
        (["a,g,count\nx,g1,9\ny,Total,9\n"], [("a", "g")], "no line tells in which 'g' the a 'y' lies"),
        (["a,g,count\nx,g1,9\nx,g2,9\n"], [("a", "g")], "two groups of 'g'"),
        (['a,count\n"x,9\n'], [], "cannot be read"),
    ],
)
def test_a_file_that_cannot_be_read_names_the_line_or_column(
    files: list[str], nested: Nested, told: str
) -> None:
    """So that whoever wrote it can mend it."""
    with pytest.raises(Invalid) as invalid:
        attack(*files, nested=nested)
    assert told in str(invalid.value)


@st.composite
def published(draw: st.DrawFn) -> tuple[str, str]:
    """A small table as a file with some counts hidden, and one more file about its first column."""
    sizes = draw(st.sampled_from([(4,), (2, 3), (2, 2, 2)]))
    combinations = list_combinations(*sizes)
    counts = draw(st.lists(st.integers(0, 4), min_size=len(combinations), max_size=len(combinations)))
    text = write_table(
        [chr(97 + axis) for axis in range(len(sizes))], dict(zip(combinations, counts, strict=True))
    )
    lines = _with_margins(text)
    hidden = draw(st.sets(st.integers(1, len(lines) - 1)))
    zero = {at for at in hidden if lines[at].endswith(",0")}
    shown = [
        line if at not in hidden - zero else line.rpartition(",")[0] + "," for at, line in enumerate(lines)
    ]
    margins = [
        f"{code},{_sum(combinations, counts, code)}" for code in sorted({codes[0] for codes in combinations})
    ]
    return "\n".join(shown) + "\n", "a,count\n" + "\n".join(margins) + "\n"


@given(published())
@settings(max_examples=120, deadline=None)
def test_intervals_are_those_of_all_tables_that_fit(drawn: tuple[str, str]) -> None:
    """Listed one by one; a hidden count that nothing bounds has no upper end."""
    text, _more = drawn
    world = World(text, [], zeros_published=True)
    if not world.hidden or not any(line[0] == ("Total",) * len(line[0]) and line[1] for line in world.lines):
        return
    expected = {world.lines[at][0]: ends for at, ends in world.list_ends().items()}
    found = {
        finding.named: finding.bounds for finding in attack(text, threshold=2) if finding.kind is Kind.HIDDEN
    }
    for codes, ends in expected.items():
        named = tuple(
            (name, code) for name, code in zip(world.columns, codes, strict=True) if code != "Total"
        )
        assert found.get(named, ends) == ends


@given(published())
@settings(max_examples=120, deadline=None)
def test_one_more_file_never_widens_an_interval(drawn: tuple[str, str]) -> None:
    """Whoever knows more is not less sure; and what is true fits all that is published."""
    text, more = drawn
    before = {finding.named: finding.bounds for finding in attack(text) if finding.kind is Kind.HIDDEN}
    for finding in attack(text, more):
        if finding.named in before and finding.kind is Kind.HIDDEN:
            low, high = before[finding.named]
            assert low <= finding.bounds.low
            assert high is None or (finding.bounds.high is not None and finding.bounds.high <= high)


def _with_margins(text: str) -> list[str]:
    """The lines of a file with those of its margins."""
    heading, *lines = text.splitlines()
    sums: dict[tuple[str, ...], int] = {}
    for line in lines:
        *codes, count = line.split(",")
        for mask in range(2 ** len(codes)):
            key = tuple("Total" if mask >> at & 1 else code for at, code in enumerate(codes))
            sums[key] = sums.get(key, 0) + int(count)
    return [heading, *(",".join([*key, str(count)]) for key, count in sums.items())]


def _sum(combinations: list[tuple[str, ...]], counts: list[int], code: str) -> int:
    return sum(count for codes, count in zip(combinations, counts, strict=True) if codes[0] == code)
