"""Why a database lets nobody in, as far as it can be said without the driver's words: those hold addresses.

A server says why before it knows in which language to, and gives no code with it: its English words are all
there is. Where they are others', nothing is known.
"""

_REASONS = (
    (("password authentication failed",), "the password is not right"),
    (("no password supplied",), "it wants a password, and the address has none"),
    (("peer authentication failed",), "it lets that account in for the system account of that name alone"),
    (("no pg_hba.conf entry",), "its pg_hba.conf does not let that account in from here"),
    (("permission denied for database",), "that account may not connect to it"),
    (("database ", "does not exist"), "the server has no database of that name"),
    (("role ", "does not exist"), "the server has no account of that name"),
    (("invalid", "value"), "an option in the address has a value that it cannot have"),
    (("certificate",), "its certificate is not accepted"),
    (("ssl",), "it and this machine do not agree on TLS"),
    (("could not translate host name",), "no machine of that name is known"),
    (("failed to resolve host",), "no machine of that name is known"),
    (("connection refused",), "no server listens there"),
    (("no such file or directory",), "no server listens there"),
    (("timeout expired",), "nothing answers there"),
    (("invalid connection option",), "the address has an option that PostgreSQL does not know"),
    (("unable to open database file",), "its folder is not there, or not open to this account"),
    (("file is not a database",), "that file is something else"),
)


def find_reason(error: BaseException) -> str | None:
    """Return why a connection was refused, as the end of a sentence; None where it is not known.

    Nothing of the address is in it.
    """
    said = str(getattr(error, "orig", None) or error).lower()
    return next((reason for words, reason in _REASONS if all(word in said for word in words)), None)
