"""Whether a file of a release is authentic: from the file alone, or held against the ledger."""

from pathlib import Path
from typing import NoReturn

import click
from flask.cli import with_appcontext

from casework.cli.signing_in import CODE_HELP, FILE, sign_in, stop
from casework.domain.languages import ENGLISH
from casework.domain.release import find_reason
from casework.errors import DisclosureRefused, Forbidden, Invalid, Tampered
from casework.reports.publication.archive import SUMS
from casework.services.releases.authenticity import Answer, Verdict, check_file
from casework.services.releases.claims import Claim, read_claim

LEDGER = "--ledger"
_LARGEST_BYTES = 64 * 1024 * 1024


@click.command("verify-release")
@click.argument("file", type=FILE)
@click.option("--ledger", "asks_ledger", is_flag=True, help="Sign in, and compare it with what was released.")
@click.option("--login", help="With --ledger: your login name; asked for when missing.")
@click.option("--passphrase-file", type=FILE, help="A file that holds your passphrase on its first line.")
@click.option("--code", help=CODE_HELP)
@with_appcontext
def verify_release_command(
    file: Path, asks_ledger: bool, login: str | None, passphrase_file: Path | None, code: str | None
) -> None:
    """Tell whether FILE is of a release as it left; ends with 1 where it is not, 2 where that cannot be told.

    Without database and without signing in the checksum of a JSON file, or of one in a ZIP file, is computed
    again. With --ledger any file of a release of this organisation is compared with it.
    """
    if file.stat().st_size > _LARGEST_BYTES:
        stop(["The file is too large to be one of a release."])
    data = file.read_bytes()
    if not asks_ledger:
        _tell_claim(read_claim(file.name, data))
        return
    try:
        _tell_answer(check_file(sign_in(login, passphrase_file, code), file.name, data))
    except Invalid as invalid:
        stop(list(invalid.faults.values()))
    except Forbidden:
        stop(["Only whoever writes releases may do this."])
    except Tampered:
        stop(["The ledger itself was changed outside casework. Run verify."])
    except DisclosureRefused as refused:
        stop([f"A release of the ledger could not be opened: {refused.reason}."])


def printable(text: str) -> str:
    """Return what a stranger wrote without what a terminal would obey."""
    return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in text)


def _tell_claim(claim: Claim) -> None:
    if not claim.computed:
        of = f"release {claim.number}" if claim.number else "no release that we can name"
        # A PDF is full of hexadecimal text, and a descriptor of hashes: then none is told.
        stated = sorted(claim.stated) if claim.suffix != ".pdf" and len(claim.stated) == 1 else []
        checksums = "".join(f"\nIt states the checksum {one}." for one in stated)
        stop(
            [
                f"By its name this file is of {of}.{checksums}",
                "Of a file of this kind only --ledger can tell. The numbers alone: verify the JSON file.",
            ]
        )
    if not claim.is_whole:
        click.echo(f"Changed: this is not release {claim.number} as it left.")
        for name in claim.damaged:
            click.echo(f"  {printable(name)}")
        raise SystemExit(1)
    of = f"Release {claim.number} of {printable(claim.organization)}."
    click.echo(f"{of} Its content fits the checksum that it states:")
    click.echo(claim.computed)
    click.echo("It is authentic if this is the checksum that the organisation published.")
    click.echo("Whether it was withdrawn or replaced since, the checksum does not tell.")
    if claim.suffix == ".zip":
        _tell_others(claim)


def _tell_others(claim: Claim) -> NoReturn:
    """Of an archive the checksum covers one file; whoever changed another could list its hash anew."""
    others = len(claim.held.keys() - {SUMS}) - 1
    stop(
        [
            f"It covers release-{claim.number}.json: the texts and the numbers.",
            f"Of the other {others} files only --ledger can tell: {SUMS} can be written anew with them.",
        ]
    )


def _tell_answer(answer: Answer) -> None:
    release = answer.published
    if answer.verdict is Verdict.FOREIGN or release is None:
        click.echo(
            "Not ours: there is no release that it could be of. If it was renamed, give it its name back."
        )
        raise SystemExit(1)
    if answer.verdict is Verdict.AUTHENTIC:
        click.echo(f"Authentic: {printable(answer.name)} of release {release.number}, byte for byte.")
    elif answer.has_our_content:
        click.echo(f"Changed: texts and numbers are those of release {release.number}, but not all else.")
    else:
        click.echo(
            f"Changed, or drawn by another version of casework: not release {release.number} as it left."
        )
    for name in answer.differing:
        click.echo(f"  {printable(name)}")
    if release.is_withdrawn:
        click.echo(f"Withdrawn: {printable(find_reason(release.reasons, ENGLISH)[0])}")
    if release.replaced_by:
        after = ", and was withdrawn" if release.is_left_alone else ""
        click.echo(f"Release {release.replaced_by} came in its place{after}.")
    if answer.verdict is not Verdict.AUTHENTIC:
        raise SystemExit(1)
