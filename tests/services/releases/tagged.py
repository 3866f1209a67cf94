"""Cases with several answers at once, in memory."""

from casework.services.books import FactBook
from tests.services.statistics.books import Told, agreed, make_book

REASONS = ("suspicion_about_status", "warrant", "proving_an_offence", "witness_protection")
ASKED = ("status_check", "warrant_enquiry", "previous_deportation_enquiry", "database_verification")
MORE = (
    "photo_request",
    "fingerprint_request",
    "missing_person_location",
    "custody_handover",
    "interpretation",
)


def make_tagged() -> FactBook:
    """Return sixty cases with one to three answers at once, or one that stands alone."""
    told = []
    for case in range(1, 61):
        reasons = (REASONS[case % 4], REASONS[(case // 4) % 4]) if case % 5 else ("none_given",)
        asked = (ASKED[case % 4], *([MORE[case % 5]] if case % 3 else [])) if case % 7 else ("unknown",)
        if case in (21, 22, 23):
            asked = ("victim_return_assistance",)
        answers = {"reasons": tuple(dict.fromkeys(reasons)), "referral_types": asked}
        told.append(Told(case, "2025-05", answers, [(case, ("driver",))]))
    return make_book(told, {number: agreed() for number in range(1, 61)})
