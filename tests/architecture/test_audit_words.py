"""Every event of the audit log has a sentence for people, which says all that it has gaps for."""

import re

from casework.services.audit import EVENTS
from casework.services.auditing.groups import Group, group_of
from casework.web.audit_words import GROUPS, SENTENCES

GAP = re.compile(r"%\((\w+)\)s")


def test_every_event_has_a_sentence() -> None:
    """A new event: say in casework/web/audit_words.py what was done, with its fields in the gaps."""
    assert set(SENTENCES) == set(EVENTS)


def test_a_sentence_asks_for_what_its_event_has() -> None:
    """Who did it, and declared fields; nothing else."""
    for event, sentence in SENTENCES.items():
        gaps = set(GAP.findall(sentence._args[0]))
        assert gaps <= EVENTS[event] | {"who"}, event
        assert "who" in gaps, event


def test_every_group_has_a_name_and_events() -> None:
    """A kind of deed that somebody can look for has something in it."""
    assert set(GROUPS) == set(Group) == {group_of(event) for event in EVENTS}
