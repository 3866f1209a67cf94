"""The machine: disks, memory, what may leave it, its clock."""

from datetime import timedelta

from casework.domain.messages import N_
from casework.services.doctor.facts import Clock, Dumps, Memory, Room, Swap, SwapKind
from casework.services.doctor.findings import Check, Finding, Size, State, unknown

LITTLE_BYTES = 2_000_000_000
NO_ROOM_BYTES = 500_000_000
LITTLE_MEMORY_BYTES = 150_000_000
NO_MEMORY_BYTES = 60_000_000
_AHEAD = timedelta(minutes=5)
_MORE_ROOM = N_("Delete what is not needed on that disk, or give it a larger one.")


def check_data_disk(room: Room | None) -> Finding:
    """Whether there is room to go on writing."""
    if room is None:
        return unknown(Check.DATA_DISK)
    state = _judge(room.free_bytes, NO_ROOM_BYTES, LITTLE_BYTES)
    values, sentence = {"free": Size(room.free_bytes)}, N_("%(free)s are free where the data lie.")
    return Finding(Check.DATA_DISK, state, sentence, _advise(state, _MORE_ROOM), values)


def _judge(left_bytes: int, wrong_below_bytes: int, warning_below_bytes: int) -> State:
    if left_bytes < wrong_below_bytes:
        return State.WRONG
    return State.WARNING if left_bytes < warning_below_bytes else State.FINE


def _advise(state: State, advice: str) -> str:
    return "" if state is State.FINE else advice


def check_files_disk(room: Room | None) -> Finding:
    """Whether a file as large as may be still has room, with its cleaned copy."""
    if room is None:
        return unknown(Check.FILES_DISK)
    values = {"used": Size(room.used_bytes), "free": Size(room.free_bytes), "most": Size(room.needed_bytes)}
    if room.free_bytes < 2 * room.needed_bytes:
        sentence = N_("%(free)s are free: a file of %(most)s with its cleaned copy would not have room.")
        return Finding(Check.FILES_DISK, State.WARNING, sentence, _MORE_ROOM, values)
    sentence = N_("Files of cases take %(used)s; %(free)s are free.")
    return Finding(Check.FILES_DISK, State.FINE, sentence, values=values)


def check_backup_disk(room: Room | None) -> Finding:
    """Whether the next backup has room, and those after it."""
    if room is None:
        return unknown(Check.BACKUP_DISK)
    values = {"needed": Size(room.needed_bytes), "free": Size(room.free_bytes)}
    advice = N_("Give the backups a larger disk, or keep them for fewer days (BACKUP_KEEP_DAYS).")
    state = _judge(room.free_bytes, room.needed_bytes, 3 * room.needed_bytes)
    sentence = {
        State.WRONG: N_("The next backup needs about %(needed)s, and %(free)s are free."),
        State.WARNING: N_("There is room for one or two more backups: each needs about %(needed)s."),
        State.FINE: N_("The next backup needs about %(needed)s; %(free)s are free."),
    }[state]
    return Finding(Check.BACKUP_DISK, state, sentence, _advise(state, advice), values)


def check_memory(memory: Memory | None) -> Finding:
    """Whether the machine has memory left."""
    if memory is None:
        return unknown(Check.MEMORY)
    sentence = N_("%(available)s of %(total)s are available.")
    values = {"available": Size(memory.available_bytes), "total": Size(memory.total_bytes)}
    advice = N_("Stop what else runs on that machine, set THREADS lower, or give it more memory.")
    state = _judge(memory.available_bytes, NO_MEMORY_BYTES, LITTLE_MEMORY_BYTES)
    return Finding(Check.MEMORY, state, sentence, _advise(state, advice), values)


def check_swap(swap: Swap | None) -> Finding:
    """Whether opened records and keys may come to lie on a disk, readable afterwards."""
    if swap is None:
        return unknown(Check.SWAP)
    kinds = set(swap.kinds)
    advice = N_("Switch swap off (swapoff -a), or give it a key that is new at each start of the machine.")
    if SwapKind.PLAIN in kinds and not swap.is_kept_out:
        sentence = N_("Swap is on, and not encrypted: what members read may be written to the disk.")
        return Finding(Check.SWAP, State.WRONG, sentence, advice)
    if SwapKind.PLAIN in kinds:
        sentence = N_("Swap is on, and not encrypted. casework is kept out of it; its sessions may not be.")
        return Finding(Check.SWAP, State.WARNING, sentence, advice)
    if SwapKind.LASTING_KEY in kinds:
        sentence = N_(
            "Swap is encrypted, under a key that outlasts a restart: who has it reads what was there."
        )
        return Finding(Check.SWAP, State.WARNING, sentence, advice)
    if SwapKind.THROWAWAY_KEY in kinds:
        return Finding(Check.SWAP, State.FINE, N_("Swap is encrypted under a key that is gone at a restart."))
    return Finding(Check.SWAP, State.FINE, N_("No memory is swapped out to a disk."))


def check_dumps(dumps: Dumps | None) -> Finding:
    """Whether the memory of this process may be written down when it crashes."""
    if dumps is None:
        return unknown(Check.CORE_DUMPS)
    if dumps.limit_bytes == 0 and not dumps.is_dumpable:
        sentence = N_("If casework crashes, nothing of its memory is written down.")
        return Finding(Check.CORE_DUMPS, State.FINE, sentence)
    sentence = N_("If casework crashes, its memory may be written down, with keys and records in it.")
    advice = N_(
        "Start casework with run.py or flask --app run, which forbid it, and set LimitCORE=0 in the unit."
    )
    return Finding(Check.CORE_DUMPS, State.WRONG, sentence, advice)


def check_clock(clock: Clock) -> Finding:
    """Whether the clock can be right: deadlines, second factors and backups go by it."""
    advice = N_("Let the system set its clock (timedatectl set-ntp true), then look at the date.")
    if clock.newest_at and clock.newest_at > clock.now + _AHEAD:
        sentence = N_("The clock says %(now)s, yet something was written at %(newest)s: it was set back.")
        values = {"now": clock.now, "newest": clock.newest_at}
        return Finding(Check.CLOCK, State.WRONG, sentence, advice, values)
    if clock.is_synchronised is None:
        return unknown(Check.CLOCK, N_("The system does not say whether its clock is kept right."), advice)
    if not clock.is_synchronised:
        sentence = N_("Nothing keeps the clock right: deadlines and second factors go by it.")
        return Finding(Check.CLOCK, State.WARNING, sentence, advice)
    return Finding(Check.CLOCK, State.FINE, N_("The clock is kept right."))
