"""Whether a file is ours, as it left: held against the ledger."""

import json
from io import BytesIO

import pytest

from casework.errors import Forbidden, Invalid
from casework.services.releases import authenticity
from casework.services.releases.authenticity import Verdict, check_file
from casework.services.releases.claims import unpack
from casework.services.releases.downloads import list_downloads
from casework.services.releases.reading import read_release
from casework.services.releases.withdrawing import withdraw_release
from casework.store.releases import find_numbered
from tests.services.releases.test_claims import draw as draw_foreign
from tests.services.releases.test_claims import pack
from tests.services.releases.written import draft, log, release
from tests.support.application import ADVOCATE, CASEWORKER, Founded, Template
from tests.support.stocked import Stock


def _release_twice(founded: Founded) -> dict[str, bytes]:
    """Release what another release replaces; returns its files as they were before that."""
    log(founded, spvm=37, sq=18, spal=3, spvq=11, tps=23)
    release_id = release(founded)
    drawn = {file.name: file.draw() for file in list_downloads(read_release(founded.context(), release_id))}
    log(founded, spvm=12)
    release(founded, draft(replaces=1))
    return drawn


@pytest.fixture
def template(template: Template, stocked: Stock) -> Template:
    """An organization with two releases."""
    return stocked(template, _release_twice)


@pytest.fixture
def files(template: Template) -> dict[str, bytes]:
    """The files of the first of the two."""
    return dict(template.made)


def test_each_file_is_authentic_and_says_what_became_of_its_release(
    founded: Founded, files: dict[str, bytes]
) -> None:
    """Also once it was withdrawn: it is the file that it was."""
    context = founded.context(ADVOCATE)
    for name, data in files.items():
        answer = check_file(context, name, data)
        assert (answer.verdict, answer.name) == (Verdict.AUTHENTIC, name)
        assert answer.published is not None and answer.published.replaced_by == 2
    assert answer.release_id is not None
    withdraw_release(founded.context(), answer.release_id, 4, {"en": "A city was wrong."})
    for name in ("release-1.json", "release-1-en.xlsx"):
        answer = check_file(context, name, files[name])
        assert answer.verdict is Verdict.AUTHENTIC
        assert answer.published is not None and answer.published.is_withdrawn
    with pytest.raises(Forbidden):
        check_file(founded.context(CASEWORKER), "release-1.json", files["release-1.json"])


def test_a_renamed_file_is_recognised_by_what_it_says(founded: Founded, files: dict[str, bytes]) -> None:
    """A CSV file says nothing: it is held against every release."""
    for name in (
        "release-1.json",
        "release-1-fr.xlsx",
        "release-1-fr-police_service.csv",
        "datapackage.json",
    ):
        assert check_file(founded.context(ADVOCATE), "a", files[name]).name == name


def test_what_was_changed_is_told(founded: Founded, files: dict[str, bytes]) -> None:
    context = founded.context(ADVOCATE)
    table = files["release-1-en-police_service.csv"]
    answer = check_file(context, "release-1-en-police_service.csv", table.replace(b"37", b"73"))
    assert (answer.verdict, answer.has_our_content) == (Verdict.CHANGED, False)
    stands = json.loads(files["release-1.json"])
    stands["standing"]["reason"] = "Another one."
    data = json.dumps(stands, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    answer = check_file(context, "release-1.json", data)
    assert (answer.verdict, answer.has_our_content) == (Verdict.CHANGED, True)
    held = unpack(files["release-1.zip"]) | {"release-1-fr-police_service.csv": b""}
    answer = check_file(context, "all.zip", pack(held))
    assert (answer.verdict, answer.has_our_content) == (Verdict.CHANGED, True)
    assert "release-1-fr-police_service.csv" in answer.differing


def test_what_takes_too_long_to_draw_is_not_told(
    founded: Founded, files: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and how it goes faster; nothing is called authentic or changed that was not compared."""
    monkeypatch.setattr(authenticity, "MOST_SECONDS", -1.0)
    context = founded.context(ADVOCATE)
    for name in ("release-1-en.pdf", "release-1.zip", "release-1-fr-police_service.csv"):
        with pytest.raises(Invalid) as refused:
            check_file(context, name, files[name])
        assert list(refused.value.faults) == ["file"]
    sent = {"file": (BytesIO(files["release-1.json"]), "release-1.json")}
    answer = founded.client(ADVOCATE).post("/releases/authentic", data=sent)
    assert answer.status_code == 422
    assert "It took too long to tell" in answer.text


def test_what_is_of_somebody_else_is_not_ours(founded: Founded, files: dict[str, bytes]) -> None:
    """A release of another organization that has our number too."""
    context = founded.context(ADVOCATE)
    other = draw_foreign("release-7.json").replace(b'"number":7', b'"number":1')
    assert check_file(context, "release-1.json", other).verdict is Verdict.FOREIGN
    assert check_file(context, "notes.txt", b"Dear all").verdict is Verdict.FOREIGN
    assert check_file(context, "x.pdf", b"%PDF-1.7").verdict is Verdict.FOREIGN
    assert check_file(context, "", b"").verdict is Verdict.FOREIGN
    assert files


def test_a_file_is_authentic_whatever_became_of_what_replaced_its_release(
    founded: Founded, files: dict[str, bytes]
) -> None:
    """As it was drawn before, while the second stood, once that was withdrawn, and since there is a third."""
    context, name = founded.context(ADVOCATE), "release-1-en.xlsx"
    first, second = (find_numbered(number) for number in (1, 2))
    assert first and second

    def draw() -> bytes:
        return next(
            file.draw()
            for file in list_downloads(read_release(founded.context(), first.id))
            if file.name == name
        )

    drawn = [files[name], draw()]
    withdraw_release(founded.context(), second.id, 3, {"en": "A city was wrong."})
    drawn.append(draw())
    release(founded, draft(replaces=2))
    drawn.append(draw())
    assert len(set(drawn)) == 4
    for data in drawn:
        assert check_file(context, name, data).verdict is Verdict.AUTHENTIC


def test_the_list_of_hashes_is_said_to_be_what_it_is(founded: Founded, files: dict[str, bytes]) -> None:
    """As it lies in the archive, under any name; a line that is not so is named, and one that is missing."""
    context = founded.context(ADVOCATE)
    sums = unpack(files["release-1.zip"])["SHA256SUMS"]
    for name in ("SHA256SUMS", "sums.txt"):
        answer = check_file(context, name, sums)
        assert (answer.verdict, answer.name) == (Verdict.AUTHENTIC, "SHA256SUMS")
    lines = sums.splitlines(keepends=True)
    at = next(at for at, line in enumerate(lines) if line.endswith(b"  release-1.json\n"))
    hurt = b"".join([*lines[: at - 1], b"0" * 64 + b"  release-1.json\n", *lines[at + 1 :]])
    answer = check_file(context, "SHA256SUMS", hurt)
    missing = lines[at - 1].split()[1].decode()
    assert (answer.verdict, answer.differing) == (
        Verdict.CHANGED,
        tuple(sorted(("release-1.json", missing))),
    )
    foreign = unpack(draw_foreign("release-7.zip"))["SHA256SUMS"]
    assert check_file(context, "SHA256SUMS", foreign).verdict is Verdict.FOREIGN
