"""From an approved release to its editions: nothing but what was released, in each language."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product

import pytest

from casework.domain.bounds import Amount
from casework.domain.languages import LANGUAGES
from casework.domain.release import Frozen
from casework.domain.releasedraft import ReleaseTexts
from casework.domain.shippedcounts import find_shipped
from casework.errors import Conflict, Forbidden, NotFound
from casework.reports.publication.edition import Edition
from casework.reports.publication.official import list_official
from casework.reports.publication.release_json import write_json
from casework.services.official.counts import add_count, change_count
from casework.services.releases.approving import approve_release
from casework.services.releases.claims import unpack
from casework.services.releases.downloads import give_file, list_downloads
from casework.services.releases.drafting import get_release, list_releases
from casework.services.releases.previewing import preview_release
from casework.services.releases.publishing import edit, list_languages, read_editions
from casework.services.releases.reading import public_content, read_release
from casework.services.releases.withdrawing import withdraw_release
from tests.services.official.written import count
from tests.services.releases.written import draft, log, release, submit
from tests.support.application import ADVOCATE, CASEWORKER, Founded, Template
from tests.support.audit import open_log
from tests.support.stocked import Stock


def _prepare(founded: Founded) -> None:
    log(founded, spvm=37, sq=18, spal=3, spvq=11, tps=23)
    log(founded, "2024-05", spvm=29, sq=14, spal=4, spvq=13, tps=8)


@pytest.fixture
def template(template: Template, stocked: Stock, request: pytest.FixtureRequest) -> Template:
    """What `counted` has was done once."""
    return stocked(template, _prepare) if "counted" in request.fixturenames else template


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """Two years of calls; two services are too small, and none is like another."""
    return founded


def editions(founded: Founded) -> dict[str, Edition]:
    """Release it, and give the editions by language."""
    release_id = release(founded, draft([("police_service",), ("police_service", "year")], first=2024))
    return {one.language: one for one in read_editions(founded.context(ADVOCATE), release_id)}


def test_there_is_one_for_each_language_that_it_was_written_in(counted: Founded) -> None:
    made = editions(counted)
    assert list(made) == ["en", "fr"] == list(made["fr"].languages)
    assert (made["en"].title, made["fr"].title) == ("Who calls", "Qui appelle")
    assert (made["en"].question, made["fr"].question) == ("Incidents, 2024 to 2025", "Incidents, 2024 à 2025")
    assert json.loads(made["en"].content)["texts"]["fr"]["title"] == "Qui appelle"


def test_the_numbers_are_those_of_the_release(counted: Founded) -> None:
    """Every cell of the data, and every one that is laid out for the eye."""
    release_id = release(counted, draft([("police_service",), ("police_service", "year")], first=2024))
    published = read_release(counted.context(ADVOCATE), release_id)
    for language in LANGUAGES:
        made = edit(published, language)
        for data, values in zip(made.data, published.protected.told.values, strict=True):
            assert tuple(line.count for line in data.lines) == values
            assert all((line.status == "hidden") is (line.count is None) for line in data.lines)
        for layout, data in zip(made.tables, made.data, strict=True):
            known = {line.codes: line.count for line in data.lines}
            for row, (at, column) in product(layout.rows, enumerate(layout.columns)):
                codes = (row.code, column.code)[: len(data.dimensions)]
                assert row.cells[at].value == known[codes]
        assert [row.code for row in made.tables[0].rows][-1] == "total"
        assert {row.code for row in made.tables[0].rows} >= {"spvm", "spal"}


def test_sentences_are_of_published_cells_alone(counted: Founded) -> None:
    made = editions(counted)
    assert (
        made["en"]
        .sentences[0]
        .endswith("counted 160 incidents (2024 to 2025) in which everybody agreed to be counted.")
    )
    spvm = "In 66 of the 160 incidents counted (41%), the police service was “SPVM Montréal”."
    assert spvm in made["en"].sentences
    spvm = "Dans 66 des 160 incidents comptés (41~%), le service de police était «~SPVM Montréal~»."
    assert spvm.replace("~", "\u00a0") in made["fr"].sentences
    assert not any("Longueuil" in sentence for sentence in made["en"].sentences)


def test_texts_that_a_language_lacks_are_those_of_another(counted: Founded) -> None:
    """Its other words are its own."""
    texts = {"fr": ReleaseTexts("Qui appelle", "Compté."), "es": ReleaseTexts("Quién llama")}
    release_id = release(counted, draft(texts=texts))
    published = read_release(counted.context(ADVOCATE), release_id)
    assert list_languages(published) == ("fr",)
    made = edit(published, "es")
    assert (made.title, made.summary, made.question) == ("Quién llama", "Compté.", "Incidentes, 2025")


def test_a_withdrawn_release_says_so_and_when_and_what_came_instead(counted: Founded) -> None:
    release_id = release(counted)
    withdraw_release(counted.context(), release_id, 3, {"en": "A city was wrong."})
    log(counted, spvm=12)
    release(counted, draft(replaces=1))
    (made, _french) = read_editions(counted.context(ADVOCATE), release_id)
    day = counted.runtime.today()
    assert (made.standing.is_withdrawn, made.standing.withdrawn_on) == (True, day)
    assert made.standing.notice.startswith("Withdrawn on ")
    assert made.standing.notice.endswith(": A city was wrong.\nRelease 2 came in its place.")
    assert isinstance(day, date)


def test_official_counts_of_the_period_stand_beside_ours(founded: Founded) -> None:
    log(founded, "2017-05", spvm=37, sq=18)
    release_id = release(founded, draft(first=2017, last=2017))
    english, french = read_editions(founded.context(ADVOCATE), release_id)
    spvm = next(one for one in english.official if one.service == "SPVM Montréal")
    assert (spvm.count, spvm.number, spvm.period, spvm.unit) == ("3,608", 3608, "2017", "calls")
    assert (spvm.publisher, spvm.published) == ("HuffPost Québec", "March 29, 2018")
    assert "3\u00a0608" in {one.count for one in french.official}


def test_no_file_names_a_member_and_each_taking_is_noted(counted: Founded) -> None:
    """Neither writer nor approver is in any file, as it is or packed."""
    release_id = release(counted, draft([("police_service",), ("police_service", "year")], first=2024))
    published = read_release(counted.context(ADVOCATE), release_id)
    names = [file.name for file in list_downloads(published)]
    for name in names:
        file, _media_type = give_file(counted.context(ADVOCATE), release_id, name)
        assert not any(re.search(r"\b(Ada|Cora)\b", text) for text in _texts(file.content)), name
    events = [entry["event"] for entry in open_log(counted.context())]
    assert events.count("release.downloaded") == len(names)
    with pytest.raises(NotFound):
        give_file(counted.context(ADVOCATE), release_id, "release-2-fr.xlsx")
    with pytest.raises(Forbidden):
        give_file(counted.context(CASEWORKER), release_id, names[0])


def _texts(content: bytes) -> Iterator[str]:
    """Give what is text in a file, that in what is packed too."""
    packed = unpack(content)
    for part in packed.values():
        yield from _texts(part)
    if not packed:
        yield content.decode("utf-8", "replace") if b"\0" not in content else ""


def _symbols(made: Edition) -> str:
    return dict(made.notes).get("What the signs mean", "")


def test_only_what_occurs_is_explained(counted: Founded) -> None:
    """Of tables with everything shown no sign, and no line of another answer."""
    hidden = editions(counted)["en"]
    assert "x: hidden" in _symbols(hidden)
    plain = release(counted, draft([("police_level",)]))
    (made, _french) = read_editions(counted.context(ADVOCATE), plain)
    cells = [cell for row in made.tables[0].rows for cell in row.cells]
    assert all(cell.state == "shown" and cell.value for cell in cells)
    assert "hidden" not in _symbols(made) and "0: none" not in _symbols(made)
    assert "Not asked" not in _symbols(made)
    assert "Lines and columns of nothing but zeros" in _symbols(made)
    assert not [text for _heading, text in made.notes if "Another answer:" in text]


def test_counts_that_the_organization_entered_stand_beside_ours(counted: Founded) -> None:
    """As they were when it was approved, whatever is entered, changed or taken out of use later."""
    cora = counted.context()
    own = count(first=date(2025, 1, 1), last=date(2025, 12, 31), note="A remark of ours.", service="sq")
    count_id = add_count(cora, own)
    add_count(cora, count(first=date(2019, 1, 1), last=date(2019, 12, 31)))
    add_count(
        cora,
        count(first=date(2025, 1, 1), last=date(2025, 12, 31), unit="per_cent", amount=Amount(Decimal(3))),
    )
    made = editions(counted)["en"]
    mine = [one for one in made.official if one.number == 1012]
    assert [(one.period, one.publisher) for one in mine] == [("2025", "CBSA")]
    assert b"A remark of ours." not in made.content
    frozen = json.loads(made.content)["official"]
    assert len(frozen) == len(made.official)
    change_count(cora, count_id, 1, replace(own, amount=Amount(Decimal(7777))))
    release_id = list_releases(cora)[0].id
    (again, _french) = read_editions(counted.context(ADVOCATE), release_id)
    assert (again.official, again.checksum) == (made.official, made.checksum)


def test_a_release_from_before_official_counts_were_kept_is_read_as_it_was(counted: Founded) -> None:
    """With those that ship, and the checksum that it left with."""
    release_id = release(counted)
    published = read_release(counted.context(ADVOCATE), release_id)
    old = replace(published, official=None)
    assert edit(old, "en").official == list_official(find_shipped(published.period), "en")
    frozen = get_release(counted.context(ADVOCATE), release_id).release.frozen
    assert frozen and frozen.official is not None
    assert frozen.earlier == ()
    kept = {key: value for key, value in frozen.to_document().items() if key not in ("official", "earlier")}
    before = Frozen.from_document(kept)
    assert before.official is None
    assert before.to_document() == kept
    of_now = get_release(counted.context(ADVOCATE), release_id).release
    content = public_content(replace(of_now, frozen=before))
    assert content["schema"] == 1 and "official" not in content
    assert public_content(of_now)["schema"] == 3


def test_a_count_that_changed_since_the_look_stops_the_approval(counted: Founded) -> None:
    """What stands beside ours is approved as it was seen, too."""
    release_id = submit(counted)
    cora = counted.context()
    seen = preview_release(cora, release_id)
    add_count(cora, count(first=date(2025, 1, 1), last=date(2025, 12, 31)))
    with pytest.raises(Conflict):
        approve_release(cora, release_id, 2, seen.mark)


def notes_of(made: Edition) -> dict[str, str]:
    """Return the notes by heading."""
    return dict(made.notes)


def test_a_release_says_which_earlier_one_counts_its_time_otherwise(counted: Founded) -> None:
    """In each language, why in general words, and frozen: what happens later changes nothing of it."""
    first = release(counted)
    log(counted, spvm=12)
    second = release(counted, draft(replaces=1))
    english, french = read_editions(counted.context(ADVOCATE), second)
    said = notes_of(english)["Earlier releases"]
    assert said.startswith(
        "This release comes in the place of release 1 (2025). For 2025 release 1 counts 92, this one 104.\n"
    )
    assert "completed, corrected and taken back" in said
    assert "la publication 1 en compte 92" in notes_of(french)["Publications antérieures"]
    content = json.loads(english.content)
    assert content["earlier"][0]["differing"] == [{"period": "2025", "then": 92, "now": 104}]
    before = read_release(counted.context(ADVOCATE), second)
    withdraw_release(counted.context(), first, 4, {"en": "A city was wrong."})
    after = read_release(counted.context(ADVOCATE), second)
    assert (after.earlier, after.checksum) == (before.earlier, before.checksum)
    assert "Earlier releases" not in notes_of(read_editions(counted.context(ADVOCATE), first)[0])


def test_a_withdrawn_replacement_leaves_none_and_the_files_say_so(counted: Founded) -> None:
    """Until another one comes in its place: then that is named, in the files of both."""
    first = release(counted)
    second = release(counted, draft(replaces=1))
    withdraw_release(counted.context(), second, 3, {"en": "A city was wrong."})
    english, french = read_editions(counted.context(ADVOCATE), first)
    assert re.fullmatch(
        r"Release 2 came in its place, and was withdrawn on \w+ \d+, \d+\."
        r" No other one has come in its place\.",
        english.standing.notice,
    )
    assert "puis a été retirée le" in french.standing.notice
    gone = read_editions(counted.context(ADVOCATE), second)[1].standing.notice
    assert gone.endswith("(en anglais) A city was wrong.")
    release(counted, draft(replaces=2))
    for release_id in (first, second):
        notice = read_editions(counted.context(ADVOCATE), release_id)[0].standing.notice
        assert notice.splitlines()[-1] == "Release 3 came in its place."


def test_each_language_of_a_withdrawal_has_its_own_reason(counted: Founded) -> None:
    release_id = release(counted)
    said = {"en": "A city was wrong.", "fr": "Une ville était fausse."}
    withdraw_release(counted.context(), release_id, 3, said)
    english, french = read_editions(counted.context(ADVOCATE), release_id)
    assert english.standing.notice.endswith(": A city was wrong.")
    assert french.standing.notice.endswith("Une ville était fausse.")
    standing = json.loads(write_json(english))["standing"]
    assert (standing["reason"], standing["reasons"]) == ("A city was wrong.", said)
