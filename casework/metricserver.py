"""Metrics for Prometheus, on this machine alone: a process of its own, which holds no key and no database."""

import ctypes
import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

from casework import memory
from casework.config import Settings
from casework.errors import ConfigError

LOOPBACK = "127.0.0.1"
_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
_PR_SET_PDEATHSIG = 1


def prepare(settings: Settings) -> Path:
    """Make the folder in memory into which processes count; empty, and this account's alone.

    Raises ConfigError where something of that name cannot be taken away. To be called before anything is
    counted in this process or a fork of it.
    """
    folder = memory.find_base() / f"{memory.name_folder(settings.instance_path)}-metrics"
    shutil.rmtree(folder, ignore_errors=True)
    try:
        folder.mkdir(mode=0o700)
    except OSError as error:
        raise ConfigError("METRICS_PORT", f"the folder {folder} cannot be made ({error.strerror})") from error
    (folder / "of").symlink_to(settings.instance_path)  # memory.sweep looks for it
    os.environ[_VARIABLE] = str(folder)
    return folder


def listen(port: int) -> socket.socket:
    """Bind to the loopback address, and to no other; raises OSError."""
    return socket.create_server((LOOPBACK, port))


def start(listener: socket.socket, folder: Path) -> int:
    """Fork the process that answers; it ends with this one. Returns its id."""
    child = os.fork()
    if child:
        listener.close()
        return child
    try:
        if sys.platform == "linux":
            ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        _serve(listener, folder)
    finally:
        os._exit(1)


def stop(process: int, folder: Path) -> None:
    """End it, and take its folder away."""
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    shutil.rmtree(folder, ignore_errors=True)


def forget_process(process: int) -> None:
    """Drop what a process that has ended said it was doing; what it has counted stays."""
    if _VARIABLE in os.environ:
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(process)  # type: ignore[no-untyped-call]


def collect(folder: Path) -> tuple[bytes, str]:
    """Add up what all processes have published; returns it in Prometheus's format, and how that is called."""
    from prometheus_client import CollectorRegistry, generate_latest
    from prometheus_client.exposition import CONTENT_TYPE_LATEST
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    return generate_latest(registry), CONTENT_TYPE_LATEST


def _serve(listener: socket.socket, folder: Path) -> None:
    names = {f"{name}:{listener.getsockname()[1]}" for name in (LOOPBACK, "localhost")}

    class Handler(BaseHTTPRequestHandler):
        timeout = 10

        def version_string(self) -> str:
            return "casework"

        def do_GET(self) -> None:
            # A page of somebody's browser must not read it through a name that it made up.
            if self.path != "/metrics" or self.headers.get("Host") not in names:
                self.send_error(404)
                return
            body, kind = collect(folder)
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *_values: Any) -> None:
            """Nothing: who asks is nobody's business."""

    server = HTTPServer((LOOPBACK, 0), Handler, bind_and_activate=False)
    server.socket.close()
    server.socket = listener
    server.serve_forever()
