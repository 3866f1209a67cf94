"""One answer about consent for everybody in many cases."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.domain.person import Consent
from casework.errors import Invalid
from casework.services import cases
from casework.services.bundles import doing, foreseeing, keeping
from casework.services.bundles.consenting import Consenting
from casework.services.bundles.deeds import Stay
from casework.services.merging import merging
from tests.services.bundles.steps import choose, consent_in, counts, do, log, somebody, undo
from tests.support.application import CASEWORKER, Founded

ON = date(2026, 5, 12)
YES = Consenting("statistics", Consent("given", ON))


@pytest.mark.parametrize(
    ("there", "stay", "replaced"),
    [
        (None, None, None),
        (Consent("not_asked"), None, None),
        (Consent("given", ON), Stay.ALREADY, Stay.ALREADY),
        (Consent("given", ON - timedelta(1)), Stay.ANSWERED, None),
        (Consent("given"), Stay.ANSWERED, None),
        (Consent("given", ON + timedelta(1)), Stay.LATER, Stay.LATER),
        (Consent("refused", ON - timedelta(1)), Stay.SAID_NO, Stay.SAID_NO),
        (Consent("withdrawn"), Stay.SAID_NO, Stay.SAID_NO),
    ],
)
def test_a_consent_that_is_there(
    founded: Founded, there: Consent | None, stay: Stay | None, replaced: Stay | None
) -> None:
    """A yes for many takes no no's place, no later answer's, and another yes's only where that is ticked."""
    logged, context = log(founded, people=somebody(there)), founded.context(CASEWORKER)
    bundle = keeping.get_bundle(context, choose(context, logged))
    for deed, expected in ((YES, stay), (replace(YES, replaces=True), replaced)):
        forecast = foreseeing.foresee(context, bundle, deed)
        assert list(forecast.stays) == ([expected] if expected else [])
        assert len(forecast.changes) == (0 if expected else 1)


def test_a_no_takes_the_place_of_a_yes_where_that_is_ticked(founded: Founded) -> None:
    """People may change their mind that way: it keeps them out of what is published."""
    logged, context = log(founded), founded.context(CASEWORKER)
    assert consent_in(founded, logged).answer == "given"
    no = Consenting("statistics", Consent("withdrawn", ON), replaces=True)
    assert do(context, choose(context, logged), no).records == 1
    assert consent_in(founded, logged) == Consent("withdrawn", ON)


def test_a_consent_comes_back_as_it_was(founded: Founded) -> None:
    """With its day, or as never asked; nothing else of the person changes; who was changed since stays."""
    asked = Consent("given", ON - timedelta(30))
    logged = [log(founded, people=somebody(one)) for one in (asked, None, None)]
    empty = log(founded, people=())
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, *logged, empty)
    before = [cases.get_case(context, one.case_id).people[0] for one in logged]
    done = do(context, bundle_id, replace(YES, replaces=True))
    assert (done.records, done.cases, counts(done)) == (3, 3, {Stay.NOBODY: 1})
    assert {consent_in(founded, one) for one in logged} == {YES.consent}
    last = cases.get_case(context, logged[2].case_id).people[0]
    cases.change_person(context, logged[2].case_id, last.id, last.version, last.facts, last.identity)
    undone = undo(context, bundle_id)
    assert (undone.records, counts(undone)) == (2, {Stay.CHANGED: 1})
    after = [cases.get_case(context, one.case_id).people[0] for one in logged]
    assert [one.facts for one in after[:2]] == [one.facts for one in before[:2]]
    assert [one.identity for one in after] == [one.identity for one in before]
    assert consent_in(founded, logged[2]) == YES.consent


@pytest.mark.parametrize(
    ("deed", "field"),
    [
        (replace(YES, purpose="fame"), "purpose"),
        (replace(YES, consent=Consent("not_asked")), "answer"),
        (replace(YES, consent=Consent("given", date(2999, 1, 1))), "on"),
    ],
)
def test_a_consent_that_cannot_be_recorded_for_many(founded: Founded, deed: Consenting, field: str) -> None:
    """Each fault names its field, before counting and before doing."""
    context = founded.context(CASEWORKER)
    bundle_id = choose(context, log(founded))
    for act in (
        lambda: foreseeing.foresee(context, keeping.get_bundle(context, bundle_id), deed),
        lambda: doing.do(context, bundle_id, deed, 1 << 40),
    ):
        with pytest.raises(Invalid) as invalid:
            act()
        assert set(invalid.value.faults) == {field}


def test_how_they_answered_goes_along_and_comes_back(founded: Founded) -> None:
    """Both ways; what a table may have counted follows from when it was written down, also together."""
    logged = log(founded, people=somebody(Consent("given", ON, "signed_form")))
    context = founded.context(CASEWORKER)
    no = Consenting("statistics", Consent("withdrawn", ON, "in_person"), replaces=True)
    bundle = choose(context, logged)
    do(context, bundle, no)
    facts = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0].facts
    assert facts.consent("statistics") == Consent("withdrawn", ON, "in_person")
    assert facts.no_longer_counts
    undo(context, bundle)
    facts = cases.get_case(founded.context(CASEWORKER), logged.case_id).people[0].facts
    assert facts.consent("statistics") == Consent("given", ON, "signed_form")
    assert facts.countable.since is not None
    assert not facts.no_longer_counts


def test_how_has_to_be_one_of_the_list(founded: Founded) -> None:
    """The field is named."""
    with pytest.raises(Invalid) as refused:
        Consenting("statistics", Consent("given", ON, "by_owl")).check(founded.context(CASEWORKER))
    assert list(refused.value.faults) == ["how"]


def test_who_was_merged_since_is_left_as_they_are(founded: Founded) -> None:
    """It counts the one record alone; taking back what was done before the merge changes none."""
    people = (*somebody(None), *somebody(None))
    logged, context = log(founded, people=people), founded.context(CASEWORKER)
    bundle = choose(context, logged)
    assert do(context, bundle, YES).records == 2
    agreed = cases.get_case(context, logged.case_id).people[0]
    pair = logged.people[0], logged.people[1]
    merging.merge(context, pair, (2, 2), agreed.facts, agreed.identity)
    forecast = foreseeing.foresee(context, keeping.get_bundle(context, choose(context, logged)), YES)
    assert [len(lines) for lines in forecast.stays.values()] == [1]
    assert counts(undo(context, bundle)) == {Stay.CHANGED: 2}
    assert consent_in(founded, logged) == Consent("given", ON)
