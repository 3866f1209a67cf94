"""How often somebody has tried to sign in, and from where members do: volatile, shared by all workers."""

from sqlalchemy import LargeBinary, delete
from sqlalchemy.orm import Mapped, mapped_column

from casework.store.database import Model, db


class AttemptRow(Model):
    """The tries for one account or from one network, whose name is an HMAC under the host key.

    `tries` counts those that did not fit, and those on their way. No other is looked at before
    `free_at_seconds`. Times are whole seconds since 1970, in UTC.
    """

    __tablename__ = "attempt"
    __bind_key__ = "volatile"

    subject_hmac: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    tries: Mapped[int]
    free_at_seconds: Mapped[int]
    tried_at_seconds: Mapped[int]


class KnownNetworkRow(Model):
    """A network that some member has signed in from: not which, nor who.

    `label` is the beginning of an HMAC under the host key, too short to tell one network from others.
    """

    __tablename__ = "known_network"
    __bind_key__ = "volatile"

    label: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    signed_in_at_seconds: Mapped[int]


def find_attempts(subject_hmac: bytes) -> AttemptRow | None:
    """Return the tries that are counted for a subject."""
    return db.session.get(AttemptRow, subject_hmac)


def delete_attempts_before(tried_at_seconds: int) -> None:
    """Forget tries last counted before this second."""
    db.session.execute(delete(AttemptRow).where(AttemptRow.tried_at_seconds < tried_at_seconds))


def find_network(label: bytes) -> KnownNetworkRow | None:
    """Return what is known of a network."""
    return db.session.get(KnownNetworkRow, label)


def delete_networks_before(signed_in_at_seconds: int) -> None:
    """Forget networks that nobody has signed in from since this second."""
    db.session.execute(
        delete(KnownNetworkRow).where(KnownNetworkRow.signed_in_at_seconds < signed_in_at_seconds)
    )
