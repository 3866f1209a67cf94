"""Which choices the form of an incident shows, in which groups and which order."""

from collections import Counter
from collections.abc import Collection, Mapping
from functools import cache
from uuid import UUID

from babel.dates import get_month_names
from flask_babel import get_locale, gettext
from flask_wtf import FlaskForm

from casework.domain.folding import fold
from casework.domain.pattern import ACTIVE
from casework.domain.vocabulary import NOT_ASKED, OTHER, UNKNOWN, code_list, grouping
from casework.services.offers import Offers
from casework.web.forms.access import offer_access
from casework.web.forms.coded import Choices, SelectChoice, choose, offer, offer_grouped
from casework.web.forms.finer import finer
from casework.web.language import label, language


def offer_contacts() -> Choices:
    """List the contact types under what they have in common for the person."""
    asked, stopped, otherwise = (
        str(gettext("Asked for help or saw something")),
        str(gettext("Stopped or ticketed")),
        str(gettext("Otherwise")),
    )
    headings = {"victim": asked, "witness": asked, "carding": stopped, "ticket": stopped, "other": otherwise}
    groups = grouping("contact_type", "contact_group")
    listed: dict[str, Choices] = {asked: [], stopped: [], otherwise: []}
    for code in code_list("contact_type").codes:
        if code != NOT_ASKED:
            heading = headings.get(groups[code], otherwise)
            listed[heading].append(choose(code, label(code, "contact_type"), heading))
    return [choice for choices in listed.values() for choice in choices]


def offer_asked() -> Choices:
    """List what there is to ask during a call, under the name of the field that takes the answer."""
    return [
        choose("place", str(gettext("Place"))),
        choose("officer", str(gettext("Officers"))),
        choose("badge", str(gettext("Badges"))),
        choose("plate", str(gettext("Plates"))),
        choose("unit", str(gettext("Unit"))),
        choose("said", str(gettext("What police said"))),
        choose("status_surfaced", str(gettext("Whether status came up"))),
        choose("cbsa_actions", str(gettext("Whether the CBSA came"))),
    ]


def offer_months() -> Choices:
    """List the months by number."""
    names = get_month_names("wide", context="stand-alone", locale=get_locale())
    return [_nothing(), *(choose(str(number), names[number]) for number in range(1, 13))]


def offer_seasons() -> Choices:
    """List the seasons."""
    return [_nothing(), *offer("season")]


def offer_services(often: Collection[str]) -> Choices:
    """List the police services by province, after those that are common here."""
    return offer_grouped("police_service", often, _province_of_service)


def offer_places(often: Collection[str]) -> Choices:
    """List the places by city where that has several, else by province."""
    return offer_grouped("place", often, _group_of_place)


def offer_patterns(offers: Offers, chosen: Collection[UUID]) -> Choices:
    """List the patterns in use, and those that are chosen already."""
    names = {
        view.id.hex: view.definition.name(language())
        for view in offers.patterns
        if view.definition.status == ACTIVE or view.id in chosen
    }
    return [choose(value, name) for value, name in sort_names(names)]


def sort_names(names: Mapping[str, str]) -> list[tuple[str, str]]:
    """Sort what has names in the page's language by them, whatever their case and accents."""
    return sorted(names.items(), key=lambda item: fold(item[1]))


def fill_choices(form: FlaskForm, offers: Offers, patterns: Collection[UUID] = ()) -> None:
    """Give an incident's form the choices that are no code list, or are sorted by what is common here."""
    services, places = offers.police_services, offers.places
    form.police_service.choices = finer(lambda: [_nothing(), *offer_services(services)], "police_service")
    not_asked = choose(NOT_ASKED, label(NOT_ASKED, "place"))
    form.place.choices = finer(lambda: [not_asked, *offer_places(places)], "place")
    form.patterns.choices = offer_patterns(offers, patterns)
    form.access.choices = offer_access()
    form.team.choices = [choose(member.id.hex, member.display_name) for member in offers.colleagues]


def _nothing() -> SelectChoice:
    return choose("", str(gettext("Choose")))


def _province_of_service(code: str) -> str:
    province = grouping("police_service", "province")[code]
    return (
        str(gettext("Not of one province")) if province in (UNKNOWN, OTHER) else label(province, "province")
    )


def _group_of_place(code: str) -> str:
    city = grouping("place", "city")[code]
    return (
        label(city, "city")
        if _places_of_cities()[city] > 1
        else label(grouping("place", "province")[code], "province")
    )


@cache
def _places_of_cities() -> Counter[str]:
    return Counter(grouping("place", "city").values())
