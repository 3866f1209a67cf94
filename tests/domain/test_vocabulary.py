"""The code lists: complete in three languages, permanent, and grouped without a gap."""

import re
from collections.abc import Callable
from importlib.resources import files

import pytest
from babel import Locale

from casework.domain.dates import Precision, Season
from casework.domain.languages import LANGUAGES
from casework.domain.vocabulary import (
    LIST_NAMES,
    PSEUDO_CODES,
    CodeList,
    UnknownTerm,
    code_list,
    grouping,
    read_data,
)

SLUG = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")
LISTS = [pytest.param(code_list(name), id=name) for name in LIST_NAMES]

# Lists whose values casework itself sets: they are answers to no question asked of a person.
WITHOUT_PSEUDO = {
    "case_status", "consent_answer", "consent_purpose", "date_precision", "official_bound", "official_group",
    "official_measure", "official_unit", "pattern_status", "season",
}  # fmt: skip
# Groupings: what is in no other group is `other`, or cannot occur.
WITHOUT_OTHER = {"citizenship", "contact_group"}

OTHER_DATA = ("official_counts", "policy_events", "pseudo", "starter_patterns")


@pytest.mark.parametrize("name", [*LIST_NAMES, "pseudo"])
def test_no_label_is_missing(name: str) -> None:
    """What a data file lacks would stand in English on a page."""
    source = read_data(name)
    labels = [*source["terms"].values(), *([source["label"]] if "label" in source else [])]
    assert [label for label in labels if not label.keys() >= LANGUAGES.keys()] == []


@pytest.mark.parametrize("terms", LISTS)
def test_a_list_is_complete_in_each_language(terms: CodeList) -> None:
    """Every term and the list itself have a label in each language, in sentence case, unlike the others."""
    for language in LANGUAGES:
        labels = [term.label(language) for term in terms]
        assert len(set(labels)) == len(labels)
        for label in [*labels, terms.labels[language]]:
            assert label == label.strip()
            assert label
            assert label[0].isupper() or label[0].isdigit() or label.startswith("exo ")


@pytest.mark.parametrize("terms", LISTS)
def test_codes_are_slugs(terms: CodeList) -> None:
    """A code is a lower-case slug and stands once."""
    assert all(SLUG.fullmatch(code) for code in terms.codes)
    assert len(set(terms.codes)) == len(terms.codes) == len(terms)


@pytest.mark.parametrize("terms", LISTS)
def test_the_pseudo_terms_are_admitted_and_last(terms: CodeList) -> None:
    """Every coded field admits other, unknown and not asked, after its own terms and in this order."""
    if terms.name in WITHOUT_PSEUDO:
        assert "other" not in terms
        return
    admitted = PSEUDO_CODES[1:] if terms.name in WITHOUT_OTHER else PSEUDO_CODES
    assert terms.codes[-len(admitted) :] == admitted


def test_every_data_file_is_a_list() -> None:
    """No file lies unused beside the lists."""
    found = {entry.name for entry in (files("casework.domain") / "data").iterdir()}
    assert found == {f"{name}.toml" for name in (*LIST_NAMES, *OTHER_DATA)}


@pytest.mark.parametrize(
    ("name", "attested", "ours"),
    [
        ("contact_type", 10, 4), ("status_surfaced", 5, 4), ("referral_type", 9, 1), ("reason_given", 7, 1),
        ("cbsa_action", 18, 1), ("detention_ground", 4, 0), ("consequence", 3, 5), ("role", 5, 5),
        ("immigration_status", 12, 2),
    ],
)  # fmt: skip
def test_what_published_sources_attest_is_marked(name: str, attested: int, ours: int) -> None:
    """As many terms are marked as attested as the domain document stars."""
    own = [term for term in code_list(name) if term.code not in PSEUDO_CODES]
    assert sum(term.attested for term in own) == attested
    assert len(own) == attested + ours


def test_the_contact_groups() -> None:
    """Every contact type belongs to exactly the group that the headline breakdown names."""
    groups: dict[str, set[str]] = {}
    for code, group in grouping("contact_type", "contact_group").items():
        groups.setdefault(group, set()).add(code)
    assert groups == {
        "victim": {"victim_or_complainant_report", "domestic_violence_call"},
        "witness": {"witness_contact"},
        "carding": {"street_check"},
        "ticket": {"ticket", "minor_offence", "fare_check", "traffic_stop", "roadside_blitz"},
        "other": {"arrest_or_investigation", "missing_person", "wellness_check", "home_or_workplace_visit",
                  "joint_operation", "other"},
        "unknown": {"unknown"},
        "not_asked": {"not_asked"},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "attribute"),
    [(terms.name, attribute) for terms in map(code_list, LIST_NAMES) for attribute in terms.groupings],
)
def test_a_grouping_is_total(name: str, attribute: str) -> None:
    """Every code has a group that the coarser list knows, and every own term says it itself."""
    groups = grouping(name, attribute)
    coarse = code_list(code_list(name).groupings[attribute])
    assert set(groups) == set(code_list(name).codes)
    assert all(group in coarse for group in groups.values())
    own = [term for term in code_list(name) if term.code not in PSEUDO_CODES]
    assert all(attribute in term.attributes for term in own)


def test_places_group_alike_by_city_and_province() -> None:
    """A place's city lies in the place's province, so that coarsening twice is coarsening once."""
    city, province = grouping("place", "city"), grouping("place", "province")
    assert all(grouping("city", "province")[city[place]] == province[place] for place in province)


def test_the_places_of_the_domain() -> None:
    """Montréal has its 19 boroughs, the island 15 other cities, Toronto four districts."""
    cities = list(grouping("place", "city").values())
    assert cities.count("montreal") == 19 + 1  # and Montréal, borough not known
    assert cities.count("montreal_island_cities") == 15
    assert cities.count("toronto") == 4 + 1
    named = {
        "laval", "longueuil", "gatineau", "quebec_city", "sherbrooke", "peel", "york", "durham", "hamilton",
        "london", "ottawa", "vancouver", "edmonton", "calgary", "winnipeg", "halifax",
    }  # fmt: skip
    assert named <= set(code_list("place").codes)


def test_the_mounted_police_are_one_service_per_province() -> None:
    """Official counts list them apart, so each province has its own code, under one parent."""
    provinces = [code for code in code_list("province").codes if code not in PSEUDO_CODES]
    divisions = [term for term in code_list("police_service") if term.attributes.get("parent") == "rcmp"]
    assert sorted(term.attributes["province"] for term in divisions) == sorted(provinces)
    assert {term.attributes["level"] for term in divisions} == {"federal"}


def test_police_services_have_what_tables_need() -> None:
    """Each has aliases, and a parent that exists."""
    services = code_list("police_service")
    for term in services:
        if term.code in PSEUDO_CODES:
            continue
        assert term.attributes["aliases"]
        assert term.attributes.get("parent", "spvm") in services


def test_an_alias_names_one_service() -> None:
    """No alias, label or code of one service, folded, is another's."""
    services = code_list("police_service")
    for term in services:
        for spelling in (term.code, *term.labels.values(), *term.attributes.get("aliases", ())):
            assert services.find(spelling.upper()) == term.code


def test_regions_are_named_as_in_the_cldr() -> None:
    """Each region's label is the CLDR's name of its M49 number."""
    for name in ("region_of_origin", "region"):
        for term in code_list(name):
            if term.code in PSEUDO_CODES:
                continue
            for language in LANGUAGES:
                theirs = Locale(language).territories[term.attributes["m49"]]
                assert term.label(language).casefold() == theirs.casefold()


def test_languages_are_iso_639_1() -> None:
    """Each language has two letters, and the CLDR's name save Bengali, which English now calls Bangla."""
    languages = [term for term in code_list("language") if term.code not in PSEUDO_CODES]
    assert len(languages) == 50
    for term in languages:
        assert len(term.code) == 2
        for language in LANGUAGES:
            theirs = Locale(language).languages[term.code].replace("’", "'").casefold()
            assert term.label(language).casefold() == theirs.replace("bangla", "bengali")


def test_lists_that_the_code_mirrors() -> None:
    """Precisions and seasons are those that dates know."""
    assert code_list("date_precision").codes == tuple(Precision)
    assert code_list("season").codes == tuple(Season)


def test_looking_up_what_is_not_there() -> None:
    """An unknown list, code, language or grouping is refused, and the refusal does not repeat it."""
    attempts: list[Callable[[], object]] = [
        lambda: code_list("../errors"),
        lambda: code_list("role").term("secret"),
        lambda: code_list("role").label("secret", "en"),
        lambda: code_list("role").label("victim", "de"),
        lambda: grouping("role", "contact_group"),
    ]
    for attempt in attempts:
        with pytest.raises(UnknownTerm) as refusal:
            attempt()
        assert "secret" not in str(refusal.value)


def test_finding_a_code_by_what_people_write() -> None:
    """A code is found by label in any language or alias, whatever the case; never by guessing."""
    assert code_list("contact_type").find("interception ROUTIERE") == "traffic_stop"
    assert code_list("age_band").find("18-24") == "18_24"
    assert code_list("place").find("Montreal") == "montreal"
    assert code_list("contact_type").find("stop") is None
    assert code_list("cbsa_action").find("") is None


def test_choices_for_a_form() -> None:
    """A form gets code and label in the order of the list."""
    choices = code_list("consent_answer").choices("fr")
    assert choices[0] == ("given", "Donné")
    assert [code for code, _ in choices] == list(code_list("consent_answer").codes)
    assert repr(code_list("role")) == "CodeList('role')"
