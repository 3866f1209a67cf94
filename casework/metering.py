"""What is counted of a process where METRICS_PORT is set: which pages, how fast, how busy; and nobody.

Each process counts for itself and publishes once a minute, into files in memory that one reader adds up
(`casework/metricserver.py`): so that counts of processes that have ended stay, and when within a minute
somebody asked for something is never told.
"""

import threading
from collections import Counter
from collections.abc import Callable
from functools import cached_property

PUBLISH_SECONDS = 60.0
_SECONDS = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
GAUGES = {
    "threads_busy": "Requests that threads are answering",
    "requests_waiting": "Requests that wait for a thread",
    "connections": "Connections held",
    "memory_bytes": "Memory of the processes that answer",
    "open_handles": "Files and sockets that they hold open",
    "background_works": "Processes that work in the background",
    "database_connections": "Connections to the database in use",
}


class Meter:
    """Counts until somebody publishes. `sources` say how much there is of each of GAUGES just now."""

    def __init__(self) -> None:
        self.sources: dict[str, Callable[[], float]] = {}
        self._lock = threading.Lock()
        self._requests: Counter[tuple[str, str]] = Counter()
        self._seconds: list[float] = []

    def observe(self, endpoint: str, status: int, seconds: float) -> None:
        """Count one request that was answered."""
        with self._lock:
            self._requests[endpoint, f"{status // 100}xx"] += 1
            self._seconds.append(seconds)

    def publish(self) -> None:
        """Write what was counted since the last time, and how much there is just now."""
        with self._lock:
            requests, self._requests = self._requests, Counter()
            seconds, self._seconds = self._seconds, []
        for (endpoint, status), count in requests.items():
            self._instruments.requests.labels(endpoint, status).inc(count)
        for each in seconds:
            self._instruments.latency.observe(each)
        for name, source in self.sources.items():
            self._instruments.gauges[name].set(source())

    @cached_property
    def _instruments(self) -> "_Instruments":
        return _Instruments()


class _Instruments:
    """Made when they are first needed: in the process that counts, never before a fork."""

    def __init__(self) -> None:
        # Imported late: it looks at its variable of the environment but once, and only here it is needed.
        import prometheus_client
        from prometheus_client import CollectorRegistry

        registry = CollectorRegistry()
        self.requests = prometheus_client.Counter(
            "casework_requests", "Requests answered", ("endpoint", "status"), registry=registry
        )
        self.latency = prometheus_client.Histogram(
            "casework_request_seconds", "Until the answer began", buckets=_SECONDS, registry=registry
        )
        self.gauges = {
            name: prometheus_client.Gauge(
                f"casework_{name}", text, registry=registry, multiprocess_mode="livesum"
            )
            for name, text in GAUGES.items()
        }
