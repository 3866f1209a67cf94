"""Official counts and requests for access, as a coordinator would enter them."""

from datetime import date
from decimal import Decimal
from typing import Any

from casework.domain.accessrequest import AccessRequest, Law
from casework.domain.bounds import Amount
from casework.domain.official import OfficialCount, Source
from casework.services.official.sentlist import ListPlan, SentList, guess_plan, read_list


def count(**changed: Any) -> OfficialCount:
    """Return a figure of 2022, changed."""
    facts: dict[str, Any] = {
        "service": "spvm",
        "first": date(2022, 1, 1),
        "last": date(2022, 12, 31),
        "measure": "status_check",
        "unit": "check",
        "amount": Amount(Decimal(1012)),
        "source": Source(publisher="CBSA", number="A-2023-00417"),
    }
    return OfficialCount(**{**facts, **changed})


def asked(**changed: Any) -> AccessRequest:
    """Return a request of January 2026, changed."""
    facts: dict[str, Any] = {
        "body": "CBSA",
        "law": Law.FEDERAL,
        "sent_on": date(2026, 1, 5),
        "due_on": date(2026, 2, 4),
        "number": "A-2026-00017",
        "subject": "Calls of police services, 2025",
    }
    return AccessRequest(**{**facts, **changed})


def a_list() -> tuple[SentList, ListPlan]:
    """Return a list of two figures, and what it was guessed to be."""
    rows = b"service,year,measure,count,source\nspvm,2019,calls,12,CBSA\nsq,2019,calls,7,CBSA\n"
    sent = read_list("two.csv", rows)
    return sent, guess_plan(sent, 2026)
