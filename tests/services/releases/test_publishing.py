"""From an approved release to its editions: nothing but what was released, in each language."""

import json
import re
from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest

from casework.domain.languages import LANGUAGES
from casework.domain.releasedraft import ReleaseTexts
from casework.errors import Forbidden, NotFound
from casework.reports.publication.edition import Edition
from casework.services.releases.claims import unpack
from casework.services.releases.downloads import give_file, list_downloads
from casework.services.releases.publishing import edit, list_languages, read_editions
from casework.services.releases.reading import read_release
from casework.services.releases.withdrawing import withdraw_release
from tests.services.releases.written import draft, log, release
from tests.support.application import ADVOCATE, CASEWORKER, Founded
from tests.support.audit import open_log


@pytest.fixture
def counted(founded: Founded) -> Founded:
    """Two years of calls; two services are too small, and none is like another."""
    log(founded, spvm=37, sq=18, spal=3, spvq=11, tps=23)
    log(founded, "2024-05", spvm=29, sq=14, spal=4, spvq=13, tps=8)
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
    withdraw_release(counted.context(), release_id, 3, "A city was wrong.")
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
