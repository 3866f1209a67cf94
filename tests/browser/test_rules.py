"""A rule that is written in a browser: counted while it is written, and without a script by a button."""

from collections.abc import Callable

import pytest

from casework.services.demonstration.members import COORDINATOR
from tests.browser import steps
from tests.support.browser import Visitor
from tests.support.live_server import LiveServer

pytestmark = pytest.mark.browser
Visitors = Callable[..., Visitor]
MONTREAL = "/policies/c746ff16-516f-5bf3-aa59-f53b8f8bdfde"
COUNTED = "The rule holds of"
COUNTS_ANEW = """(before) => {
  const found = document.querySelector("output").textContent.match(/[0-9]+/);
  return found !== null && Number(found[0]) !== before;
}"""


def test_a_rule_counts_while_it_is_written(demonstration: LiveServer, visitors: Visitors) -> None:
    """Each change of a condition brings the count of what fits now; more answers, more incidents."""
    visitor = visitors(demonstration.url)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    visitor.go(f"{MONTREAL}/edit")
    page, counts = visitor.page, list[int]()
    for code in ("carding", "ticket"):
        with page.expect_response("**/patterns/rule?once=1") as answer:
            page.check(f'[name="conditions-0-codes"][value="{code}"]')
        assert answer.value.ok
        page.wait_for_function(COUNTS_ANEW, arg=(counts or [-1])[-1])
        said = page.locator("output").inner_text()
        assert said.startswith(COUNTED)
        counts.append(int("".join(filter(str.isdigit, said))))
    assert 0 < counts[0] < counts[1]


def test_a_policy_date_is_written_without_scripts(demonstration: LiveServer, visitors: Visitors) -> None:
    """Conditions by buttons, Enter saves, and the page shows what contradicts it."""
    visitor = visitors(demonstration.url, scripts=False)
    steps.sign_in(visitor, COORDINATOR.login, COORDINATOR.passphrase)
    visitor.go("/policies/new")
    page = visitor.page
    page.select_option("main [name=city]", "montreal")
    page.check("main [name=precision][value=year]")
    steps.fill(visitor, name_en="No papers on buses", source="Resolution 7", year="2024")
    page.select_option("main [name=new_field]", "contact_type")
    visitor.press("main [name=add_condition]")
    page.check('main [name="conditions-0-codes"][value="fare_check"]')
    visitor.press("main [name=count_rule]")
    assert visitor.say("main output").startswith(COUNTED)
    with page.expect_navigation():
        page.press("main [name=name_en]", "Enter")
    assert page.locator("h1").inner_text() == "No papers on buses"
    assert "Resolution 7" in visitor.say("main")
    assert page.locator("#breaches tbody tr").count() > 0
    visitor.press('main a[href$="/edit"]')
    visitor.press("main [name=remove_condition]")
    visitor.press("main .savebar button")
    assert "No rule says what contradicts it." in visitor.say("main")
