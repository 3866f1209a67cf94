"""What a file says of itself: that one byte was changed is found, without ledger and keys."""

import io
import json
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import Callable
from functools import cache
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.reports.publication.formats import list_files
from casework.services.releases import claims
from casework.services.releases.claims import MOST_BYTES, MOST_FILES, MOST_STATED, read_claim, unpack
from tests.support.published import make_editions, publish, withdraw

MEGABYTE = 1024 * 1024
ROOT = Path(__file__).parents[3]


@cache
def draw(name: str) -> bytes:
    """Draw a file of a release."""
    return next(file.draw() for file in list_files(make_editions(publish())) if file.name == name)


def pack(files: dict[str, bytes]) -> bytes:
    """Pack files as anybody can."""
    buffer = io.BytesIO()
    with ZipFile(buffer, "w", ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_a_release_as_json_fits_its_checksum() -> None:
    claim = read_claim("any name", draw("release-7.json"))
    assert (claim.number, claim.organization, claim.computed) == (
        7,
        "Traverse & Collectif",
        publish().checksum,
    )
    assert claim.is_whole


@given(st.integers(0, len(draw("release-7.json")) - 1), st.integers(1, 255))
def test_any_changed_byte_of_the_json_is_found(at: int, change: int) -> None:
    """Of a text, a number, a space, the checksum itself: but not of what became of the release since."""
    data = bytearray(draw("release-7.json"))
    if at >= data.index(b'"standing"'):
        return
    data[at] ^= change
    claim = read_claim("release-7.json", bytes(data))
    assert not (claim.computed and claim.is_whole)


def test_another_spelling_of_the_same_content_is_not_ours() -> None:
    """Its content fits, and it is not as it left all the same."""
    spaced = json.dumps(json.loads(draw("release-7.json")), indent=1).encode()
    claim = read_claim("release-7.json", spaced)
    assert (claim.computed, claim.is_whole) == (publish().checksum, False)


def test_a_changed_number_with_the_old_checksum_is_found() -> None:
    document = json.loads(draw("release-7.json"))
    document["content"]["document"]["tables"][0]["cells"][0] += 1
    data = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    claim = read_claim("release-7.json", data)
    assert claim.computed not in ("", publish().checksum)
    assert not claim.is_whole


def test_an_archive_names_what_is_changed_missing_or_too_many() -> None:
    files = unpack(draw("release-7.zip"))
    assert read_claim("x.zip", pack(files)).is_whole
    hurt = files | {"release-7-fr.xlsx": b"PK", "more.txt": b""}
    del hurt["release-7-codebook.csv"]
    claim = read_claim("x.zip", pack(hurt))
    assert claim.damaged == ("more.txt", "release-7-codebook.csv", "release-7-fr.xlsx")
    json_hurt = files | {"release-7.json": draw("release-7.json").replace(b"Who calls", b"Who shouts")}
    assert "release-7.json" in read_claim("x.zip", pack(json_hurt)).damaged


def test_other_files_say_which_release_they_are_of() -> None:
    """A sheet states the checksum; a CSV file has its name alone."""
    sheet = read_claim("renamed.xlsx", draw("release-7-fr.xlsx"))
    assert (sheet.suffix, sheet.number) == (".xlsx", 0)
    assert publish().checksum in sheet.stated
    table = read_claim("release-7-fr-police_service.csv", draw("release-7-fr-police_service.csv"))
    assert (table.suffix, table.number, table.stated, table.computed) == (".csv", 7, frozenset(), "")
    assert publish().checksum in read_claim("datapackage.json", draw("datapackage.json")).stated


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{}",
        b"[1]",
        b"PK\x03\x04",
        b"{" * 100_000,
        b'{"format":"casework release 1","checksum":1,"content":[],"standing":{}}',
        b'{"format":"casework release 1","checksum":"","content":{"number":true},"standing":{}}',
        b'{"format":"casework release 1","checksum":"","content":{"number":1.5},"standing":{}}',
        pack({"release-1.json": b"{}"}),
        pack({"a": b"x", "SHA256SUMS": b"\xff\xfe"}),
    ],
    ids=lambda data: data[:4].hex(),
)
def test_what_is_no_file_of_ours_claims_nothing(data: bytes) -> None:
    claim = read_claim("x", data)
    assert (claim.number, claim.computed, claim.stated) == (0, "", frozenset())


def test_an_archive_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(claims, "MOST_BYTES", 1000)
    assert unpack(pack({"a": bytes(2000)})) == {}
    assert read_claim("x", pack({"a": bytes(2000)})).suffix == ".zip"


def test_an_archive_of_too_many_files_is_not_even_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening each takes longer than all that is in them."""
    names = [str(at) for at in range(MOST_FILES + 1)]
    assert len(unpack(pack(dict.fromkeys(names[1:], b"")))) == MOST_FILES
    packed = pack(dict.fromkeys(names, b""))
    monkeypatch.setattr(claims, "ZipFile", None)
    assert unpack(packed) == {}


def test_what_states_too_many_checksums_states_none() -> None:
    stated = b" ".join(b"%064x" % at for at in range(MOST_STATED + 1))
    assert len(read_claim("x.csv", stated[65:]).stated) == MOST_STATED
    assert read_claim("x.csv", stated).stated == frozenset()


def _list_hexes(megabytes: int) -> bytes:
    return b"".join(b"%064x " % at for at in range(megabytes * MEGABYTE // 65))


@pytest.mark.parametrize(
    "make",
    [
        lambda: pack({"xl/workbook.xml": b"<x/>", "xl/sheet1.xml": bytes(60 * MEGABYTE)}),
        lambda: pack({"xl/workbook.xml": b"<x/>", "xl/sheet1.xml": _list_hexes(60)}),
        lambda: b'{"content":[' + b"[]," * (20 * MEGABYTE // 3) + b"[]]}",
        lambda: b'{"content":' * (2 * MEGABYTE) + b"1" + b"}" * (2 * MEGABYTE),
        lambda: b'{"content":' * 300_000 + b"1" + b"}" * 300_000,
        lambda: b'{"content":' + b"9" * (3 * MEGABYTE) + b"}",
        lambda: b"a," * (25 * MEGABYTE),
        lambda: _list_hexes(50),
    ],
    ids=["zeros", "hexes", "huge", "deep", "less deep", "digits", "line", "checksums"],
)
def test_a_hostile_file_claims_nothing_and_takes_no_more_memory_than_an_archive_may(
    make: Callable[[], bytes],
) -> None:
    """Twice what an archive may hold, for what is inflated and what is read of it, beside the file itself."""
    data = make()
    tracemalloc.start()
    try:
        claim = read_claim("release.xlsx", data)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (claim.number, claim.computed, claim.stated) == (0, "", frozenset())
    assert peak < 2.2 * MOST_BYTES


def test_no_more_is_inflated_than_an_archive_says_that_it_holds() -> None:
    """What it says is a claim: 200 bytes may be 200 megabytes."""
    honest = pack({"a": bytes(200_000)})
    lying = honest.replace((200_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != honest
    assert unpack(lying) == {}


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_what_inflates_more_than_it_is_asked_for_is_not_unpacked(method: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        archive.writestr("a", bytes(1000))
    assert unpack(made.getvalue()) == {}


def test_every_damage_of_an_archive_is_one_that_is_expected() -> None:
    whole = pack({"release-1.json": b'{"a": 1}' * 20})
    for at in range(len(whole)):
        read_claim("release-1.zip", whole[:at] + bytes([whole[at] ^ 0x55]) + whole[at + 1 :])


def test_the_recipe_of_the_documentation_computes_the_checksum(tmp_path: Path) -> None:
    """With the standard library alone, from the file that says so too that it was withdrawn."""
    text = (ROOT / "docs" / "disclosure.md").read_text("utf-8")
    recipe = text.partition("```python\n")[2].partition("```")[0]
    assert len(recipe.splitlines()) <= 10
    withdrawn = {file.name: file.draw for file in list_files(make_editions(withdraw(publish())))}
    for name, data in (("now", draw("release-7.json")), ("later", withdrawn["release-7.json"]())):
        (tmp_path / name).write_bytes(data)
        command = [sys.executable, "-I", "-c", recipe, str(tmp_path / name)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        assert said.split() == [publish().checksum, "fits"]


@pytest.mark.parametrize(
    "data",
    [
        b"0" * 64,
        b"0" * 64 + b"  release-1.json\nno hash",
        b"0" * 64 + b"  release-1.json\n" + b"0" * 64 + b"  release-2.json\n",
        b"0" * 64 + b"  somebody.json\n",
        (b"0" * 64 + b"  release-1.json\n") * (MOST_FILES + 1),
    ],
    ids=["no name", "a line that is none", "two releases", "no release", "too many"],
)
def test_what_is_no_list_of_hashes_is_read_as_none(data: bytes) -> None:
    assert read_claim("SHA256SUMS", data).suffix == ".csv"
