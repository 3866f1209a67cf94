"""The domain stands on the standard library alone."""

import subprocess
import sys

PROGRAM = """
import pkgutil, importlib, sys
before = set(sys.modules)
import casework.domain
for module in pkgutil.iter_modules(casework.domain.__path__):
    importlib.import_module(f"casework.domain.{module.name}")
loaded = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(loaded - sys.stdlib_module_names - {"casework"}))
"""


def test_importing_the_domain_loads_no_package() -> None:
    """A fresh interpreter that imports every domain module has loaded only the standard library."""
    result = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
