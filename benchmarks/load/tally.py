"""How long each kind of deed took, and what went wrong."""

import statistics
import threading
from collections import Counter, defaultdict


class Tally:
    """Counted by many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seconds: dict[str, list[float]] = defaultdict(list)
        self._faults: Counter[tuple[str, str]] = Counter()

    def add(self, name: str, seconds: float, fault: str = "") -> None:
        """Count a deed, with what was wrong about it."""
        with self._lock:
            self._seconds[name].append(seconds)
            if fault:
                self._faults[name, fault] += 1

    def print_all(self) -> None:
        """Print a line for each kind, in milliseconds; then each fault and how often it came."""
        with self._lock:
            print(f"\n{'':34}{'deeds':>8}{'errors':>8}{'p50':>9}{'p95':>9}{'worst':>9}  milliseconds")
            for name, seconds in sorted(self._seconds.items()):
                errors = sum(count for (kind, _), count in self._faults.items() if kind == name)
                at = statistics.quantiles(seconds * 2, n=20, method="inclusive")  # of one, too
                figures = "".join(f"{one * 1000:9,.0f}" for one in (at[9], at[18], max(seconds)))
                print(f"{name:34}{len(seconds):8,}{errors:8,}{figures}")
            for (name, fault), count in self._faults.most_common():
                print(f"{count} × {name}: {fault}", flush=True)
