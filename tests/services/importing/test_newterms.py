"""Own terms in a list: found by their words, added with the first row that has one, retired when it goes."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import pytest

from casework.domain.ownterm import ACTIVE, RETIRED, OwnTerm, chosen_of
from casework.errors import Conflict, Invalid
from casework.services import cases, ownterms
from casework.services.auditing.verifying import verify_log
from casework.services.bin import bin_case
from casework.services.context import Context
from casework.services.importing import remembering, uploads, wizard
from casework.services.importing.batches import get_batch, list_batch_lines
from casework.services.importing.finer import TermWords, answer_by_adding, make_new_term
from casework.services.importing.newterms import foresee_terms
from casework.services.importing.plan import PARK, Plan
from casework.services.importing.preview import list_ready
from casework.services.importing.profiles import Column
from casework.services.importing.sentlist import Upload
from casework.services.importing.wizard import begin_import, import_some, undo_import
from tests.services.importing.lists import send, try_list
from tests.support.application import Founded

ADD = "add~other~fr"
LIST = (
    "No;Date;Lieu;Origine;Langue\n"
    "1;2021-05-03;Kahnawake;Haïti;anglais\n"
    "2;2021-05-04;KAHNAWAKE;;anglais; \n"
    "3;jeudi;Akwesasne;;\n"
    "4;2021-05-06;Montréal;;\n"
)
ROWS = LIST.replace("anglais; ", "anglais")


def answer(context: Context, upload: Upload, **said: dict[str, str]) -> Upload:
    """Answer values, by heading."""
    assert upload.plan is not None
    values = {**upload.plan.values}
    for heading, answers in said.items():
        values[heading] = {**values.get(heading, {}), **answers}
    return uploads.change_plan(context, upload, replace(upload.plan, values=values))


def prepare(context: Context, content: str = ROWS, name: str = "liste.csv") -> Upload:
    """Send the list, let all its places be added, and try it."""
    upload = send(context, content.encode(), name, police_service="spvm")
    added = dict.fromkeys(("Kahnawake", "KAHNAWAKE", "Akwesasne"), ADD)
    return try_list(context, answer(context, upload, Lieu=added))


def bring(context: Context, upload: Upload) -> UUID:
    """Bring a list that was tried in to its end."""
    batch_id = begin_import(context, upload.id)
    while import_some(context):
        pass
    return batch_id


def take_out(context: Context, batch_id: UUID) -> None:
    """Take it out again."""
    undo_import(context, batch_id)
    while import_some(context):
        pass


def terms(founded: Founded) -> dict[str, OwnTerm]:
    """Return the terms by their names."""
    views = ownterms.list_terms(founded.context())
    found = {view.term.label("fr"): view.term for view in views}
    assert len(found) == len(views)
    return found


def places(context: Context, batch_id: UUID) -> list[tuple[str, list[str]]]:
    """Return the place of each incident of a batch: code, own terms."""
    book = ownterms.get_term_book(context)
    facts = [
        cases.get_case(context, line.case_id).incidents[0].facts
        for line in list_batch_lines(context, batch_id, 0)
    ]
    return [
        (one.place, [book.terms[term].label("fr") for term in chosen_of(one.own_terms, "place")])
        for one in facts
    ]


def test_a_dry_run_says_which_terms_come_and_makes_none(founded: Founded) -> None:
    """One for both spellings; none of a row that is refused."""
    context = founded.context()
    upload = prepare(context)
    assert upload.report is not None
    labels = {"en": "Kahnawake", "fr": "Kahnawake", "es": "Kahnawake"}
    assert upload.report["terms"] == [["place", "other", labels, 2]]
    shown = list_ready(upload)
    assert [row.term("place", "fr") for row in shown] == ["Kahnawake", "Kahnawake", ""]
    assert shown[0].further("en") == [("place", "Kahnawake")] and "Kahnawake" not in shown[0].words
    assert terms(founded) == {}


def test_a_term_is_made_once_and_found_by_its_words(founded: Founded) -> None:
    """By the same list again, and by another one, whatever the case and the language of its words."""
    context = founded.context()
    first = bring(context, prepare(context))
    assert places(context, first) == [("other", ["Kahnawake"])] * 2 + [("montreal", [])]
    made = terms(founded)
    term = OwnTerm(list_name="place", parent="other", label_fr="Kahnawake")
    assert made == {"Kahnawake": term}
    assert len(get_batch(context, first).facts.terms) == 1
    again = bring(context, prepare(context))
    assert get_batch(context, again).facts.stored == 0
    other = send(context, ROWS.encode(), "autre.csv", police_service="spvm")
    assert other.plan is not None and other.plan.values["Lieu"]["KAHNAWAKE"].startswith("other~")
    second = bring(context, try_list(context, other))
    assert places(context, second) == places(context, first)
    assert terms(founded) == made and get_batch(context, second).facts.terms == ()
    verify_log(founded.context())


@pytest.mark.parametrize("state", ["none", "in_use", "retired"])
def test_a_term_is_one_however_it_is_written(founded: Founded, state: str) -> None:
    """Two spellings in a list add one term, and one that is there, or was retired, is that term."""
    context = founded.context()
    if state != "none":
        known = ownterms.add_term(context, "place", "other", {"fr": "Ste-Sophie"})
        if state == "retired":
            ownterms.retire_term(context, known.id, known.version, True)
    rows = "No;Date;Nom;Lieu\n1;2021-05-03;Ana;Sainte Sophie\n2;2021-05-04;Luz;Ste Sophie\n"
    upload = send(context, rows.encode(), "saintes.csv", police_service="spvm")
    values = {word: ADD for word in ("Sainte Sophie", "Ste Sophie")} if state != "in_use" else {}
    batch = bring(context, try_list(context, answer(context, upload, Lieu=values)))
    assert get_batch(context, batch).facts.stored == 2
    assert len({names[0] for _code, names in places(context, batch)}) == 1
    assert [term.state for term in terms(founded).values()] == ["active"]


def test_a_term_below_another_parent_counts_as_it(founded: Founded) -> None:
    """A term for a country has its region as the answer, and its words are not told twice."""
    context = founded.context()
    haiti = ownterms.add_term(context, "region_of_origin", "caribbean", {"fr": "Haïti"})
    tamil = ownterms.add_term(context, "language", "other", {"fr": "Créole de l’île"})
    rows = "No;Date;Nom;Origine;Langue\n1;2021-05-03;Ana;HAITI;anglais, créole de l'ile\n"
    upload = send(context, rows.encode(), police_service="spvm")
    batch_id = bring(context, try_list(context, upload))
    [line] = list_batch_lines(context, batch_id, 0)
    view = cases.get_case(context, line.case_id)
    person = view.people[0].facts
    assert (person.region_of_origin, person.languages) == ("caribbean", ("en", "other"))
    assert person.own_terms == (("languages", (tamil.id,)), ("region_of_origin", (haiti.id,)))
    assert view.incidents[0].narrative.text == "No: 1 (liste)"


def test_a_term_that_was_retired_is_an_answer_no_more(founded: Founded) -> None:
    """Its words are kept in the narrative, and a merged one is what it reads as."""
    context = founded.context()
    gone = ownterms.add_term(context, "place", "other", {"fr": "Oka"})
    left = ownterms.add_term(context, "place", "other", {"fr": "Kanesatake"})
    upload = send(context, b"No;Date;Lieu\n1;2021-05-03;Oka\n", police_service="spvm")
    ownterms.retire_term(context, gone.id, 1, True)
    tried = try_list(context, upload)
    assert [(row.words, row.terms) for row in list_ready(tried)] == [("No: 1 (liste) · Lieu: Oka", [])]
    ownterms.retire_term(context, gone.id, 2, False)
    ownterms.merge_term(context, gone.id, 3, left.id)
    assert places(context, bring(context, tried)) == [("other", ["Kanesatake"])]


def test_taking_a_list_out_retires_its_terms(founded: Founded) -> None:
    """It comes back with the list, and nothing is there twice."""
    context = founded.context()
    take_out(context, bring(context, prepare(context)))
    assert {name: term.state for name, term in terms(founded).items()} == {"Kahnawake": RETIRED}
    upload = prepare(context)
    assert upload.report is not None and len(upload.report["terms"]) == 1
    batch_id = bring(context, upload)
    assert {name: term.state for name, term in terms(founded).items()} == {"Kahnawake": ACTIVE}
    take_out(context, batch_id)
    assert terms(founded)["Kahnawake"].state == RETIRED
    verify_log(founded.context())


@pytest.mark.parametrize("is_binned", [False, True])
def test_a_term_that_something_else_carries_stays(founded: Founded, is_binned: bool) -> None:
    """A record of another list, be it in the bin."""
    context = founded.context()
    first = bring(context, prepare(context))
    second = bring(context, prepare(context, "No;Date;Lieu\n9;2021-05-03;Kahnawake\n", "autre.csv"))
    if is_binned:
        [line] = list_batch_lines(context, second, 0)
        bin_case(context, line.case_id, 1)
    take_out(context, first)
    assert terms(founded)["Kahnawake"].state == ACTIVE
    assert get_batch(context, first).state == "undone"


def test_an_interrupted_import_makes_a_term_once(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever was killed behind the term goes on with it; who cancels then has it retired."""
    context = founded.context()
    upload = prepare(context)
    batch_id = begin_import(context, upload.id)
    with monkeypatch.context() as patch:
        patch.setattr(wizard, "store_rows", lambda *_: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            import_some(context)
    [made] = ownterms.list_terms(context)
    assert get_batch(context, batch_id).facts.terms == (made.id.hex,)
    while import_some(context):
        pass
    assert [view.id for view in ownterms.list_terms(context)] == [made.id]
    assert places(context, batch_id)[0] == ("other", ["Kahnawake"])


def test_a_cancelled_import_leaves_no_term_in_use(founded: Founded, monkeypatch: pytest.MonkeyPatch) -> None:
    """Though none of its rows had come in yet."""
    context = founded.context()
    batch_id = begin_import(context, prepare(context).id)
    with monkeypatch.context() as patch:
        patch.setattr(wizard, "store_rows", lambda *_: (_ for _ in ()).throw(RuntimeError))
        with pytest.raises(RuntimeError):
            import_some(context)
    take_out(context, batch_id)
    assert terms(founded)["Kahnawake"].state == RETIRED


def test_a_name_that_was_given_meanwhile_is_looked_up_again(
    founded: Founded, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look and the deed somebody adds it by hand."""
    context = founded.context()
    batch_id = begin_import(context, prepare(context).id)

    def look_too_early(context: Context, plan: Plan, columns: Sequence[Column]) -> object:
        found = foresee_terms(context, plan, columns)
        ownterms.add_term(context, "place", "other", {"en": "Kahnawake"})
        return found

    with monkeypatch.context() as patch:
        patch.setattr(wizard, "foresee_terms", look_too_early)
        with pytest.raises(Conflict):
            import_some(context)
    while import_some(context):
        pass
    assert len(terms(founded)) == 1
    assert places(context, batch_id)[0] == ("other", ["Kahnawake"])


def test_a_remembered_mapping_keeps_it_by_its_words(founded: Founded) -> None:
    """Before the term is made, and after it is retired."""
    context = founded.context()
    upload = prepare(context)
    assert upload.plan is not None
    remembering.remember_mapping(context, "Mardi", upload.table.headings, upload.plan)
    take_out(context, bring(context, upload))
    again = send(context, ROWS.encode(), police_service="spvm")
    assert again.plan is not None and again.plan.values["Lieu"]["Kahnawake"] == ADD
    assert places(context, bring(context, try_list(context, again)))[0] == ("other", ["Kahnawake"])


def test_rows_of_one_incident_agree_on_their_terms(founded: Founded) -> None:
    """Two towns of one incident differ though both are "other"; one town beside nothing closer is it."""
    context = founded.context()
    for name in ("Oka", "Kanesatake"):
        ownterms.add_term(context, "place", "other", {"fr": name})
    content = (
        "Dossier;Date;Lieu;Nom\nA;2021-05-03;Oka;Ana\nA;2021-05-03;Kanesatake;Luz\n"
        "B;2021-05-03;Oka;Eve\nB;2021-05-03;ailleurs;Noé\n"
    )
    upload = send(context, content.encode(), police_service="spvm")
    assert upload.plan is not None
    upload = uploads.change_plan(context, upload, replace(upload.plan, joins=True))
    upload = try_list(context, upload)
    assert upload.report is not None and (upload.report["ready"], upload.report["refused"]) == (2, 2)
    assert upload.report["first"][0][1][0][0] == "Lieu"
    assert places(context, bring(context, upload)) == [("other", ["Oka"])]


def test_what_folds_to_nothing_is_no_term() -> None:
    """Nobody could find it again."""
    with pytest.raises(Invalid) as invalid:
        make_new_term("place", ADD, "·")
    assert invalid.value.faults.keys() == {"answer"}


@pytest.mark.parametrize("words", ["x" * 81, "Montréal", "VERDUN"])
def test_words_that_can_be_no_term_are_refused_or_kept(founded: Founded, words: str) -> None:
    """Too long, or an answer that the list has; whatever a plan says, nothing is lost."""
    with pytest.raises(Invalid, match=r".") as invalid:
        make_new_term("place", ADD, words)
    assert invalid.value.faults.keys() == {"answer"}
    context = founded.context()
    upload = send(context, f"No;Date;Lieu\n1;2021-05-03;{words}\n".encode(), police_service="spvm")
    assert upload.plan is not None
    targets = {**upload.plan.targets, "Lieu": "place"}
    upload = uploads.change_plan(context, upload, replace(upload.plan, targets=targets))
    upload = try_list(context, answer(context, upload, Lieu={words: ADD}))
    [row] = list_ready(upload)
    assert row.words == f"No: 1 (liste) · Lieu: {words}" and terms(founded) == {}


def test_what_is_no_answer_is_forgotten() -> None:
    """Of a plan that was kept: a term of a field that has none, below a code that is gone, of no language."""
    plan = Plan(
        targets={"a": "place", "b": "roles", "c": "consent_all"},
        values={
            "a": {"1": ADD, "2": "other~" + "0" * 32, "3": "atlantis~" + "0" * 32, "4": "add~unknown~fr"},
            "b": {"1": ADD, "2": PARK},
            "c": {"1": "given~" + "0" * 32},
        },
    )
    read = Plan.from_document(plan.to_document()).values
    assert read == {"a": {"1": ADD, "2": "other~" + "0" * 32}, "b": {"2": PARK}, "c": {}}
    assert answer_by_adding("region_of_origin", "Haïti", "fr") == "add~caribbean~fr"


def test_words_of_a_term_are_found_in_any_language(founded: Founded) -> None:
    """Of its own list alone."""
    context = founded.context()
    view = ownterms.add_term(context, "place", "other", {"en": "Kahnawà:ke", "fr": "Kahnawake"})
    words = TermWords(ownterms.get_term_book(context))
    assert words.find("place", "kahnawa:KE") == words.find("place", "Kahnawake") == view.id
    assert words.find("police_service", "Kahnawake") is None


@pytest.mark.parametrize(("heading", "field"), [("Lieu", "place"), ("Langue", "languages")])
def test_the_most_frequent_spelling_names_the_term(founded: Founded, heading: str, field: str) -> None:
    """Whatever the others write with capitals or hyphens."""
    context, spelt = founded.context(), ("Kling-on", "KLINGON", "Klingon", "klingon", "Klingon")
    rows = "".join(f"2021-05-{day:02};{words}\n" for day, words in enumerate(spelt, start=1))
    upload = send(context, f"Date;{heading}\n{rows}".encode(), police_service="spvm")
    assert upload.plan is not None and upload.plan.targets[heading] == field
    upload = try_list(context, answer(context, upload, **{heading: dict.fromkeys(spelt, ADD)}))
    assert upload.report is not None
    [(_list_name, _parent, labels, count)] = upload.report["terms"]
    assert (labels["fr"], count) == ("Klingon", 5)
