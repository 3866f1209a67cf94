"""A case as a PDF: what was chosen and nothing else, for whom may see it, noted, and nowhere on a disk."""

import io
import tempfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pikepdf
import pytest

from casework.domain.ownterm import choose_terms
from casework.domain.person import Consent, PersonFacts
from casework.domain.vocabulary import code_list
from casework.errors import Forbidden, Invalid, NotFound
from casework.services.acts import record_act, remove_act
from casework.services.attachments.adding import add_attachment
from casework.services.casefile import Order, Part, export_case
from casework.services.cases import change_access, change_person, get_case
from casework.services.followups.writing import add_follow_up
from casework.services.incidents import Logged, log_incident
from casework.services.ownterms import add_term
from tests.support.application import ADVOCATE, CASEWORKER, COLLEAGUE, COORDINATOR, Founded
from tests.support.audit import open_log
from tests.support.pdftext import read_pages
from tests.support.pdfua import find_failures
from tests.support.records import act_draft, incident_draft, person_draft, task_draft

EVERYTHING = frozenset(Part)


def order(*parts: Part, made_for: str = "Me Fortin", language: str = "en") -> Order:
    """Ask for these parts, or for all of them."""
    return Order(frozenset(parts) or EVERYTHING, made_for, language)


@pytest.fixture
def logged(founded: Founded) -> Logged:
    """A case with a person, an incident and a task."""
    draft = incident_draft("They asked for papers.", people=(person_draft("Zoë Ng"),))
    logged = log_incident(founded.context(CASEWORKER), draft)
    context = founded.context(CASEWORKER)
    add_follow_up(context, logged.case_id, task_draft("Ask for the file"))
    add_attachment(context, logged.case_id, "letter.txt", "From the landlord", [b"Dear all"])
    return logged


def text_of(founded: Founded, logged: Logged, wanted: Order) -> str:
    """Make the file and read it back."""
    return " ".join(read_pages(export_case(founded.context(CASEWORKER), logged.case_id, wanted).content))


def test_all_of_it(founded: Founded, logged: Logged) -> None:
    """Names, what happened in words, what follows, consents; and for whom it was made."""
    said = text_of(founded, logged, order())
    for words in (
        "Zoë Ng",
        "They asked for papers.",
        "Ask for the file",
        "What they agreed to",
        "letter.txt",
    ):
        assert words in said
    assert logged.reference in said
    assert "Left out nothing" in said


def test_own_terms_stand_in_the_place_of_their_answers(founded: Founded) -> None:
    """Those of the incident and of the person, in the language of the file."""
    drone = add_term(founded.context(), "contact_type", "other", {"en": "Drone", "fr": "Survol"}).id
    haiti = add_term(founded.context(), "region_of_origin", "caribbean", {"fr": "Haïti"}).id
    draft, person = incident_draft(), person_draft("Zoë Ng")
    origin = replace(
        person.facts or PersonFacts(),
        region_of_origin="caribbean",
        own_terms=choose_terms({"region_of_origin": [haiti]}),
    )
    draft = replace(
        draft,
        answers={**draft.answers, "contact_type": "other"},
        own_terms=choose_terms({"contact_type": [drone]}),
        people=(replace(person, facts=origin),),
    )
    logged = log_incident(founded.context(CASEWORKER), draft)
    said = text_of(founded, logged, order(language="fr"))
    assert "Survol" in said and "Haïti" in said
    assert "Caraïbes" not in said


@pytest.mark.parametrize(
    ("part", "there", "absent"),
    [
        (Part.PEOPLE, "Zoë Ng", ("They asked", "Ask for the file", "Litigation")),
        (Part.INCIDENTS, "They asked for papers.", ("Zoë", "Ask for the file", "Litigation")),
        (Part.FOLLOW_UPS, "Ask for the file", ("Zoë", "They asked", "Litigation")),
        (Part.CONSENTS, "Litigation", ("Zoë", "They asked", "Ask for the file", "letter.txt")),
        (Part.FILES, "letter.txt From the landlord", ("Zoë", "They asked", "Dear all", "Ask for the")),
    ],
)
def test_only_what_was_chosen(
    founded: Founded, logged: Logged, part: Part, there: str, absent: tuple[str, ...]
) -> None:
    """A part that was left out is named as left out; without the people, nobody's name stands anywhere."""
    said = text_of(founded, logged, order(part))
    assert there in said
    assert not [words for words in absent if words in said]
    assert "Left out nothing" not in said


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Officer Tall"), ("fr", "Agent·e Tall"), ("es", "Agente Tall")]
)
def test_the_steps_of_the_pathway(founded: Founded, logged: Logged, language: str, words: str) -> None:
    """Each act in the order of time with all that is known of it; a removed one is gone."""
    context = founded.context(CASEWORKER)
    incident = get_case(context, logged.case_id).incidents[0].id
    for what, when in (
        ("cbsa_action:detained_holding_centre", "2026-05-05"),
        ("cbsa_action:attended", "2026-05-04T14:05"),
    ):
        record_act(context, incident, act_draft(what, when))
    removed = record_act(context, incident, act_draft("referral:unknown", "2026-05-03"))
    remove_act(context, incident, removed)
    said = text_of(founded, logged, order(Part.INCIDENTS, language=language))
    assert said.count(words) == 2
    assert said.count("Group 12") == said.count("FAX 123") == said.count("You come with us") == 2
    attended, detained = (
        code_list("cbsa_action").label(code, language) for code in ("attended", "detained_holding_centre")
    )
    assert said.rindex(attended) < said.rindex(detained)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Page {} de {}", "Préparé par Ines le", "pour Me Fortin")),
        ("es", ("Página {} de {}", "Preparado por Ines el", "para Me Fortin")),
    ],
)
def test_every_page_says_whose_it_is(founded: Founded, language: str, words: tuple[str, ...]) -> None:
    """Organization, reference, by whom, for whom, and the number of the page."""
    draft = incident_draft("A long story. " * 900)
    logged = log_incident(founded.context(CASEWORKER), draft)
    file = export_case(founded.context(CASEWORKER), logged.case_id, order(language=language))
    pages = read_pages(file.content)
    assert len(pages) > 2
    for number, page in enumerate(pages, 1):
        assert logged.reference in page
        assert [text for text in words if text.format(number, len(pages)) not in page] == []


def test_words_are_never_code(founded: Founded) -> None:
    """What somebody typed stands there as they typed it, whatever it means to a typesetter."""
    typed = '#panic("x") *a* _b_ $c$ @d <e> = f \\ // g `h` #read("/etc/passwd")'
    logged = log_incident(founded.context(CASEWORKER), incident_draft(typed))
    assert typed in text_of(founded, logged, order(Part.INCIDENTS))


@pytest.mark.parametrize("name", ["Nguyễn Thị Łucja", "محمد", "张伟", "\u2610 → \U0001f600"])
def test_every_name_can_be_set(founded: Founded, name: str) -> None:
    """A sign that no font has makes the file less than accessible, and it says so; it never fails."""
    logged = log_incident(founded.context(CASEWORKER), incident_draft(people=(person_draft(name),)))
    file = export_case(founded.context(CASEWORKER), logged.case_id, order())
    with pikepdf.open(io.BytesIO(file.content)) as pdf:
        accessible = "pdfuaid" in pdf.Root.Metadata.read_bytes().decode()
        assert pdf.Root.MarkInfo.Marked
    assert accessible is ("Some signs of this file" not in " ".join(read_pages(file.content)))
    assert accessible or name not in ("Nguyễn Thị Łucja", "محمد")
    assert accessible is (find_failures(file.content) == [])


def test_it_is_tagged_and_tells_nothing_of_itself(founded: Founded, logged: Logged) -> None:
    """PDF/UA with title and language; no author, date, producer or program."""
    file = export_case(founded.context(CASEWORKER), logged.case_id, order(language="fr"))
    with pikepdf.open(io.BytesIO(file.content)) as pdf:
        assert str(pdf.Root.Lang).startswith("fr")
        assert pdf.docinfo.keys() == {"/Title"}
        metadata = pdf.Root.Metadata.read_bytes().decode()
    assert "pdfuaid" in metadata
    assert not [word for word in ("Typst", "pikepdf", "CreateDate", "ModifyDate", "Ines") if word in metadata]
    assert file.name == f"casework-{logged.reference}.pdf"


def test_nothing_is_written_on_the_way(
    founded: Founded, logged: Logged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Made in memory: no plain file in the folder for temporary ones."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", None)

    def refuse(*_args: object, **_options: object) -> None:
        raise AssertionError("a temporary file")

    for maker in ("mkstemp", "mkdtemp", "TemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, maker, refuse)
    assert export_case(founded.context(CASEWORKER), logged.case_id, order()).content.startswith(b"%PDF-")
    assert list(folder.iterdir()) == []


def test_strangers_get_nothing(founded: Founded, logged: Logged) -> None:
    """A case of another team is not there; an advocate may not; a screen left open does not do."""
    version = get_case(founded.context(CASEWORKER), logged.case_id).version
    change_access(founded.context(CASEWORKER), logged.case_id, version, True, frozenset())
    with pytest.raises(NotFound):
        export_case(founded.context(COLLEAGUE), logged.case_id, order())
    with pytest.raises(Forbidden):
        export_case(founded.context(ADVOCATE), logged.case_id, order())
    with pytest.raises(Forbidden):
        export_case(replace(founded.context(CASEWORKER), is_confirmed=False), logged.case_id, order())
    assert export_case(founded.context(COORDINATOR), logged.case_id, order())


def test_a_restricted_case_is_for_the_named(founded: Founded) -> None:
    """Not even a coordinator takes it along."""
    draft = replace(incident_draft("Only for the named."), restricted=True)
    logged = log_incident(founded.context(CASEWORKER), draft)
    assert "Only for the named." in text_of(founded, logged, order())
    with pytest.raises(NotFound):
        export_case(founded.context(COORDINATOR), logged.case_id, order())


def test_the_log_has_what_left(founded: Founded, logged: Logged) -> None:
    """The case and the parts; no word of the case, nor for whom."""
    export_case(founded.context(CASEWORKER), logged.case_id, order(Part.CONSENTS, Part.INCIDENTS))
    entry = open_log(founded.context())[-1]
    assert entry["event"] == "case.exported"
    chosen = {"people": 0, "incidents": 1, "follow_ups": 0, "consents": 1, "files": 0}
    assert entry["fields"] == {"case": logged.case_id.hex, **chosen}


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Order(frozenset(), "Me Fortin", "en"), "parts"),
        (order(made_for=" "), "made_for"),
        (order(made_for="x" * 200), "made_for"),
        (order(language="xx"), "language"),
    ],
)
def test_a_bad_order_says_what_is_wrong(founded: Founded, logged: Logged, wanted: Order, field: str) -> None:
    """Nothing is made, and nothing noted."""
    before = len(open_log(founded.context()))
    with pytest.raises(Invalid) as caught:
        export_case(founded.context(CASEWORKER), logged.case_id, wanted)
    assert list(caught.value.faults) == [field]
    assert len(open_log(founded.context())) == before


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Withdrawn, May 4, 2026 (Signed form)"), ("fr", "Retiré, 4 mai 2026 (Formulaire signé)")],
)
def test_a_consent_says_when_and_how(founded: Founded, logged: Logged, language: str, words: str) -> None:
    """As the person's page does."""
    context = founded.context(CASEWORKER)
    (one,) = get_case(context, logged.case_id).people
    consent = Consent("withdrawn", date(2026, 5, 4), "signed_form")
    facts = replace(one.facts, consents={"litigation": consent})
    change_person(context, logged.case_id, one.id, one.version, facts, one.identity)
    assert words in text_of(founded, logged, order(Part.CONSENTS, language=language))
