"""The only wiring: settings in, a Flask application out."""

import logging
import os
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import click
from flask import Flask, Request
from flask.helpers import get_debug_flag
from flask_migrate import Migrate, upgrade
from sqlalchemy.pool import Pool, QueuePool
from werkzeug.exceptions import UnsupportedMediaType

from casework import cli
from casework.addresses import is_loopback
from casework.config import LOCAL_ONLY, Settings, load_settings, make_folders
from casework.demonstration import Switchboard
from casework.errors import ConfigError
from casework.eventlog import Event, record
from casework.metering import PUBLISH_SECONDS, Meter
from casework.sealwatch import SealWatch
from casework.services.attachments.places import open_place, sweep_at_start
from casework.services.attachments.sweeping import sweep_files
from casework.services.demonstration import fill_demonstration
from casework.services.doctor.gathering import Surroundings
from casework.services.doctor.system import process_memory_bytes
from casework.services.instance import (
    is_sealed_at_start,
    load_form_key,
    load_host_key,
    stand_in_host_key,
)
from casework.services.moving import refuse_half_moved
from casework.services.restoring import refuse_half_restored
from casework.services.runtime import Limits, Runtime
from casework.services.signing_in.sessions import sweep
from casework.services.works import work_through
from casework.store import tables, volatilestore
from casework.store.database import connection_options, db, one_at_a_time
from casework.web.bounds import is_list
from casework.web.uploading import is_upload
from casework.web.wiring import init_app as init_web

_PACKAGE = Path(__file__).resolve().parent
_SWEEP_SECONDS: float = 60
_WATCH_SECONDS: float = 3
_ASK_SECONDS: float = 1
_FILES_SECONDS: float = 3600


def find_beside(name: str, package: Path = _PACKAGE) -> Path:
    """Where `templates` and `migrations` lie: beside the package in its source, within it in the wheel."""
    inside = package / name
    return inside if inside.is_dir() else package.parent / name


migrate = Migrate(db=db, directory=str(find_beside("migrations")), render_as_batch=True)


class DiscreetRequest(Request):
    """A request whose form never touches a plain temporary file: it stays in memory, and is limited.

    A form that brings files to a case is read by `web/uploading.py` alone.
    """

    @property
    def want_form_data_parsed(self) -> bool:
        """Whether asking for its fields may read the body."""
        return super().want_form_data_parsed and not is_upload()

    def _get_file_stream(self, *_arguments: object, **_named: object) -> BytesIO:
        # web/bounds.py lets through two forms that bring a file, bounded; nothing else is taken in anywhere.
        if is_list(self):
            return BytesIO()
        raise UnsupportedMediaType


def create_app(
    settings: Settings | None = None, may_be_closed: bool = False, needs_sessions: bool = True
) -> Flask:
    """Build the application; raises ConfigError naming the setting that is wrong.

    With `may_be_closed`, one without its host key is built all the same: it answers nothing, and can be
    recovered. Without `needs_sessions` the volatile store is not asked whether it is there: nobody signs in.
    """
    settings = settings or load_settings()
    refuse_exposed_debug(settings)
    make_folders(settings)
    app = Flask(
        "casework", template_folder=str(find_beside("templates")), static_folder=str(_PACKAGE / "static")
    )
    _configure(app, settings)
    db.init_app(app)
    migrate.init_app(app)
    volatilestore.init_app(app, _open_volatile(settings, needs_sessions))
    with app.app_context():
        app.extensions["casework"] = _make_runtime(settings, may_be_closed)
    app.extensions["casework.seal"] = SealWatch(app, lambda: _make_runtime(settings))
    app.extensions["casework.surroundings"] = _look_around(settings)
    init_web(app, settings)
    cli.init_app(app)
    app.extensions["casework.switchboard"] = Switchboard(app, settings, create_app, prepare)
    return app


def refuse_exposed_debug(settings: Settings) -> None:
    """Refuse what `flask run --host` would open to others: only the command knows that host."""
    context = click.get_current_context(silent=True)
    host = context.params.get("host") if context and context.info_name == "run" else None
    if host is None or is_loopback(host):
        return
    if settings.debug or get_debug_flag():
        raise ConfigError("DEBUG", "a debug server lets whoever reaches it run commands: only on 127.0.0.1")
    if not settings.public_https:
        raise ConfigError("HOST", LOCAL_ONLY)


def prepare(app: Flask) -> None:
    """Bring the database to the newest version, and fill it where it is the demonstration's."""
    with app.app_context():
        with one_at_a_time():
            upgrade()
        app.extensions["casework.seal"].finish()
        if not volatilestore.current_store().is_shared:  # else somebody may be sending, to another host
            sweep_at_start(app.extensions["casework"])
        if app.config["DEMONSTRATION"] and not app.extensions["casework"].is_sealed:
            fill_demonstration(app.extensions["casework"])


def keep_swept(app: Flask) -> None:
    """Lock idle sessions and drop idle caches once a minute, and let work in the background begin.

    Once an hour sealed files go that nothing refers to.

    In threads that end with the process.
    """
    background = app.extensions["casework"].background
    background.open(app.app_context, lambda cookie: work_through(app.extensions["casework"], cookie))
    _repeat(app, "Locking idle sessions", lambda: _SWEEP_SECONDS, lambda: sweep(app.extensions["casework"]))
    _repeat(app, "Sweeping files", lambda: _FILES_SECONDS, lambda: sweep_files(app.extensions["casework"]))


def keep_metered(app: Flask) -> None:
    """Publish once a minute what was counted, where METRICS_PORT asks for it."""
    meter: Meter | None = app.extensions["casework.meter"]
    if meter is None:
        return
    background = app.extensions["casework"].background
    meter.sources |= {
        "memory_bytes": process_memory_bytes,
        "open_handles": lambda: len(os.listdir("/proc/self/fd")),
        "background_works": lambda: background.is_busy,
        "database_connections": lambda: _count_used(db.engine.pool),
    }
    _repeat(app, "Publishing metrics", lambda: PUBLISH_SECONDS, meter.publish)


def _count_used(pool: Pool) -> int:
    return pool.checkedout() if isinstance(pool, QueuePool) else 0


def keep_watched(app: Flask, on_change: Callable[[], None]) -> None:
    """Look every few seconds whether the organization was sealed, or opened by a quorum; then drop every key.

    `on_change` is called after that: a process that ends then takes with it what its memory still holds. Who
    cannot look for some seconds opens nothing more, and drops the opened records.
    """

    seal: SealWatch = app.extensions["casework.seal"]

    def watch() -> None:
        seal.look()
        seal.finish()
        if seal.has_happened:
            on_change()

    _repeat(app, "Looking for the seal", lambda: _WATCH_SECONDS, watch)
    # By itself: looking may be what waits.
    _repeat(app, "Forgetting", lambda: _ASK_SECONDS, seal.forget_if_cut_off)


def _repeat(app: Flask, what: str, seconds: Callable[[], float], deed: Callable[[], object]) -> None:
    def run() -> None:
        while not stopped.wait(seconds()):
            with app.app_context():
                try:
                    deed()
                except Exception as error:
                    # A database that is busy for a moment must not end it.
                    record(logging.ERROR, Event.TASK_FAILED, task=what, error=type(error).__name__)
                finally:
                    db.session.rollback()

    stopped = threading.Event()
    threading.Thread(target=run, name=what, daemon=True).start()


def _configure(app: Flask, settings: Settings) -> None:
    app.request_class = DiscreetRequest
    app.config.update(
        DEMONSTRATION=settings.demonstration,
        ATTACHMENTS_KEY_FILE=settings.attachments_key_file,
        SECRET_KEY=load_form_key(settings.instance_path / "form.key"),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=connection_options(settings.database_url),
        MAX_CONTENT_LENGTH=settings.max_form_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_form_bytes,
        MAX_FORM_PARTS=5000,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        # A form posted after the session ended must still pass: its token lives as long as the browser.
        WTF_CSRF_TIME_LIMIT=None,
        # It asks for a Referer, which our pages never send: web/origin.py looks instead.
        WTF_CSRF_SSL_STRICT=False,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Strict",
        SESSION_COOKIE_SECURE=settings.public_https,
        BABEL_DEFAULT_LOCALE=settings.default_language,
        BABEL_DEFAULT_TIMEZONE=settings.timezone.key,
        BABEL_TRANSLATION_DIRECTORIES=str(_PACKAGE / "translations"),
    )


def _open_volatile(settings: Settings, is_needed: bool) -> volatilestore.VolatileStore:
    try:
        store = tables.open_volatile(settings.volatile_url)
        if is_needed:
            store.check()
    except volatilestore.VolatileAway as error:
        raise ConfigError("VOLATILE_URL", str(error)) from None
    return store


def _look_around(settings: Settings) -> Surroundings:
    return Surroundings(
        is_https=settings.public_https,
        host=settings.host,
        port=settings.port,
        hosts=settings.trusted_hosts,
        volatile_folder=settings.volatile_folder,
        is_loopback=is_loopback(settings.host),
    )


def _make_runtime(settings: Settings, may_be_closed: bool = False) -> Runtime:
    host_key_files = (settings.host_key_file, settings.instance_path / "host.part")
    is_closed = is_sealed = is_sealed_at_start()
    try:
        refuse_half_moved()
        refuse_half_restored()
        host_key = stand_in_host_key() if is_sealed else load_host_key(*host_key_files)
    except ConfigError:
        if not may_be_closed:
            raise
        host_key, is_closed = stand_in_host_key(), True
    limits = Limits(
        idle_seconds=settings.idle_minutes * 60,
        session_seconds=settings.session_hours * 3600,
        late_form_seconds=settings.draft_hours * 3600,
        threshold=settings.suppression_threshold,
        second_factor_required=not settings.demonstration,
        audit_months=settings.audit_months,
        backup_days=settings.backup_keep_days,
        bin_days=settings.bin_days,
        file_bytes=settings.max_file_bytes,
    )
    return Runtime(
        host_key=host_key,
        host_key_files=host_key_files,
        is_closed=is_closed,
        data_folder=settings.instance_path,
        backup_folder=settings.backup_folder,
        backup_copy_to=settings.backup_copy_to,
        is_sealed=is_sealed,
        limits=limits,
        timezone=settings.timezone,
        other_files=open_place(
            settings.attachments_url, settings.attachments_key_file, settings.instance_path
        ),
    )
