"""Asked over the network, of this machine alone: the proxy's certificate, and whether casework answers."""

import http.client
import socket
import ssl
from datetime import UTC, datetime

from casework.services.doctor.facts import Certificate

_SECONDS = 2.0
_ANSWER_SECONDS = 5.0
_PROXY = ("127.0.0.1", 443)


def read_certificate(host: str, proxy: tuple[str, int] = _PROXY) -> Certificate | None:
    """Return the certificate that the proxy shows for this name; None where no proxy answers."""
    try:
        with (
            socket.create_connection(proxy, _SECONDS) as line,
            ssl.create_default_context().wrap_socket(line, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
        return Certificate(datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC))
    except ssl.SSLCertVerificationError as error:
        return Certificate(fault=error.verify_message)
    except ssl.SSLError as error:
        return Certificate(fault=error.reason or "TLS")
    except (OSError, KeyError, ValueError):
        return None


def ask_server(host: str, port: int) -> bool | None:
    """Return whether casework says that it can serve; None where it does not answer."""
    connection = http.client.HTTPConnection(host, port, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", "/readyz")
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException):
        return None
    finally:
        connection.close()
    return {200: True, 503: False}.get(status)
