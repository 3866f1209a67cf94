"""Settings: where they come from, what is refused, and that config.example.py tells all of them."""

import dataclasses
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import click
import pytest

from casework.app import refuse_exposed_debug
from casework.config import RULES, Settings, load_settings, make_folders
from casework.errors import ConfigError

EXAMPLE = Path(__file__).parent.parent / "config.example.py"
# Their default is no literal.
ON_OTHERS = (
    "DATABASE_URL",
    "VOLATILE_URL",
    "HOST_KEY_FILE",
    "ATTACHMENTS_URL",
    "ATTACHMENTS_KEY_FILE",
    "BACKUP_FOLDER",
    "BACKUP_COPY_TO",
    "TRUSTED_HOSTS",
)
WRONG = [
    ("INSTANCE_PATH", " "),
    ("DATABASE_URL", "mysql://casework@localhost/casework"),
    ("ATTACHMENTS_URL", "https://s3.example.org/bucket"),
    ("ATTACHMENTS_KEY_FILE", 7),
    ("ATTACHMENTS_URL", "s3://bucket?endpoint=http://s3.example.org"),
    ("DATABASE_URL", "postgresql://casework@localhost/casework"),
    ("DATABASE_URL", "postgresql+psycopg://casework@localhost"),
    ("DATABASE_URL", "sqlite://"),
    ("DATABASE_URL", "sqlite:///relative.sqlite"),
    ("VOLATILE_URL", "postgresql+psycopg://casework@localhost/volatile"),
    ("VOLATILE_URL", "redis://10.0.0.5:6379/0"),
    ("VOLATILE_URL", "redis://"),
    ("VOLATILE_URL", "redis://:word@10.0.0.5:seven/0"),
    ("VOLATILE_URL", "redis://:word@10.0.0.5:0/0"),
    ("VOLATILE_URL", "rediss://:word@redis.internal/0?ssl_cert_reqs=none"),
    ("VOLATILE_URL", "unix://"),
    ("VOLATILE_URL", "sqlite:///:memory:"),
    ("BACKUP_COPY_TO", "/srv/backups"),
    ("BACKUP_COPY_TO", "ftp:somewhere"),
    ("BACKUP_COPY_TO", "rsync:--rsh=sh"),
    ("BACKUP_COPY_TO", "rsync:a b"),
    ("HOST", "example.org"),
    ("HOST", "0.0.0.0"),  # noqa: S104 (refused: nothing is bound)
    ("HOST", "192.0.2.7"),
    ("PORT", "0"),
    ("PORT", "65536"),
    ("PORT", "eighty"),
    ("PORT", "-1"),
    ("PUBLIC_HTTPS", "maybe"),
    ("TRUSTED_HOSTS", "https://casework.example.org"),
    ("TRUSTED_HOSTS", ""),
    ("TRUSTED_HOSTS", "casework.example.org:443"),
    ("HOST_KEY_FILE", ""),
    ("BACKUP_FOLDER", ""),
    ("BACKUP_KEEP_DAYS", "0"),
    ("BACKUP_KEEP_DAYS", "3651"),
    ("THREADS", "0"),
    ("THREADS", "65"),
    ("WORKER_REQUESTS", "9"),
    ("DEBUG", "2"),
    ("DEMONSTRATION", ""),
    ("LOG_FORMAT", "xml"),
    ("METRICS_PORT", "65536"),
    ("DEFAULT_LANGUAGE", "de"),
    ("TIMEZONE", "Toronto"),
    ("TIMEZONE", "../etc/passwd"),
    ("IDLE_MINUTES", "0"),
    ("IDLE_MINUTES", "121"),
    ("SESSION_HOURS", "0"),
    ("SESSION_HOURS", "25"),
    ("DRAFT_HOURS", "0"),
    ("DRAFT_HOURS", "169"),
    ("AUDIT_MONTHS", "2"),
    ("AUDIT_MONTHS", "121"),
    ("SUPPRESSION_THRESHOLD", "4"),
    ("BIN_DAYS", "0"),
    ("BIN_DAYS", "366"),
    ("SUPPRESSION_THRESHOLD", "5.5"),
    ("MAX_FILE_BYTES", "1"),
    ("MAX_FORM_BYTES", "1"),
]


@pytest.fixture(autouse=True)
def _in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_defaults_serve_this_machine_only(tmp_path: Path) -> None:
    """Without any setting casework keeps its data in ./instance and answers on loopback."""
    settings = load_settings({})
    assert settings.instance_path == tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/casework.sqlite"
    assert settings.host_key_file == tmp_path / "instance" / "host.key"
    assert (settings.host, settings.port, settings.public_https) == ("127.0.0.1", 8000, False)
    assert settings.trusted_hosts == ("127.0.0.1", "localhost", "[::1]")
    assert settings.suppression_threshold == 5


def test_sessions_lie_in_memory_and_apart_for_each_instance() -> None:
    """Two instances never share a volatile store, and neither has it among the data."""
    one, other = (load_settings({}, overrides={"INSTANCE_PATH": name}).volatile_url for name in ("a", "b"))
    assert one != other
    assert "/a/" not in one
    assert one.startswith("sqlite:////dev/shm/casework-") or not Path("/dev/shm").is_dir()


def test_the_command_line_beats_the_environment_beats_the_file(tmp_path: Path) -> None:
    """Of three values for one setting the nearest to the person counts."""
    file = tmp_path / "config.py"
    file.write_text("PORT = 8001\nTHREADS = 2\nIDLE_MINUTES = 5\n")
    environ = {"CASEWORK_PORT": "8002", "CASEWORK_THREADS": "3", "PATH": "/bin"}
    settings = load_settings(environ, file, {"PORT": "8003"})
    assert (settings.port, settings.threads, settings.idle_minutes) == (8003, 3, 5)


def test_config_py_is_found_here_or_where_casework_config_says(tmp_path: Path) -> None:
    """./config.py is read unless CASEWORK_CONFIG names another file, or none by being empty."""
    (tmp_path / "config.py").write_text("PORT = 8001\n")
    (tmp_path / "other.py").write_text("PORT = 8002\n")
    assert load_settings({}).port == 8001
    assert load_settings({"CASEWORK_CONFIG": "other.py"}).port == 8002
    assert load_settings({"CASEWORK_CONFIG": ""}).port == 8000


@pytest.mark.parametrize("text", [None, "PORT = \n", "raise RuntimeError\n"])
def test_a_config_file_that_cannot_be_read_stops_start_up(tmp_path: Path, text: str | None) -> None:
    """A missing or broken file is named, never passed over."""
    if text is not None:
        (tmp_path / "mine.py").write_text(text)
    with pytest.raises(ConfigError) as refused:
        load_settings({"CASEWORK_CONFIG": "mine.py"})
    assert refused.value.setting == "CASEWORK_CONFIG"


@pytest.mark.parametrize(("name", "value"), WRONG)
def test_a_wrong_value_stops_start_up_and_names_itself(name: str, value: str) -> None:
    """Each setting has values that it refuses, by its own name."""
    with pytest.raises(ConfigError) as refused:
        load_settings({f"CASEWORK_{name}": value})
    assert refused.value.setting == name


def test_every_setting_has_a_value_that_it_refuses() -> None:
    """The table of wrong values above forgets none."""
    assert {name for name, _ in WRONG} == set(RULES)


def test_an_unknown_name_is_refused(tmp_path: Path) -> None:
    """A misspelt setting would otherwise be a setting silently not made."""
    with pytest.raises(ConfigError, match="CASEWORK_PROT"):
        load_settings({"CASEWORK_PROT": "8001"})
    (tmp_path / "config.py").write_text("IDLE_MINUTE = 5\n")
    with pytest.raises(ConfigError, match="IDLE_MINUTE"):
        load_settings({})


def test_a_password_appears_in_no_message() -> None:
    """DATABASE_URL may hold one: neither a refusal nor the settings' own text repeats it."""
    address = "postgresql+psycopg://casework:hunter2@localhost/casework"
    assert "hunter2" not in repr(load_settings({"CASEWORK_DATABASE_URL": address}))
    with pytest.raises(ConfigError) as refused:
        load_settings({"CASEWORK_DATABASE_URL": address.replace("+psycopg", "")})
    assert "hunter2" not in str(refused.value)


def test_behind_tls_other_addresses_may_be_bound() -> None:
    """PUBLIC_HTTPS with the hosts that people type lifts the tie to loopback."""
    environ = {"CASEWORK_PUBLIC_HTTPS": "yes", "CASEWORK_HOST": "192.0.2.7"}
    with pytest.raises(ConfigError, match="TRUSTED_HOSTS"):
        load_settings(environ)
    settings = load_settings(environ | {"CASEWORK_TRUSTED_HOSTS": "casework.example.org,.example.net"})
    assert settings.trusted_hosts == ("casework.example.org", ".example.net")


def test_debug_never_goes_public() -> None:
    """The debug server lets whoever reaches it run commands, through a proxy as well."""
    public = {"CASEWORK_PUBLIC_HTTPS": "1", "CASEWORK_TRUSTED_HOSTS": "casework.example.org"}
    with pytest.raises(ConfigError, match="DEBUG"):
        load_settings({"CASEWORK_DEBUG": "1"} | public)
    assert load_settings({"CASEWORK_DEBUG": "1"}).debug


def test_the_demonstration_never_meets_real_data(tmp_path: Path) -> None:
    """Whatever file and environment say of real data, the demonstration reads and writes its own folder."""
    credential = tmp_path / "casework-host-key"
    credential.write_bytes(bytes(32))
    environ = {
        "CASEWORK_DATABASE_URL": "postgresql+psycopg://casework@localhost/casework",
        "CASEWORK_INSTANCE_PATH": "/srv/casework",
        "CASEWORK_HOST_KEY_FILE": "/etc/casework/host.key",
        "CASEWORK_BACKUP_FOLDER": "/srv/backups/casework",
        "CASEWORK_VOLATILE_URL": "sqlite:////dev/shm/casework/volatile.sqlite",
        "CASEWORK_ATTACHMENTS_URL": "s3://bucket/casework",
        "CREDENTIALS_DIRECTORY": str(tmp_path),
    }
    real = load_settings(environ)
    demo = load_settings(environ, overrides={"DEMONSTRATION": True})
    assert demo.instance_path == tmp_path / "instance-demo"
    assert demo.database_url == f"sqlite:///{tmp_path}/instance-demo/casework.sqlite"
    assert demo.host_key_file == tmp_path / "instance-demo" / "host.key"
    assert demo.backup_folder == tmp_path / "instance-demo" / "backups"
    assert demo.volatile_url != real.volatile_url
    assert (real.attachments_url, demo.attachments_url) == ("s3://bucket/casework", "")
    elsewhere = load_settings(environ, overrides={"DEMONSTRATION": True, "INSTANCE_PATH": "tried"})
    assert elsewhere.instance_path == tmp_path / "tried"


def test_the_host_key_can_be_a_systemd_credential(tmp_path: Path) -> None:
    """Where systemd hands over casework-host-key, it is the host key unless the environment names another."""
    (tmp_path / "casework-host-key").write_bytes(bytes(32))
    environ = {"CREDENTIALS_DIRECTORY": str(tmp_path)}
    assert load_settings(environ).host_key_file == tmp_path / "casework-host-key"
    assert load_settings(environ | {"CASEWORK_HOST_KEY_FILE": "/k"}).host_key_file == Path("/k")
    (tmp_path / "casework-attachments-key").write_text("id\nsecret\n")
    assert load_settings(environ).attachments_key_file == tmp_path / "casework-attachments-key"


@pytest.mark.parametrize(
    ("host", "debug", "named"),
    [
        ("127.0.0.1", True, None),
        ("::1", False, None),
        ("192.0.2.7", True, "DEBUG"),
        ("192.0.2.7", False, "HOST"),
    ],
)
def test_flask_run_opens_nothing_to_others(
    monkeypatch: pytest.MonkeyPatch, host: str, debug: bool, named: str | None
) -> None:
    """`flask run --host` keeps to the rules that HOST and DEBUG keep to."""
    monkeypatch.setenv("FLASK_DEBUG", "1" if debug else "0")
    with click.Context(click.Command("run"), info_name="run") as context:
        context.params = {"host": host}
        if named is None:
            refuse_exposed_debug(load_settings({}))
            return
        with pytest.raises(ConfigError) as refused:
            refuse_exposed_debug(load_settings({}))
    assert refused.value.setting == named


def test_folders_are_for_this_account_alone(tmp_path: Path) -> None:
    """The data folder and the volatile store's are made with mode 700."""
    settings = _in(tmp_path)
    make_folders(settings)
    make_folders(settings)
    assert [(tmp_path / name).stat().st_mode & 0o777 for name in ("data", "memory")] == [0o700, 0o700]


def test_a_folder_that_others_can_open_is_refused(tmp_path: Path) -> None:
    """One who laid the folder there first, or a link to it, gets nothing written into it."""
    (tmp_path / "data").mkdir(mode=0o700)
    (tmp_path / "theirs").mkdir(mode=0o700)
    (tmp_path / "memory").symlink_to(tmp_path / "theirs")
    with pytest.raises(ConfigError, match="VOLATILE_URL"):
        make_folders(_in(tmp_path))
    (tmp_path / "data").chmod(0o750)
    with pytest.raises(ConfigError, match="INSTANCE_PATH"):
        make_folders(_in(tmp_path))


def test_the_example_lists_every_setting_with_its_default(tmp_path: Path) -> None:
    """config.example.py and Settings name the same settings, and the example's values are the defaults."""
    listed = re.findall(r"^# ([A-Z_]+) = (.+)$", EXAMPLE.read_text(), re.MULTILINE)
    fields = [field.name.upper() for field in dataclasses.fields(Settings)]
    assert sorted(name for name, _ in listed) == sorted(fields) == sorted(RULES)
    uncommented = tmp_path / "all.py"
    uncommented.write_text("\n".join(f"{name} = {value}" for name, value in listed))
    given, default = load_settings({}, uncommented), load_settings({})
    differing = [name for name in fields if getattr(given, name.lower()) != getattr(default, name.lower())]
    assert sorted(differing) == sorted(ON_OTHERS)
    assert isinstance(given.timezone, ZoneInfo)


def _in(folder: Path) -> Settings:
    volatile = f"sqlite:///{folder}/memory/volatile.sqlite"
    return load_settings({}, overrides={"INSTANCE_PATH": folder / "data", "VOLATILE_URL": volatile})
