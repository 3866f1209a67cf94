"""What the system may keep of a process that holds keys: no core dump, and no look into its memory."""

import ctypes
import os
import resource
import sys

_PR_SET_DUMPABLE = 4


def keep_memory_private() -> None:
    """Forbid core dumps; on Linux, also that other processes of this account read the memory or attach.

    A fork inherits both. The limit alone does not stop a system that pipes dumps into a collector. Raises
    OSError where the system refuses.
    """
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
