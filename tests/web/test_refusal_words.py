"""Every reason for which there are no numbers has its own sentence, which says what to do."""

import pytest
from flask_babel import force_locale

from casework.disclosure.refusals import REASONS
from casework.domain.period import Period
from casework.domain.releasedraft import Names, ReleaseDraft
from casework.errors import DisclosureRefused
from casework.web.refusal_words import explain_refusal
from tests.support.application import Founded

OWN = {"damaged", "not_enough"}
OTHER = "It could not be checked, and what is not checked is not shown."
DO = ("Choose", "Take", "Let a coordinator", "Tell", "Look again", "Smaller tables")
# What needs no advice of its own: the tables that can be shown stand below it.
WHY = {"too_few_cases", "not_enough", "empty", "too_much_hidden", "cannot_protect"}


@pytest.mark.parametrize("reason", sorted(OWN | set(REASONS)))
def test_each_reason_says_why_and_what_to_do(founded: Founded, reason: str) -> None:
    """In words of its own, with no number but the threshold."""
    with founded.app.test_request_context():
        said = explain_refusal(DisclosureRefused(reason), 7)
    assert said != OTHER
    assert reason in WHY or any(word in said for word in DO)
    assert {word for word in said.replace(".", " ").split() if word.isdigit()} <= {"7", "40"}


@pytest.mark.parametrize("language", ["fr", "es"])
@pytest.mark.parametrize("reason", sorted(OWN | set(REASONS)))
def test_each_reason_is_said_in_every_language(founded: Founded, reason: str, language: str) -> None:
    """Also where a translation has a per cent sign of its own."""
    with founded.app.test_request_context(), force_locale("en"):
        english = explain_refusal(DisclosureRefused(reason), 7)
    with founded.app.test_request_context(), force_locale(language):
        said = explain_refusal(DisclosureRefused(reason), 7)
    assert said not in (english, "")
    assert "%(" not in said and "%%" not in said


def test_none_and_few_have_one_sentence(founded: Founded) -> None:
    """The difference would tell when the only case was."""
    with founded.app.test_request_context():
        said = {
            explain_refusal(DisclosureRefused(one), 5) for one in ("empty", "not_enough", "too_few_cases")
        }
    assert len(said) == 1


def test_what_is_new_to_this_list_is_said_to_be_unchecked(founded: Founded) -> None:
    with founded.app.test_request_context():
        assert explain_refusal(DisclosureRefused("something_new"), 5) == OTHER


@pytest.mark.parametrize("reason", ["audit_failed", "too_large"])
def test_the_advice_is_of_what_was_asked(founded: Founded, reason: str) -> None:
    """No coarser line than a table has, and none that it has already."""

    def say(*tables: Names, years: int = 1) -> str:
        period = Period((2026 - years, 1), (2025, 4))
        asked = ReleaseDraft(unit="incidents", period=period, tables=tables, texts={})
        return explain_refusal(DisclosureRefused(reason), 5, asked).partition(". ")[2]

    with founded.app.test_request_context():
        crossed = say(("province", "police_level"), years=2)
        assert "cities" not in crossed and "place of “City”" not in crossed
        assert crossed.endswith("Choose one question for a table in the place of two, or another period.")
        fine = say(("city", "quarter"), ("police_service",), years=2)
        assert fine.endswith(
            "Choose coarser lines: “Province or territory” in the place of “City”,"
            " “Year” in the place of “Quarter”,"
            " “Level of police” in the place of “Police service”."
        )
        assert "“Year”" not in say(("city", "quarter"))
        assert say(("province",)).endswith("Choose another table, or another period.")
        assert say(("province",), ("police_level",)).endswith("Choose fewer tables, or another period.")
