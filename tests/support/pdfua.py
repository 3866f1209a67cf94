"""Asks an independent validator whether a PDF keeps ISO 14289-1 (PDF/UA-1)."""

from page import validate_pdf_bytes


def find_failures(content: bytes) -> list[str]:
    """List the rules that a PDF breaks, each with what it says; raises ValueError where none was asked."""
    report = validate_pdf_bytes(content, profile="ua1")
    if report.rules.total < 100:
        raise ValueError(f"the validator asked {report.rules.total} rules alone")
    return sorted({f"{failure.rule_id}: {failure.message}" for failure in report.failures})
