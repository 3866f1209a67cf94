"""What an entry says is read as it was written, and in one spelling only."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casework.errors import Tampered
from casework.vault import auditbody
from casework.vault.audit import hash_rows
from casework.vault.auditbody import AuditBody, RowMark
from tests.vault.cast import ANA_ID, ROW

AT = datetime(2026, 11, 5, 14, 30, 9, tzinfo=UTC)
MARKS = st.builds(
    RowMark,
    st.sampled_from(["case", "case_key", "person"]),
    st.uuids(),
    st.integers(0, 2**64 - 1),
    st.just(b"") | st.binary(min_size=32, max_size=32),
)
BODIES = st.builds(
    AuditBody,
    st.text(max_size=20),
    st.none() | st.uuids(),
    st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-5))])).map(
        lambda at: at.replace(microsecond=0)
    ),
    st.dictionaries(st.text(max_size=9), st.text(max_size=32) | st.integers(-(2**63), 2**63)),
    st.lists(MARKS, max_size=5, unique_by=lambda mark: mark[:2]).map(tuple),
)


@given(BODIES)
def test_a_body_is_read_as_it_was_written(body: AuditBody) -> None:
    """Whatever it says; rows come in the order of their hash."""
    assert body.rows is not None
    opened = auditbody.decode(auditbody.encode(body), hash_rows(body.rows))
    assert opened.rows == tuple(auditbody.sort_rows(body.rows))
    assert (opened.event, opened.member, opened.at, opened.fields) == (
        body.event,
        body.member,
        body.at,
        body.fields,
    )


@given(BODIES, MARKS)
def test_other_rows_are_refused(body: AuditBody, more: RowMark) -> None:
    """A body lists all that was hashed, and nothing else."""
    assert body.rows is not None
    with pytest.raises(Tampered, match="other rows"):
        auditbody.decode(auditbody.encode(body), hash_rows((*body.rows, more)))


def test_a_moment_has_a_time_zone() -> None:
    """A naive one is a mistake in the program."""
    with pytest.raises(ValueError, match="time zone"):
        auditbody.encode(AuditBody("case.read", ANA_ID, AT.replace(tzinfo=None), {}, ()))


def test_a_deleted_row_has_no_digest() -> None:
    """That is how it is told."""
    assert RowMark("case", ROW, 3, b"").is_deleted and not RowMark("case", ROW, 3, bytes(32)).is_deleted
