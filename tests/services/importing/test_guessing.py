"""Guesses: what a column is, what a value means; and the plan that they make."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from casework.domain.person import Consent
from casework.errors import Invalid
from casework.services.importing.answers import ReadRow, Record, RefusedRow
from casework.services.importing.cells import tidy_text
from casework.services.importing.guessing import guess_code, guess_targets
from casework.services.importing.headings import score_heading
from casework.services.importing.making import make_mapping
from casework.services.importing.mapping import REFUSE
from casework.services.importing.plan import PARK, Plan, check_plan, propose, settle_order
from casework.services.importing.profiles import Column, Profiler
from casework.services.importing.rows import read_records
from casework.services.importing.vaguedates import Order

SETTLED = {"contact_type": "street_check", "police_service": "spvm"}
HEADINGS = (
    "No",
    "Date d'incident",
    "Nom",
    "Prénom",
    "Sexe",
    "Race_perçue",
    "Âge",
    "Corps de police",
    "Remarques",
)
ROWS = (
    ("1", "25/12/2020", "Roy", "Ana", "F", "Noire", "34", "SPVM", "Au coin."),
    ("2", "03/04/2021", "Paz", "Luz", "féminin", "Latino", "17", "Sureté du Quebec", ""),
    ("3", "été 2020", "Diallo", "Sékou", "M", "Peul", "29", "garde du métro", ""),
)


def describe(headings: tuple[str, ...] = HEADINGS, rows: tuple[tuple[str, ...], ...] = ROWS) -> list[Column]:
    """Profile these rows."""
    profiler = Profiler(headings, 2026)
    for row in rows:
        profiler.add(row)
    return profiler.columns()


def read(plan: Plan, rows: tuple[tuple[str, ...], ...] = ROWS) -> list[ReadRow | RefusedRow]:
    """Read the rows under a plan."""
    records = [Record(n, dict(zip(HEADINGS, row, strict=True))) for n, row in enumerate(rows, start=2)]
    return list(read_records(records, make_mapping(plan), date(2026, 11, 1), UUID(int=7)))


def read_cells(plan: Plan, *rows: dict[str, str]) -> list[ReadRow | RefusedRow]:
    """Read rows of other headings under a plan."""
    records = [Record(number, cells) for number, cells in enumerate(rows, start=2)]
    return list(read_records(records, make_mapping(plan), date(2026, 11, 1), UUID(int=7)))


def proposal() -> Plan:
    """Propose a plan, with the answer that the list leaves out."""
    plan = propose(describe(), "a list")
    return replace(plan, constants={"contact_type": "street_check"})


def test_headings_in_french_are_known() -> None:
    """With their accents, their case and their underscores."""
    assert guess_targets(describe()) == {
        "No": "key",
        "Date d'incident": "date",
        "Nom": "name",
        "Prénom": "name",
        "Sexe": "gender",
        "Race_perçue": "racialised_identities",
        "Âge": "age_band",
        "Corps de police": "police_service",
        "Remarques": "text",
    }


@pytest.mark.parametrize(
    ("heading", "target"),
    [
        ("No de dossier", "key"),
        ("N° de dossier", "key"),
        ("No de l'incident", "key"),
        ("Nom de la personne", "name"),
        ("Nom 2e personne", "name@2"),
        ("Name of the second person", "name@2"),
        ("Date de naissance de la 2e personne", "birth_date@2"),
        ("Nombre de la segunda persona", "name@2"),
        ("Nom du policier", None),
        ("La", None),
    ],
)
def test_articles_and_ordinals_are_looked_through(heading: str, target: str | None) -> None:
    """A heading in a few more words is the same heading; "2nd person" is the second one's column."""
    scored = score_heading(heading)
    assert (scored[0] if scored else None) == target


def test_a_short_form_with_dots_is_the_short_form() -> None:
    """Some write "s.p.v.m."."""
    assert guess_code("place", "St-Michel") == guess_code("place", "Saint-Michel") is not None
    assert guess_code("police_service", "s.p.v.m.") == guess_code("police_service", "S.P.V.M") == "spvm"


def test_headings_in_spanish_are_known() -> None:
    """So are those."""
    expected = {
        "Expediente": "key",
        "Fecha del incidente": "date",
        "Nombre completo": "name",
        "GÉNERO": "gender",
        "Identidad_racializada": "racialised_identities",
        "Edad": "age_band",
        "Servicio de policía": "police_service",
        "Situación migratoria": "immigration_status",
        "Qué pasó": "text",
    }
    row = ("1", "3 de mayo de 2021", "Paz", "Mujer", "Negra", "34", "SPVM", "Solicitante de asilo", "Ahí.")
    assert guess_targets(describe(tuple(expected), (row, ("2", *row[1:])))) == expected


def test_a_column_without_a_telling_heading_is_told_by_its_values() -> None:
    """Two labels of a list at least."""
    columns = describe(("x", "y"), (("homme", "a"), ("femme", "b"), ("homme", "c")))
    assert guess_targets(columns) == {"x": "gender"}


def test_what_is_said_of_officers_is_not_said_of_the_person() -> None:
    """Police lists tell of both; a wrong one would come in as the person's own."""
    headings = (
        "OfficerRace",
        "Officer_Gender",
        "SubjectRace",
        "Subject Age",
        "Suspect sex code",
        "Corps policier",
    )
    row = ("White", "Male", "Black", "34", "F", "SPVM")
    assert guess_targets(describe(headings, (row, (*row[:4], "M", "SQ")))) == {
        "SubjectRace": "racialised_identities",
        "Subject Age": "age_band",
        "Suspect sex code": "gender",
        "Corps policier": "police_service",
    }


def test_the_columns_of_a_second_person_are_theirs() -> None:
    """First and last name in columns of one name belong together, and so do two telephones of one person."""
    guessed = {
        "name1": "name",
        "Sex 1": "gender",
        "age_1": "age_band",
        "name2": "name@2",
        "Sex 2": "gender@2",
        "Person 3 name": "name@3",
        "Nom": "name",
        "Nom (2)": "name",
        "fname_c1": "name",
        "fname_c2": "name",
    }
    row = ("Ana", "F", "34", "Luz", "M", "Eve", "Noé", "Cyr", "Roy", "Paz")
    assert guess_targets(describe(tuple(guessed), (row, row))) == guessed
    alone = {"Nom": "name", "Téléphone 1": "phone", "Téléphone 2": "phone", "Statut 2": "note"}
    of_one = ("Ana", "514 555-1234", "514 555-1235", "citoyenne")
    assert guess_targets(describe(tuple(alone), (of_one, of_one))) == alone


def test_each_person_of_a_row_is_read_with_their_own_answers() -> None:
    """Nobody is made up where their columns are empty; what cannot be read refuses the row."""
    heading = ("name1", "sex1", "name2", "sex2", "age2")
    written = (("Ana", "F", "Luz", "M", "30"), ("Noé", "M", "", "(null)", ""), ("Eve", "F", "", "", "17"))
    rows = tuple(tuple(map(tidy_text, row)) for row in written)
    plan = replace(propose(describe(heading, rows), "a list"), constants=SETTLED)
    plan = Plan.from_document(plan.to_document())
    read = read_cells(plan, *(dict(zip(heading, row, strict=True)) for row in rows))
    told = [
        [(one.identity.name, one.person.gender, one.person.age_band) for one in row.others]
        for row in read
        if isinstance(row, ReadRow)
    ]
    assert told == [[("Luz", "man", "25_34")], [], [("", "not_asked", "12_17")]]
    refused = replace(plan, others={"sex2": "refuse"}, values={**plan.values, "sex2": {}})
    first = read_cells(refused, dict(zip(heading, rows[0], strict=True)))[0]
    assert isinstance(first, RefusedRow) and list(first.faults) == ["sex2"]


def test_a_mapping_knows_the_columns_of_every_person() -> None:
    """Whoever asks which columns it reads gets those of the second person too."""
    plan = Plan("a list", {"Nom": "name", "Nom 2": "name@2", "Sexe 2": "gender@2"}, constants=SETTLED)
    assert make_mapping(plan).columns() == {"Nom", "Nom 2", "Sexe 2"}


def test_names_are_put_together_in_the_order_of_the_list() -> None:
    """Whichever was the surer guess."""
    columns = describe(("Prenom1", "Nom", "Prénom"), (("Ana", "Roy", "Luz"),))
    assert list(guess_targets(columns)) == ["Prenom1", "Nom", "Prénom"]


@pytest.mark.parametrize(
    ("heading", "values", "target"),
    [
        ("Status", "open closed", None),
        ("Statut", "citoyenne ouvert", "immigration_status"),
        ("region", "A B", None),
        ("Type", "interpellation amende", "contact_type"),
        ("Type", "A B", None),
        ("Sexe", "1 2", "gender"),
    ],
)
def test_a_heading_that_says_little_is_believed_where_a_value_agrees(
    heading: str, values: str, target: str | None
) -> None:
    """All of its values would count as another answer than there is."""
    columns = describe((heading,), tuple((value,) for value in values.split()))
    assert guess_targets(columns).get(heading) == target


def test_no_field_gets_two_columns() -> None:
    """The likelier one, and the first of two that are alike."""
    columns = describe(("sex", "sexe"), (("M", "F"), ("F", "F")))
    assert list(guess_targets(columns).values()) == ["gender"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("gender", "MALE", "man"),
        ("gender", "femme ", "woman"),
        ("gender", "Varón", "man"),
        ("gender", "Sheldon", None),
        ("immigration_status", "solicitante de asilo", "refugee_claimant"),
        ("racialised_identities", "afrodescendiente", "black"),
        ("immigration_status", "résident(e) permanent(e)", "permanent_resident"),
        ("immigration_status", "Étudiant.e", "student"),
        ("immigration_status", "work permit", "worker"),
        ("immigration_status", "préfère ne pas répondre", "declined_to_say"),
        ("immigration_status", "sans papiers", None),
        ("racialised_identities", "AMERICAN INDIAN/ALASKAN NATIVE", "indigenous"),
        ("racialised_identities", "Asian", None),
        ("region_of_origin", "Haïti", "caribbean"),
        ("region_of_origin", "RDC", "middle_africa"),
        ("region_of_origin", "México", "central_america"),
        ("region_of_origin", "Burma", "southeast_asia"),
        ("region_of_origin", "Laval", None),
        ("immigration_status", "Demandeur débouté", "refused_claimant"),
        ("immigration_status", "étudiant", "student"),
        ("contact_type", "Interpellation", "street_check"),
        ("contact_type", "contrôle routier", "traffic_stop"),
        ("raised_by", "policière", "officer"),
        ("roles", "conducteur", "driver"),
        ("languages", "mandarin", "zh"),
        ("languages", "Anglais; tamoul", "en ta"),
        ("languages", "arabe et français", "ar fr"),
        ("languages", "arabe et klingon", None),
        ("languages", "French, unknown", None),
        ("racialised_identities", "Black/Arab", "black arab_or_north_african"),
        ("racialised_identities", "Arab or North African", "arab_or_north_african"),
        ("gender", "Femme / Homme", None),
        ("police_service", "Police de Laval", "spl"),
        ("police_service", "Toronto Police", "tps"),
        ("police_service", "Sureté du Qébec", "sq"),
        ("age_band", "Aged 25 to 34 years", "25_34"),
        ("age_band", "15-44", None),
        ("age_band", "65 ans et plus", "65_plus"),
        ("age_band", "45+", None),
        ("age_band", "34 ans", "25_34"),
        ("age_band", "400", None),
        ("age_band", "17.0", "12_17"),
        ("age_band", "29,5", "25_34"),
        ("age_band", "7 mois", "0_11"),
        ("age_band", "30s", None),
        ("age_band", "<18", None),
        ("racialised_identities", "unknown", "unknown"),
    ],
)
def test_a_value_is_guessed_or_left(field: str, value: str, code: str | None) -> None:
    """By label, short form, age or likeness; what could be two is none."""
    assert guess_code(field, value) == code


def test_the_column_decides_which_number_is_the_day() -> None:
    """One date that can be read in one way only settles the others."""
    assert proposal().order is Order.DAY_FIRST
    days = [row.incident.date.encode() for row in read(proposal()) if isinstance(row, ReadRow)]
    assert days == ["2020-12-25", "2021-04-03", "2020-summer"]


def test_a_number_that_rows_share_may_be_that_of_an_incident() -> None:
    """Whether it is, is for somebody to say; its number stands in each narrative, whichever they say."""
    columns = describe(("Case no.", "Nom"), (("A1", "Ana"), ("A1", "Luz"), ("A2", "Noé")))
    assert guess_targets(columns) == {"Case no.": "group", "Nom": "name"}


def test_the_number_of_an_event_goes_before_that_of_a_row() -> None:
    """The next file counts its rows anew; whatever else is a number is kept in the narrative."""
    headings, rows = ("OBJECTID", "EVENT_UNIQUE_ID", "Dossier"), (("1", "GO-17", "A"), ("2", "GO-18", "B"))
    assert guess_targets(describe(headings, rows)) == {
        "OBJECTID": "note",
        "EVENT_UNIQUE_ID": "key",
        "Dossier": "note",
    }


@pytest.mark.parametrize(
    ("heading", "cells", "target"),
    [
        ("[1]", "1 2 3", "key"),
        ("OBJECTID", "17 92 31", "key"),
        ("badge", "4512 990 12", "note"),
        ("height", "160 182 175", None),
        ("2021", "4 2 6", None),
    ],
)
def test_numbers_that_differ_by_chance_tell_no_rows_apart(
    heading: str, cells: str, target: str | None
) -> None:
    """A wrong key takes new rows for old ones; without one all that a row holds is its key."""
    columns = describe((heading,), tuple((cell,) for cell in cells.split()))
    assert guess_targets(columns).get(heading) == target


def dates(*texts: str, heading: str = "Date") -> list[Column]:
    """Profile a column of dates."""
    return describe((heading,), tuple((text,) for text in texts))


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("03/04/2021", "05/06/2021"), None),
        (("03/04/2021", "25/12/2021", "12/26/2021"), None),
        (("03/04/2021", *["25/12/2021"] * 21, "12/26/2021"), Order.DAY_FIRST),
        (("03/04/2021", "12/26/2021"), Order.MONTH_FIRST),
        (("2021-04-03", "4/4/2021"), Order.DAY_FIRST),
    ],
    ids=["either", "both", "one slip among many", "month first", "alike in either"],
)
def test_which_number_is_the_day_is_asked_where_the_dates_do_not_say(
    texts: tuple[str, ...], order: Order | None
) -> None:
    """Nobody's guess stands there, and the plan is not complete without an answer."""
    plan = replace(propose(dates(*texts), "a list"), constants=SETTLED)
    assert plan.order is order
    if order is None:
        with pytest.raises(Invalid) as refused:
            check_plan(plan)
        assert list(refused.value.faults) == ["order"]
    else:
        check_plan(plan)


def test_an_order_that_was_said_stands_for_the_column_that_it_was_said_of() -> None:
    """Against the column too; a column that was only just chosen decides for itself."""
    columns = dates("03/04/2021", "12/26/2021") + dates("25/12/2021", heading="Naissance")
    said = Plan("a list", {"Date": "date"}, Order.DAY_FIRST)
    assert settle_order(said, columns, said).order is Order.DAY_FIRST
    assert settle_order(said, columns, Plan("a list")).order is Order.MONTH_FIRST
    assert settle_order(said, columns).order is Order.MONTH_FIRST


def test_what_is_not_known_is_parked() -> None:
    """The answer counts among the others, and the words stand in the narrative."""
    first, _second, third = read(proposal())
    assert isinstance(first, ReadRow) and isinstance(third, ReadRow)
    assert (first.identity.name, first.narrative.text) == ("Roy Ana", "Au coin.\nNo: 1 (a list)")
    assert third.person.racialised_identities == ("other",)
    assert third.incident.police_service == "other"
    kept = ["No: 3 (a list)", "Race_perçue: Peul", "Corps de police: garde du métro"]
    assert third.narrative.text.splitlines() == kept


def test_several_answers_of_a_cell_are_taken_where_each_is_known() -> None:
    """A plan that was kept has them too."""
    columns = describe(("Langue",), (("anglais; tamoul",), ("arabe",)))
    plan = Plan.from_document(replace(propose(columns, "a list"), constants=SETTLED).to_document())
    first, second = read_cells(plan, {"Langue": "anglais; tamoul"}, {"Langue": "arabe"})
    assert isinstance(first, ReadRow) and isinstance(second, ReadRow)
    assert (first.person.languages, second.person.languages) == (("en", "ta"), ("ar",))


def test_a_country_counts_as_its_region_and_is_kept() -> None:
    """The region alone would say less than the list did."""
    columns = describe(("Pays d'origine", "Âge"), (("Haïti", "trentaine"), ("Caraïbes", "34")))
    plan = replace(propose(columns, "a list"), constants=SETTLED)
    cells = [{"Pays d'origine": "Haïti", "Âge": "trentaine"}, {"Pays d'origine": "Caraïbes", "Âge": "34"}]
    first, second = read_cells(plan, *cells)
    assert isinstance(first, ReadRow) and isinstance(second, ReadRow)
    assert first.person.region_of_origin == second.person.region_of_origin == "caribbean"
    assert first.narrative.text == "Pays d'origine: Haïti\nÂge: trentaine"
    assert second.narrative.text == ""
    assert (first.person.age_band, second.person.age_band) == ("unknown", "25_34")


def test_numbers_that_a_spreadsheet_made_quantities_of_are_written_out() -> None:
    """A telephone is no sum; one that lost its last figures is left as it is. A birth date has its parts."""
    heading = ("Tél", "IUC", "Naissance", "Mois", "Jour")
    rows = (("5.145551234E9", "12345678.0", "1990", "5", "3"), ("5.14555E+09", "1234-5678", "33000", "", ""))
    targets = dict(zip(heading, ("phone", "uci", *["birth_date"] * 3), strict=True))
    plan = replace(propose(describe(heading, rows), "a list"), targets=targets, constants=SETTLED)
    cells = [dict(zip(heading, row, strict=True)) for row in rows]
    read = [row for row in read_cells(plan, *cells) if isinstance(row, ReadRow)]
    told = [(row.identity.phone, row.identity.uci, row.identity.birth_date) for row in read]
    assert told == [("5145551234", "12345678", "1990-05-03"), ("5.14555E+09", "1234-5678", "1990-05-07")]


def test_a_refused_value_names_its_column_and_every_fault() -> None:
    """All that is wrong with a row is said at once."""
    plan = proposal()
    values = {
        **plan.values,
        "Race_perçue": {"Peul": "refuse"},
        "Corps de police": {"garde du métro": "refuse"},
    }
    others = {"Race_perçue": PARK, "Corps de police": "refuse"}
    refused = read(replace(plan, values=values, others={**others, "Race_perçue": "refuse"}))[2]
    assert isinstance(refused, RefusedRow)
    assert set(refused.faults) == {"Race_perçue", "Corps de police"}


@pytest.mark.parametrize("value", ["garde du métro", "unknown"])
def test_one_value_is_refused_while_every_other_is_parked(value: str) -> None:
    """Also one that reads as nobody knows: else it would come in as "other"."""
    plan = proposal()
    values = {**plan.values, "Corps de police": {**plan.values["Corps de police"], value: REFUSE}}
    rows = tuple((*row[:7], said, "") for row, said in zip(ROWS, ("SPVM", value, "Gendarmes"), strict=True))
    first, refused, other = read(replace(plan, values=values), rows)
    assert isinstance(refused, RefusedRow) and list(refused.faults) == ["Corps de police"]
    assert isinstance(first, ReadRow) and first.incident.police_service == "spvm"
    assert isinstance(other, ReadRow) and other.incident.police_service == "other"


def test_a_date_that_cannot_be_read_is_refused_or_parked() -> None:
    """As the plan says; its words are not lost."""
    rows = (("1", "avant Noël", *ROWS[0][2:]),)
    [refused] = read(proposal(), rows)
    assert isinstance(refused, RefusedRow) and list(refused.faults) == ["Date d'incident"]
    [parked] = read(replace(proposal(), park_dates=True), rows)
    assert isinstance(parked, ReadRow)
    assert parked.incident.date.encode() == "unknown"
    assert "Date d'incident: avant Noël" in parked.narrative.text


def test_days_that_a_spreadsheet_counted_are_read_where_the_plan_says_so() -> None:
    """It says so by itself of a column that is called a date; unsaid they are refused."""
    plan = replace(propose(dates("44259", "44260.5", "2021"), "a list"), constants=SETTLED)
    assert (plan.targets, plan.counted_days) == ({"Date": "date"}, True)
    cells = {"Date": "44259"}, {"Date": "2021"}
    days = [row.incident.date.encode() for row in read_cells(plan, *cells) if isinstance(row, ReadRow)]
    assert days == ["2021-03-04", "2021"]
    assert isinstance(read_cells(replace(plan, counted_days=False), *cells)[0], RefusedRow)


def test_a_day_that_stands_for_one_that_nobody_knew_is_no_day() -> None:
    """Every third date on the 15th, of many months: those are months, and the list's own words are kept."""
    days = [f"2023-{month:02}-{day:02}" for month in range(1, 11) for day in (15, month, 15, month + 15)]
    plan = replace(propose(dates(*days), "a list"), constants=SETTLED)
    assert plan.vague_day == 15
    first, second = read_cells(plan, {"Date": "2023-04-15"}, {"Date": "2023-04-14"})
    assert isinstance(first, ReadRow) and isinstance(second, ReadRow)
    assert (first.incident.date.encode(), first.narrative.text) == ("2023-04", "Date: 2023-04-15")
    assert (second.incident.date.encode(), second.narrative.text) == ("2023-04-14", "")
    raid = ["2023-04-15"] * 40
    assert propose(dates(*raid), "a list").vague_day == 0


def test_a_month_without_a_year_is_proposed_as_a_line() -> None:
    """Beside a date it says nothing new, and a row without its date breaks nothing."""
    columns = describe(("Date", "Mois"), (("2021-05-03", "5"), ("", "6")))
    plan = replace(propose(columns, "a list"), constants=SETTLED)
    assert plan.targets == {"Date": "date", "Mois": "note"}
    [row] = read_cells(plan, {"Date": "", "Mois": "6"})
    assert isinstance(row, ReadRow)
    assert (row.incident.date.encode(), row.narrative.text) == ("unknown", "Mois: 6")


@pytest.mark.parametrize(
    ("year", "month", "day", "when", "words"),
    [
        ("2021", "5", "3", "2021-05-03", ""),
        ("2021", "", "5", "2021", "Jour: 5"),
        ("2021", "unknown", "5", "2021", "Jour: 5"),
        ("", "mai", "5", "unknown", "Mois: mai\nJour: 5"),
        ("unknown", "", "5", "unknown", "Jour: 5"),
    ],
)
def test_no_part_of_a_date_is_taken_for_another(
    year: str, month: str, day: str, when: str, words: str
) -> None:
    """A day without a month is no month; what belongs to no date is kept in words."""
    targets = {"Année": "date_year", "Mois": "date_month", "Jour": "date_day", "Nom": "name"}
    plan = Plan("a list", targets, constants=SETTLED)
    [row] = read_cells(plan, {"Année": year, "Mois": month, "Jour": day, "Nom": "Ana"})
    assert isinstance(row, ReadRow)
    assert (row.incident.date.encode(), row.narrative.text) == (when, words)


def test_a_counted_day_that_stands_for_one_that_nobody_knew_is_no_day() -> None:
    """44256 is 1 March 2021, and means what the text would; such numbers count as days on the 1st too."""
    firsts = (44197, 44228, 44256, 44287, 44317, 44348)
    plan = replace(propose(dates(*map(str, firsts * 3)), "a list"), constants=SETTLED)
    assert (plan.counted_days, plan.vague_day) == (True, 1)
    rows = read_cells(plan, {"Date": "44256"}, {"Date": "2021-03-01"}, {"Date": "44257"})
    read_as = [(row.incident.date.encode(), row.narrative.text) for row in rows if isinstance(row, ReadRow)]
    assert read_as == [("2021-03", "Date: 44256"), ("2021-03", "Date: 2021-03-01"), ("2021-03-02", "")]


def test_words_that_say_more_than_the_date_are_kept() -> None:
    """The time, the "about", the quarter: in the narrative, under the heading."""
    rows = (("1", "T3 2020", *ROWS[0][2:]), ("2", "2021-03-04 14:30", *ROWS[0][2:]))
    first, second = read(proposal(), rows)
    assert isinstance(first, ReadRow) and isinstance(second, ReadRow)
    assert first.incident.date.encode() == "2020"
    assert first.narrative.text.endswith("Date d'incident: T3 2020")
    assert second.narrative.text.endswith("Date d'incident: 2021-03-04 14:30")


def test_a_row_that_was_numbered_and_never_filled_is_refused() -> None:
    """It would come in as a case of nobody."""
    [row, numbered] = read(proposal(), (ROWS[0], ("2", *[""] * 8)))
    assert isinstance(row, ReadRow) and isinstance(numbered, RefusedRow)
    assert list(numbered.faults) == ["row"]


@pytest.mark.parametrize("cell", ["9" * 5000, "t" * 90_000, " ".join(["1"] * 20_000)])
def test_a_cell_of_any_length_is_refused_or_parked(cell: str) -> None:
    """As a date, as an age: at once, and without breaking."""
    [refused] = read(proposal(), ((ROWS[0][0], cell, *ROWS[0][2:]),))
    assert isinstance(refused, RefusedRow) and list(refused.faults) == ["Date d'incident"]
    [parked] = read(proposal(), ((*ROWS[0][:6], cell, *ROWS[0][7:]),))
    assert isinstance(parked, ReadRow) and parked.person.age_band == "unknown"


def test_without_a_key_the_whole_row_is_one() -> None:
    """Two rows that hold the same are two, and the same file gives the same keys again."""
    plan = replace(proposal(), targets={h: t for h, t in proposal().targets.items() if t != "key"})
    keys = [row.keys for row in read(plan) if isinstance(row, ReadRow)]
    assert len(set(keys)) == 3
    assert keys == [row.keys for row in read(plan) if isinstance(row, ReadRow)]


def test_a_plan_outlives_being_kept() -> None:
    """What was sealed is what was decided."""
    plan = replace(proposal(), statistics="given", how="signed_form", basis="b")
    assert Plan.from_document(plan.to_document()) == plan
    earlier = plan.to_document()
    del earlier["how"]
    assert Plan.from_document(earlier).how == "not_asked"
    assert make_mapping(plan).consents["statistics"] == Consent("given", how="signed_form")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"source": ""}, "source"),
        ({"constants": {}}, "contact_type"),
        ({"statistics": "given"}, "basis"),
        (
            {"targets": {"Nom": "gender", "Sexe": "gender", "Corps de police": "police_service"}},
            "target gender",
        ),
        ({"targets": {"Corps de police": "police_service", "Sexe": "date_month"}}, "target date_month"),
        ({"targets": {"Corps de police": "police_service", "Sexe": "date_day"}}, "target date_day"),
    ],
)
def test_a_plan_says_what_is_missing(change: dict[str, object], field: str) -> None:
    """By the decision's name."""
    with pytest.raises(Invalid) as refused:
        check_plan(replace(proposal(), **change))  # type: ignore[arg-type]
    assert list(refused.value.faults) == [field]


@pytest.mark.parametrize(
    ("country", "region"),
    [
        ("Democratic Republic of the Congo", "middle_africa"),
        ("République démocratique du Congo", "middle_africa"),
        ("US", "northern_america"),
        ("Trinidad", "caribbean"),
        ("Guyane", "south_america"),
        ("Swaziland", "southern_africa"),
    ],
)
def test_what_people_call_a_country_is_known(country: str, region: str) -> None:
    """Short and earlier names too."""
    assert guess_code("region_of_origin", country) == region


@pytest.mark.parametrize("heading", ["How it began", "How did it begin?", "Comment cela a-t-il commencé ?"])
def test_our_own_question_is_known(heading: str) -> None:
    """A list that was copied out of here comes back."""
    assert score_heading(heading) == ("contact_type", 1.0)


@pytest.mark.parametrize(
    ("age", "band"), [("<12", "0_11"), ("moins de 12 ans", "0_11"), ("<18", None), ("minor", None)]
)
def test_an_age_below_another_is_a_band_where_there_is_one(age: str, band: str | None) -> None:
    """A minor is of two of ours: nobody guesses which."""
    assert guess_code("age_band", age) == band
