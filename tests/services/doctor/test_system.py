"""The facts that Linux tells, out of folders and files as it writes them."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from casework.services.doctor import system
from casework.services.doctor.facts import Dumps, Memory, SwapKind
from tests.support.doctor import lay

SWAPS = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"


def test_memory_of_the_machine(tmp_path: Path) -> None:
    """As /proc/meminfo writes it; a system without it says nothing."""
    lay(tmp_path, meminfo="MemTotal:  1000 kB\nMemFree: 1 kB\nMemAvailable:  400 kB\nHugePages_Total: 0\n")
    assert system.read_memory(tmp_path, tmp_path / "sys") == Memory(1_024_000, 409_600)
    assert system.read_memory(tmp_path / "none") is None


def test_memory_that_a_group_may_have(tmp_path: Path) -> None:
    """The least that any group around this process leaves; what it read of files is given back when asked."""
    proc, groups = tmp_path / "proc", tmp_path / "sys/fs/cgroup"
    lay(
        proc,
        meminfo="MemTotal:  1000 kB\nMemAvailable:  400 kB\n",
        self__cgroup="0::/system.slice/casework\n",
    )
    lay(groups / "system.slice/casework", **{"memory.max": "max\n", "memory.current": "100\n"})
    limits = {"memory.max": "500000\n", "memory.current": "300000\n"}
    lay(groups / "system.slice", **limits, **{"memory.stat": "anon 1\ninactive_file 50000\n"})
    assert system.read_memory(proc, tmp_path / "sys") == Memory(500_000, 250_000)
    lay(groups / "system.slice", **{"memory.current": "600000\n"})
    assert system.read_memory(proc, tmp_path / "sys") == Memory(500_000, 0)


@pytest.mark.parametrize(
    ("device", "laid", "kind"),
    [
        ("/dev/sda2", {}, SwapKind.PLAIN),
        ("/dev/zram0", {}, SwapKind.IN_MEMORY),
        ("/dev/zram0", {"block__zram0__backing_dev": "none\n"}, SwapKind.IN_MEMORY),
        ("/dev/zram0", {"block__zram0__backing_dev": "/dev/sda3\n"}, SwapKind.PLAIN),
        ("/dev/dm-1", {"class__block__dm-1__dm__uuid": "CRYPT-PLAIN-swap\n"}, SwapKind.THROWAWAY_KEY),
        ("/dev/dm-1", {"class__block__dm-1__dm__uuid": "CRYPT-LUKS2-0-disk\n"}, SwapKind.LASTING_KEY),
        ("/dev/dm-2", {"class__block__dm-2__dm__uuid": "LVM-swap\n"}, SwapKind.PLAIN),
        (
            "/dev/dm-2",
            {
                "class__block__dm-2__dm__uuid": "LVM-swap\n",
                "class__block__dm-2__slaves__dm-0__dm__uuid": "CRYPT-LUKS2-0-disk\n",
            },
            SwapKind.LASTING_KEY,
        ),
        (
            "/dev/dm-2",
            {
                "class__block__dm-2__slaves__dm-0__dm__uuid": "CRYPT-LUKS2-0-disk\n",
                "class__block__dm-2__slaves__sdb__size": "1",
            },
            SwapKind.PLAIN,
        ),
    ],
)
def test_what_becomes_of_swapped_memory(
    tmp_path: Path, device: str, laid: dict[str, str], kind: SwapKind
) -> None:
    """A device is as bad as the worst of what lies below it."""
    proc = lay(tmp_path / "proc", swaps=f"{SWAPS}{device}   partition\t1048572\t0\t-2\n")
    found = system.read_swap(proc, lay(tmp_path / "sys", **laid))
    assert found and found.kinds == (kind,) and not found.is_kept_out


def test_a_swap_file_is_its_disk(tmp_path: Path) -> None:
    """A file on an encrypted disk; its name may hold spaces."""
    file = lay(tmp_path, **{"a swap": ""}) / "a swap"
    number = file.stat().st_dev
    device = f"dev/block/{os.major(number)}:{os.minor(number)}/dm/uuid"
    sys_folder = lay(tmp_path / "sys", **{device: "CRYPT-LUKS2-0-disk\n"})
    escaped = str(file).replace(" ", "\\040")
    proc = lay(tmp_path / "proc", swaps=f"{SWAPS}{escaped} file\t1048572\t0\t-2\n")
    found = system.read_swap(proc, sys_folder)
    assert found and found.kinds == (SwapKind.LASTING_KEY,)


def test_no_swap_and_a_group_that_has_none(tmp_path: Path) -> None:
    """MemorySwapMax=0 is a file of the process's group."""
    proc = lay(tmp_path / "proc", swaps=SWAPS, self__cgroup="0::/system.slice/casework.service\n")
    group = "fs/cgroup/system.slice/casework.service/memory.swap.max"
    found = system.read_swap(proc, lay(tmp_path / "sys", **{group: "0\n"}))
    assert found and found.kinds == () and found.is_kept_out
    assert system.read_swap(tmp_path / "none") is None


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_core_dumps_are_those_of_this_process() -> None:
    """Forbidden where casework began by forbidding them."""

    asking = "from casework.services.doctor.system import read_dumps; print(read_dumps())"
    begun = "from casework.process import keep_memory_private; keep_memory_private();"
    plain, private = (
        subprocess.run([sys.executable, "-c", begin + asking], capture_output=True, text=True, check=True)
        for begin in ("", begun)
    )
    assert private.stdout.strip() == repr(Dumps(0, False)) != plain.stdout.strip()


@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux")
def test_this_process_has_begun_and_takes_memory() -> None:
    """In the past, and some megabytes."""
    began = system.process_began_at()
    assert began and datetime.now(UTC) - timedelta(days=30) < began < datetime.now(UTC) + timedelta(seconds=2)
    assert system.process_memory_bytes() > 10**7
