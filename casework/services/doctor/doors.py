"""Who gets in: over the network, to the key, to the files."""

from datetime import datetime, timedelta

from casework.domain.messages import N_
from casework.services.doctor.facts import Certificate, HostKeyFile, KeyPlace, Permissions, WayIn
from casework.services.doctor.findings import Check, Finding, State, unknown

_SOON, _AT_ONCE = timedelta(days=14), timedelta(days=3)


def check_way_in(way: WayIn) -> Finding:
    """Whether people come by TLS alone."""
    if not way.is_https:
        sentence = N_("casework answers on this machine alone, without TLS.")
        advice = N_("For real use, put a proxy with TLS in front and set PUBLIC_HTTPS and TRUSTED_HOSTS.")
        return Finding(Check.HTTPS, State.WARNING, sentence, advice)
    values = {"hosts": ", ".join(way.hosts)}
    if way.is_open_to_all:
        sentence = N_("Other machines may reach casework past the proxy, and write any address there.")
        advice = N_("Set HOST to 127.0.0.1, or let the firewall pass nobody but the proxy.")
        return Finding(Check.HTTPS, State.WARNING, sentence, advice)
    return Finding(Check.HTTPS, State.FINE, N_("People come by TLS alone, to %(hosts)s."), values=values)


def check_certificate(way: WayIn, certificate: Certificate | None, now: datetime) -> Finding:
    """Whether browsers take the certificate, and for how long."""
    if not way.is_https:
        return unknown(Check.CERTIFICATE, N_("There is none to look at."))
    if certificate is None:
        return unknown(
            Check.CERTIFICATE, N_("No proxy answers on this machine, so it could not be looked at.")
        )
    advice = N_("Look at what the proxy writes (journalctl -u caddy); it renews the certificate by itself.")
    if certificate.fault or certificate.ends_at is None:
        sentence = N_("Browsers would refuse the certificate.")
        return Finding(Check.CERTIFICATE, State.WRONG, sentence, advice, where=(certificate.fault,))
    sentence, values = N_("The certificate is good until %(day)s."), {"day": certificate.ends_at.date()}
    left = certificate.ends_at - now
    if left < _SOON:
        state = State.WRONG if left < _AT_ONCE else State.WARNING
        return Finding(Check.CERTIFICATE, state, sentence, advice, values)
    return Finding(Check.CERTIFICATE, State.FINE, sentence, values=values)


def check_host_key(key: HostKeyFile) -> Finding:
    """Whether the outside half of the host key lies apart from what it protects, for this account alone."""
    move = N_("Make it a systemd credential, or name a file on another disk with HOST_KEY_FILE.")
    judged = {
        KeyPlace.CREDENTIAL: (State.FINE, N_("The host key is a credential of the system."), ""),
        KeyPlace.ELSEWHERE: (State.FINE, N_("The host key lies on another disk than the database."), ""),
        KeyPlace.SAME_DISK: (
            State.WARNING,
            N_("The host key lies on the disk of the database: who takes that disk has both."),
            move,
        ),
        KeyPlace.DATA_FOLDER: (
            State.WARNING,
            N_("The host key lies beside the database: who takes that folder has both."),
            move,
        ),
        KeyPlace.BACKUP_FOLDER: (
            State.WRONG,
            N_("The host key lies with the backups, which leave this machine."),
            move,
        ),
    }
    state, sentence, advice = judged[key.place]
    if not key.is_there:
        sentence = N_("A half of the host key is missing: nobody can sign in.")
        advice = N_("Put it back, or recover with the recovery shares: docs/recovery.md.")
        return Finding(Check.HOST_KEY, State.WRONG, sentence, advice, where=(key.path,))
    if key.is_open_to_others:
        sentence = N_("Other accounts of this machine may read the host key.")
        return Finding(
            Check.HOST_KEY, State.WRONG, sentence, N_("Give it mode 600 (chmod 600)."), where=(key.path,)
        )
    return Finding(Check.HOST_KEY, state, sentence, advice, where=(key.path,) if advice else ())


def check_permissions(found: Permissions) -> Finding:
    """Whether the files are this account's alone."""
    if found.exposed:
        sentence = N_("Files or folders that other accounts may open: %(count)s.")
        advice = N_(
            "make doctor names them. Take the rights away (chmod -R go-rwx), and find out who gave them."
        )
        values = {"count": len(found.exposed)}
        return Finding(Check.PERMISSIONS, State.WRONG, sentence, advice, values, found.exposed)
    if found.is_cut:
        return unknown(
            Check.PERMISSIONS, N_("There are too many files to look at each; those seen are closed.")
        )
    return Finding(Check.PERMISSIONS, State.FINE, N_("The data and the backups are this account’s alone."))
