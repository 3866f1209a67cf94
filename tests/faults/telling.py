"""The story that is told to one server or to several: nearly everything that people enter."""

from tests.faults import story
from tests.faults.planted import Planted
from tests.support.visitor import Visitor


def tell(coordinator: Visitor, caseworker: Visitor, planted: Planted) -> None:
    """Set up, let somebody join, log, follow, count, and draw new shares."""
    story.set_up(coordinator, planted)
    story.enrol(coordinator, planted)
    story.join(caseworker, planted, story.invite(coordinator, planted, "caseworker", "caseworker"))
    story.admit(coordinator, planted)
    story.invite(coordinator, planted, "advocate", "advocate")
    story.drill(coordinator, planted)
    story.define_pattern(coordinator, planted)
    story.add_term(coordinator, planted)
    story.count_officially(coordinator, planted)
    story.add_policy(coordinator, planted)
    case = story.log(caseworker, planted)
    assert planted.strings["logged name"] in coordinator.get(case).text
    story.follow(caseworker, planted, case)
    story.tell_steps(caseworker, planted, case)
    story.tell_story(caseworker, coordinator, planted, case)
    story.attach(caseworker, planted, case)
    story.search_lists(caseworker, planted)
    story.restrict(caseworker, planted, case)
    assert coordinator.get(case).status == 404
    story.change_account(caseworker, planted)
    story.renew_shares(coordinator, planted)
