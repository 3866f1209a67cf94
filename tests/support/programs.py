"""Programs of the system that a test runs: in CI tools/system_parts.py installs them."""

import os
import shutil

import pytest

from tools.system_parts import HOW


def require(name: str) -> str:
    """Return where a program lies; without it the test fails in CI, and is passed over elsewhere."""
    found = shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if found is None:
        message = f"{name} is missing. {HOW[name]}"
        if os.environ.get("CI"):
            pytest.fail(message)
        pytest.skip(message)
    return found
