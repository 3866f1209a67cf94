"""Starts casework: `make run`, or `python run.py --help`; also what `flask --app run …` loads."""

import argparse
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click
from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger

from casework import eventlog, memory, metricserver
from casework.app import create_app as build_app
from casework.app import keep_metered, keep_swept, keep_watched, prepare
from casework.cli import make_bare
from casework.config import Settings, load_settings
from casework.errors import ConfigError
from casework.eventlog import Event, JsonLines, place_of
from casework.process import keep_memory_private
from casework.recycling import STOP_SECONDS, count_down, keep_one_leaving
from casework.server import CONNECTIONS, PatientWorker
from casework.services.doctor.texts import list_uncompiled
from casework.services.moving import refuse_half_moved
from casework.services.restoring import refuse_half_restored
from casework.web.language import SCREEN_LANGUAGES

MEMORY = Path("/dev/shm")  # noqa: S108 (holds only gunicorn's empty heartbeat file)


NEED_DATA = {
    "backup",
    "doctor",
    "drill",
    "import-incidents",
    "move-attachments",
    "move-database",
    "recover",
    "verify",
    "verify-audit",
    "verify-release",
}
"""Commands on an organization that exists."""
NEED_NO_SESSIONS = {"backup", "doctor", "move-attachments", "move-database"}
"""Commands that go on while the Redis of several hosts is away."""


class Refused(click.ClickException):
    """A wrong setting, told to whoever types `flask --app run …`."""

    exit_code = 2


def create_app() -> Flask:
    """The application for `flask --app run …`; a wrong setting is one sentence there too."""
    os.umask(0o077)  # before any file is made: what a command writes is its owner's alone
    keep_memory_private()
    bare = make_bare(sys.argv)
    if bare is not None:
        return bare
    try:
        if NEED_DATA.intersection(sys.argv):
            _require_data(load_settings())
        app = build_app(may_be_closed=True, needs_sessions=NEED_NO_SESSIONS.isdisjoint(sys.argv))
        with app.app_context():
            refuse_half_moved()
            if "restore" not in sys.argv:
                refuse_half_restored()
        return app
    except ConfigError as error:
        raise Refused(str(error)) from error


def _require_data(settings: Settings) -> None:
    """Refuse a command in a place where nothing is: it would make an empty instance beside the real one."""
    if not settings.instance_path.is_dir():
        raise ConfigError("INSTANCE_PATH", f"there is no data folder {settings.instance_path}")


def __getattr__(name: str) -> Flask:
    """`run.app`, built when somebody asks for it: importing this file must not read settings."""
    if name == "app":
        return create_app()
    raise AttributeError(name)


def main(arguments: Sequence[str] | None = None) -> int:
    """Start the server; 0 once it is stopped, 2 for a wrong setting, 1 for an address that cannot be had."""
    os.umask(0o077)
    keep_memory_private()
    try:
        settings = load_settings(overrides=_overrides(arguments))
    except ConfigError as error:
        return _refuse(error)
    eventlog.configure(settings.log_format)
    _warn_of_uncompiled()
    if settings.debug:
        if settings.metrics_port:
            print("METRICS_PORT is left out: nothing is measured with DEBUG.", file=sys.stderr)
        return _debug(settings)
    status = _in_a_process_of_its_own(lambda: _prepare(settings))
    if status != 0:
        return status
    try:
        listener = _listen(settings)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else str(error)
        print(f"casework cannot start. {_address(settings)}: {why}. Try PORT=8001", file=sys.stderr)
        return 1
    return _serve(settings, listener)


def _serve(settings: Settings, listener: socket.socket) -> int:
    metrics = None
    if settings.metrics_port:
        try:
            metrics_listener = metricserver.listen(settings.metrics_port)
            folder = metricserver.prepare(settings)
        except ConfigError as error:
            return _refuse(error)
        except OSError as error:
            why = os.strerror(error.errno) if error.errno else str(error)
            return _refuse(ConfigError("METRICS_PORT", f"127.0.0.1:{settings.metrics_port}: {why}"))
        metrics = metricserver.start(metrics_listener, folder), folder
    Server(settings, listener, metrics).run()
    return 0


def _refuse(error: ConfigError) -> int:
    print(f"casework cannot start. {error}", file=sys.stderr)
    return 2


def _warn_of_uncompiled() -> None:
    """Say which languages would be half there: `make run` compiles their texts, this file alone does not."""
    languages = ", ".join(SCREEN_LANGUAGES[code] for code in list_uncompiled())
    if languages:
        print(f"Partly in English until `make install` compiles their texts: {languages}", file=sys.stderr)


def _debug(settings: Settings) -> int:
    try:
        app = build_app(settings)
        prepare(app)
    except ConfigError as error:
        return _refuse(error)
    keep_swept(app)
    keep_watched(app, lambda: None)
    app.run(settings.host, settings.port, debug=True)
    return 0


def _prepare(settings: Settings) -> int:
    try:
        prepare(build_app(settings))
    except ConfigError as error:
        return _refuse(error)
    memory.sweep(memory.find_base())
    return 0


def _in_a_process_of_its_own(deed: Callable[[], int]) -> int:
    """Do it and return its status: the process that only starts workers never holds a key."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    status = 1
    try:
        status = deed()
    except Exception:
        sys.excepthook(*sys.exc_info())  # eventlog's, where LOG_FORMAT asks for it
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


class DiscreetLogger(Logger):  # type: ignore[misc] # gunicorn has no types
    """Logs no address, query or message of a failed request: each may hold what a record says."""

    def exception(self, msg: str, *args: object, **kwargs: object) -> None:
        """The kind of error and the place in the code, and nothing that came with the request."""
        kind, _, trace = sys.exc_info()
        error, place = kind.__name__ if kind else "error", place_of(trace)
        extra = {"event": Event.REQUEST_FAILED, "fields": {"error": error, "place": place}}
        self.error_log.error("A request failed: %s in %s", error, place, extra=extra)

    def setup(self, cfg: Any) -> None:
        """As gunicorn does, and as LOG_FORMAT says."""
        super().setup(cfg)
        if any(isinstance(each.formatter, JsonLines) for each in logging.getLogger().handlers):
            for handler in self.error_log.handlers:
                handler.setFormatter(JsonLines())


class Server(BaseApplication):  # type: ignore[misc] # gunicorn has no types
    """One gunicorn worker with threads; a second would need PostgreSQL and its own measure of memory."""

    def __init__(
        self, settings: Settings, listener: socket.socket, metrics: tuple[int, Path] | None = None
    ) -> None:
        self.settings = settings
        self.metrics = metrics
        self.listener = listener
        super().__init__()

    def load_config(self) -> None:
        """All options here: neither a gunicorn.conf.py nor the environment changes them."""
        for name, value in self._options().items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The worker's own application: connections must not be carried over a fork."""
        app = build_app(self.settings)
        keep_swept(app)
        keep_metered(app)
        # Answers what it has begun, and makes room for a worker that never held a key.
        keep_watched(app, lambda: os.kill(os.getpid(), signal.SIGTERM))
        return app

    def _options(self) -> dict[str, Any]:
        return {
            "bind": f"fd://{self.listener.detach()}",
            "worker_class": type("Worker", (PatientWorker,), {"most_bytes": self.settings.max_form_bytes}),
            "workers": 1,
            "threads": self.settings.threads,
            # A new process now and then: what the old one's memory still holds of keys goes with it.
            "max_requests": self.settings.worker_requests,
            "max_requests_jitter": self.settings.worker_requests // 10,
            "worker_connections": CONNECTIONS,
            # The worker keeps to its own time; this is for one that does not.
            "graceful_timeout": int(STOP_SECONDS) + 5,
            "umask": 0o077,
            "accesslog": None,
            "loglevel": "error",  # its warnings quote requests
            "logger_class": DiscreetLogger,
            "control_socket_disable": True,
            "worker_tmp_dir": str(MEMORY) if MEMORY.is_dir() else None,
            "forwarded_allow_ips": "*" if self.settings.public_https else "",  # web/clients.py reads who asks
            "forwarder_headers": "",
            "pre_fork": keep_one_leaving,
            "child_exit": _bury,
            "post_fork": lambda _server, _worker: keep_memory_private(),
            "post_worker_init": self._say_ready,
            "on_exit": self._leave,
        }

    def _leave(self, _server: Any) -> None:
        """What a demonstration had in memory goes with it; a real instance signs nobody out by a restart."""
        if self.metrics:
            metricserver.stop(*self.metrics)
        if self.settings.demonstration and self.settings.volatile_folder:
            memory.remove(self.settings.volatile_folder, self.settings.instance_path)

    def _say_ready(self, worker: Any) -> None:
        if worker.age == 1:
            print(f"casework is running at {_address(self.settings)}  (Ctrl+C stops it)", flush=True)


def _bury(arbiter: Any, worker: Any) -> None:
    count_down(arbiter, worker)
    metricserver.forget_process(worker.pid)


def _overrides(arguments: Sequence[str] | None) -> dict[str, object]:
    parser = argparse.ArgumentParser(description="Start casework on this machine.")
    parser.add_argument("--demo", action="store_true", help="a fictional organisation, in instance-demo")
    parser.add_argument("--port", help="TCP port (8000)")
    parser.add_argument("--instance", help="the data folder (instance)")
    given = parser.parse_args(arguments)
    chosen = {"PORT": given.port, "INSTANCE_PATH": given.instance, "DEMONSTRATION": given.demo or None}
    return {name: value for name, value in chosen.items() if value is not None}


def _listen(settings: Settings) -> socket.socket:
    """Bound before the server starts, so that a port in use is told once and at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    return socket.create_server((settings.host, settings.port), family=family, backlog=256)


def _address(settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    return f"http://{host}:{settings.port}"


if __name__ == "__main__":
    sys.exit(main())
