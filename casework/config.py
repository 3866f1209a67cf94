"""Settings: read from config.py and the environment; a wrong one stops start-up and is named."""

import os
import re
import runpy
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from casework import memory
from casework.addresses import is_loopback, read_attachments, read_database, read_text, read_volatile
from casework.domain.languages import LANGUAGES
from casework.errors import ConfigError
from casework.eventlog import FORMATS, TEXT
from casework.services.backups.elsewhere import check_place

PREFIX = "CASEWORK_"
NOT_SETTINGS = frozenset({"CASEWORK_CONFIG", "CASEWORK_DATA"})  # where config.py is; the tests' real files
OWN_FOLDER = (
    "INSTANCE_PATH DATABASE_URL VOLATILE_URL HOST_KEY_FILE BACKUP_FOLDER BACKUP_COPY_TO ATTACHMENTS_URL"
    " ATTACHMENTS_KEY_FILE"
).split()
CREDENTIALS = {
    "HOST_KEY_FILE": "casework-host-key",
    "ATTACHMENTS_KEY_FILE": "casework-attachments-key",
}
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")
TRUE, FALSE = {"1", "true", "yes", "on"}, {"0", "false", "no", "off"}
LOCAL_ONLY = "without PUBLIC_HTTPS casework answers only on this machine: take 127.0.0.1, ::1 or localhost"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Every setting, checked; config.example.py says what each means."""

    instance_path: Path
    database_url: str = field(repr=False)  # may hold a password
    volatile_url: str = field(repr=False)  # so may this
    host: str
    port: int
    public_https: bool
    trusted_hosts: tuple[str, ...]
    host_key_file: Path
    attachments_url: str
    attachments_key_file: Path
    backup_folder: Path
    backup_copy_to: str
    backup_keep_days: int
    threads: int
    worker_requests: int
    debug: bool
    log_format: str
    metrics_port: int
    demonstration: bool
    default_language: str
    timezone: ZoneInfo
    idle_minutes: int
    session_hours: int
    draft_hours: int
    suppression_threshold: int
    audit_months: int
    bin_days: int
    max_form_bytes: int
    max_file_bytes: int

    @property
    def volatile_folder(self) -> Path | None:
        """The folder of the volatile store, and of nothing else; a Redis has none."""
        url = self.volatile_url
        return Path(urlsplit(url).path[1:]).parent if url.startswith("sqlite:") else None


def load_settings(
    environ: Mapping[str, str] = os.environ,
    config_file: Path | None = None,
    overrides: Mapping[str, object] | None = None,
) -> Settings:
    """Settings from config.py, then the environment, then `overrides` (a command line's): the last wins.

    config.py is `config_file`, else what CASEWORK_CONFIG names (empty: none), else ./config.py if present.
    Raises ConfigError for an unknown name and for every wrong value.
    """
    given = _from_file(_config_path(environ, config_file)) | _from_environment(environ)
    own = dict(overrides or {})
    values = _read_all(given | own)
    if values["DEMONSTRATION"]:  # never beside real data: only a command line can move it
        given = {name: value for name, value in given.items() if name not in OWN_FOLDER}
        values = _read_all({"INSTANCE_PATH": "instance-demo"} | given | own)
    settings = Settings(**{name.lower(): value for name, value in values.items()})
    _check_together(settings)
    return settings


def make_folders(settings: Settings) -> None:
    """Make the folders of the data and of the volatile store, for this account alone.

    Raises ConfigError where one exists that others own or can open: in a shared folder somebody may have
    laid it there.
    """
    folders = {"INSTANCE_PATH": settings.instance_path, "VOLATILE_URL": settings.volatile_folder}
    for name, folder in folders.items():
        if folder is None:
            continue
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = folder.lstat()
        except OSError as error:
            raise ConfigError(name, f"the folder {folder} cannot be made ({error.strerror})") from error
        if found.st_uid != os.getuid() or found.st_mode & 0o077 or folder.is_symlink():
            raise ConfigError(name, f"others may open {folder}: it must be yours alone (chmod 700)")
    if settings.volatile_folder:
        memory.note_owner(settings.volatile_folder, settings.instance_path)


def _config_path(environ: Mapping[str, str], config_file: Path | None) -> Path | None:
    if config_file is None and "CASEWORK_CONFIG" in environ:
        config_file = Path(environ["CASEWORK_CONFIG"]) if environ["CASEWORK_CONFIG"] else None
    elif config_file is None:
        config_file = Path("config.py") if Path("config.py").is_file() else None
    if config_file is not None and not config_file.is_file():
        raise ConfigError("CASEWORK_CONFIG", f"there is no file {config_file}")
    return config_file


def _from_file(path: Path | None) -> dict[str, object]:
    if path is None:
        return {}
    try:
        names = runpy.run_path(str(path))
    except Exception as error:
        raise ConfigError("CASEWORK_CONFIG", f"{path} cannot be run ({type(error).__name__})") from error
    return _known({name: value for name, value in names.items() if name.isupper()}, "")


def _from_environment(environ: Mapping[str, str]) -> dict[str, object]:
    ours = {name: environ[name] for name in environ if name.startswith(PREFIX) and name not in NOT_SETTINGS}
    folder = environ.get("CREDENTIALS_DIRECTORY", "/nonexistent")  # systemd's
    keys = {name: Path(folder, credential) for name, credential in CREDENTIALS.items()}
    return {name: file for name, file in keys.items() if file.is_file()} | _known(ours, PREFIX)


def _known(given: Mapping[str, object], prefix: str) -> dict[str, object]:
    for name in given:
        if name.removeprefix(prefix) not in RULES:
            raise ConfigError(name, "there is no such setting; config.example.py lists them all")
    return {name.removeprefix(prefix): value for name, value in given.items()}


def _read_all(given: Mapping[str, object]) -> dict[str, Any]:
    """Each setting's checked value; defaults may stand on the values before them in RULES."""
    values: dict[str, Any] = {}
    for name, (read, default) in RULES.items():
        value = given[name] if name in given else default(values) if callable(default) else default
        try:
            values[name] = read(value)
        except (ValueError, TypeError) as error:
            raise ConfigError(name, str(error)) from error
    return values


def _check_together(settings: Settings) -> None:
    """What no setting can tell by itself."""
    local = is_loopback(settings.host)
    if settings.debug and (settings.public_https or not local):
        raise ConfigError("DEBUG", "a debug server lets whoever reaches it run commands: only on 127.0.0.1")
    if not settings.public_https and not local:
        raise ConfigError("HOST", LOCAL_ONLY)
    if not settings.trusted_hosts:
        raise ConfigError("TRUSTED_HOSTS", "with PUBLIC_HTTPS it names the hosts that people type")


def _whole(low: int, high: int) -> Callable[[object], int]:
    def read(value: object) -> int:
        if isinstance(value, str) and re.fullmatch(r"[0-9]{1,12}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise ValueError(f"must be a whole number from {low} to {high}")
        return value

    return read


def _flag(value: object) -> bool:
    if isinstance(value, str) and value.lower() in TRUE | FALSE:
        value = value.lower() in TRUE
    if not isinstance(value, bool):
        raise ValueError("must be true or false")
    return value


def _path(value: object) -> Path:
    text = str(value) if isinstance(value, Path) else read_text(value)
    return Path(text).expanduser().absolute()


def _address(value: object) -> str:
    host = read_text(value).removeprefix("[").removesuffix("]")
    if host != "localhost":
        try:
            ip_address(host)
        except ValueError:
            raise ValueError("must be an IP address or localhost") from None
    return host


def _hosts(value: object) -> tuple[str, ...]:
    names = value.split(",") if isinstance(value, str) else value
    if not isinstance(names, (tuple, list)):
        raise ValueError("must be a list of host names")
    hosts = tuple(read_text(name) for name in names if name != "")
    for host in hosts:
        if not re.fullmatch(r"\.?[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*|\[[0-9a-fA-F:.]+\]", host):
            raise ValueError("must be host names without scheme or port, such as casework.example.org")
    return hosts


def _one_of(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError(f"must be one of {', '.join(choices)}")
        return str(value)

    return read


def _zone(value: object) -> ZoneInfo:
    try:
        return ZoneInfo(read_text(value))
    except (KeyError, OSError, ValueError):
        raise ValueError("must be a time zone such as America/Toronto") from None


def _database_default(values: Mapping[str, Any]) -> str:
    return f"sqlite:///{values['INSTANCE_PATH']}/casework.sqlite"


def _volatile_default(values: Mapping[str, Any]) -> str:
    """In memory where the system has a folder for it, so that no session outlives the power."""
    return f"sqlite:///{memory.find_base()}/{memory.name_folder(values['INSTANCE_PATH'])}/volatile.sqlite"


Reader = Callable[[object], Any]
RULES: Mapping[str, tuple[Reader, Any]] = {
    "DEMONSTRATION": (_flag, False),
    "INSTANCE_PATH": (_path, "instance"),
    "DATABASE_URL": (read_database, _database_default),
    "VOLATILE_URL": (read_volatile, _volatile_default),
    "HOST_KEY_FILE": (_path, lambda values: Path(values["INSTANCE_PATH"], "host.key")),
    "ATTACHMENTS_URL": (read_attachments, ""),
    "ATTACHMENTS_KEY_FILE": (_path, lambda values: Path(values["INSTANCE_PATH"], "attachments.key")),
    "BACKUP_FOLDER": (_path, lambda values: Path(values["INSTANCE_PATH"], "backups")),
    "BACKUP_COPY_TO": (check_place, ""),
    "BACKUP_KEEP_DAYS": (_whole(1, 3650), 90),
    "PUBLIC_HTTPS": (_flag, False),
    "TRUSTED_HOSTS": (_hosts, lambda values: () if values["PUBLIC_HTTPS"] else LOOPBACK_NAMES),
    "HOST": (_address, "127.0.0.1"),
    "PORT": (_whole(1, 65535), 8000),
    "THREADS": (_whole(1, 64), 8),
    "WORKER_REQUESTS": (_whole(10, 10_000_000), 10_000),
    "DEBUG": (_flag, False),
    "LOG_FORMAT": (_one_of(*FORMATS), TEXT),
    "METRICS_PORT": (_whole(0, 65535), 0),
    "DEFAULT_LANGUAGE": (_one_of(*LANGUAGES), "en"),
    "TIMEZONE": (_zone, "America/Toronto"),
    "IDLE_MINUTES": (_whole(1, 120), 20),
    "SESSION_HOURS": (_whole(1, 24), 10),
    "DRAFT_HOURS": (_whole(1, 168), 24),
    "SUPPRESSION_THRESHOLD": (_whole(5, 100), 5),
    "AUDIT_MONTHS": (_whole(3, 120), 24),
    "BIN_DAYS": (_whole(1, 365), 30),
    "MAX_FORM_BYTES": (_whole(64 * 1024, 64 * 1024 * 1024), 1024 * 1024),
    "MAX_FILE_BYTES": (_whole(1024 * 1024, 2 * 1024**3), 200_000_000),
}
