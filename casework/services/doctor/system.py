"""Facts of the machine and of this process, as Linux tells them; elsewhere most cannot be known."""

import ctypes
import os
import resource
import sys
from datetime import UTC, datetime
from pathlib import Path

from casework.services.doctor.facts import Dumps, Memory, Swap, SwapKind

_PR_GET_DUMPABLE = 3
_UNSYNCHRONISED = 5
_TIMESYNC = Path("/run/systemd/timesync/synchronized")
_GRAVITY = list(SwapKind)


def read_memory(proc: Path = Path("/proc"), sys_folder: Path = Path("/sys")) -> Memory | None:
    """Return the machine's memory, or what this process's groups may take of it where that is less."""
    try:
        lines = (proc / "meminfo").read_text("ascii").splitlines()
        kibibytes = {name: int(rest.split()[0]) for name, _, rest in (line.partition(":") for line in lines)}
        total, available = kibibytes["MemTotal"] * 1024, kibibytes["MemAvailable"] * 1024
    except (OSError, ValueError, KeyError, IndexError):
        return None
    root, own = sys_folder / "fs/cgroup", _find_group(proc, sys_folder)
    for group in [own, *own.parents] if own and own.is_relative_to(root) else []:
        limit, left = _read_limit(group) or (total, available)
        total, available = min(total, limit), min(available, left)
        if group == root:
            break
    return Memory(total, available)


def _read_limit(group: Path) -> tuple[int, int] | None:
    """Return how many bytes a group may take, and how many more; what it read of files makes room."""
    try:
        limit = int((group / "memory.max").read_text("ascii"))  # "max" where there is none
        stats = dict(line.split() for line in (group / "memory.stat").read_text("ascii").splitlines())
        taken = int((group / "memory.current").read_text("ascii")) - int(stats["inactive_file"])
    except (OSError, ValueError, KeyError):
        return None
    return limit, max(0, limit - taken)


def _find_group(proc: Path, sys_folder: Path) -> Path | None:
    """Return the folder of this process's control group (cgroup v2)."""
    try:
        name = (proc / "self/cgroup").read_text("utf-8").rpartition("0::/")[2].strip()
    except (OSError, ValueError):
        return None
    return sys_folder / "fs/cgroup" / name


def read_swap(proc: Path = Path("/proc"), sys_folder: Path = Path("/sys")) -> Swap | None:
    """Return where memory may be swapped out to."""
    try:
        lines = (proc / "swaps").read_text("utf-8").splitlines()[1:]
    except OSError:
        return None
    kinds = tuple(_kind_of(*line.split()[:2], sys_folder=sys_folder) for line in lines if line.strip())
    return Swap(kinds, _is_kept_out(proc, sys_folder))


def _kind_of(name: str, kind: str, *, sys_folder: Path) -> SwapKind:
    """A name as /proc/swaps writes it, with octal escapes: of a partition, or of a file."""
    path = Path(name.encode("latin-1", "replace").decode("unicode_escape"))
    if kind == "partition":
        device = path.resolve().name
        if device.startswith("zram"):
            backing = sys_folder / "block" / device / "backing_dev"
            is_backed = backing.is_file() and backing.read_text("utf-8").strip() != "none"
            return SwapKind.PLAIN if is_backed else SwapKind.IN_MEMORY
        folder = sys_folder / "class/block" / device
    else:
        try:
            number = path.stat().st_dev
        except OSError:
            return SwapKind.PLAIN
        folder = sys_folder / "dev/block" / f"{os.major(number)}:{os.minor(number)}"
    return _kind_of_device(folder)


def _kind_of_device(folder: Path) -> SwapKind:
    """Look for encryption below it: a volume may lie on several devices, and is as bad as the worst."""
    try:
        mapped = (folder / "dm/uuid").read_text("ascii")
    except (OSError, ValueError):
        mapped = ""
    if mapped.startswith("CRYPT-PLAIN"):
        return SwapKind.THROWAWAY_KEY
    if mapped.startswith("CRYPT-"):
        return SwapKind.LASTING_KEY
    below = [_kind_of_device(slave) for slave in folder.glob("slaves/*")]
    return max(below, key=_GRAVITY.index, default=SwapKind.PLAIN)


def _is_kept_out(proc: Path, sys_folder: Path) -> bool:
    """Whether this process's group may swap nothing: MemorySwapMax=0."""
    group = _find_group(proc, sys_folder)
    try:
        return group is not None and (group / "memory.swap.max").read_text("ascii").strip() == "0"
    except (OSError, ValueError):
        return False


def read_dumps() -> Dumps | None:
    """Return what the system may write down of this process when it crashes."""
    if sys.platform != "linux":
        return None
    limit = resource.getrlimit(resource.RLIMIT_CORE)[0]
    return Dumps(limit, ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)


class _Timex(ctypes.Structure):
    # Longer than any system's own: only the answer counts, and `modes` zero changes nothing.
    _fields_ = (("modes", ctypes.c_uint), ("rest", ctypes.c_byte * 508))


def is_clock_synchronised() -> bool | None:
    """Return what the kernel says, else what systemd's own service left; None where nobody says."""
    if sys.platform != "linux":
        return None
    state = ctypes.CDLL(None).adjtimex(ctypes.byref(_Timex()))
    if state >= 0:
        return bool(state != _UNSYNCHRONISED)
    # A unit with ProtectClock= may not ask.
    return True if _TIMESYNC.exists() else None


def process_began_at(proc: Path = Path("/proc")) -> datetime | None:
    """Return when this process began: a fork begins anew."""
    try:
        ticks = int((proc / "self/stat").read_text("utf-8").rpartition(")")[2].split()[19])
        lines = (proc / "stat").read_text("ascii").splitlines()
        booted = next(int(line.split()[1]) for line in lines if line.startswith("btime"))
    except (OSError, ValueError, IndexError, StopIteration):
        return None
    return datetime.fromtimestamp(booted + ticks / os.sysconf("SC_CLK_TCK"), UTC)


def process_memory_bytes(proc: Path = Path("/proc")) -> int:
    """Return what this process takes of the memory; 0 where it is not known."""
    try:
        return int((proc / "self/statm").read_text("ascii").split()[1]) * resource.getpagesize()
    except (OSError, ValueError, IndexError):
        return 0
