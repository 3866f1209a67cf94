"""What thousands of applications would each work out anew, though it is the same every time.

Nothing of an application's own is shared: only what is compiled from code, templates and tables that none
changes, for as long as the process runs.
"""

import os
from collections.abc import Callable
from pathlib import Path
from types import CodeType
from typing import Any, ClassVar

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule

_dialects: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


class RememberedRule(Rule):
    """An address whose parts and whose building of URLs are compiled once.

    What is compiled knows its rule by its first argument alone, so that equal rules may share it. The
    converters are Werkzeug's own, which ask nothing of the map that they were made for.
    """

    _compiled: ClassVar[dict[object, tuple[Any, ...]]] = {}
    _builders: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    def compile(self) -> None:
        """Take what an equal rule compiled, or compile it."""
        assert self.map.converters == self.map.default_converters, "one that may ask its map something"
        how = (self.map.host_matching, self.host, self.subdomain, self.merge_slashes)
        key = (self.rule, repr(self.defaults), *how)
        if key in self._compiled:
            self._parts, self._trace, self._converters, builders, arguments = self._compiled[key]
            self._build, self._build_unknown = (builder.__get__(self, None) for builder in builders)
            self.arguments = set(arguments)
            return
        super().compile()
        builders = [self._compile_builder(append_unknown) for append_unknown in (False, True)]
        found = (self._parts, self._trace, self._converters, builders, frozenset(self.arguments))
        self._compiled[key] = found

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, append_unknown, tuple(self._trace), repr(self.defaults))
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


class RememberedTemplates(FileSystemBytecodeCache):
    """Templates, compiled once for all that use the folder, and read from there once by this process."""

    _codes: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled, if it was; Jinja asks by the name and a checksum of the source."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))
        if bucket.code is None:
            super().load_bytecode(bucket)
            self._remember(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        super().dump_bytecode(bucket)
        self._remember(bucket)

    def _remember(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


def remember_statements(engine: Engine) -> None:
    """Let an engine that has connected once use the statements that others like it compiled."""
    engine.dialect, compiled = _dialects.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=compiled)


def pytest_configure() -> None:
    """Let every Flask application made from now on have such addresses."""
    Flask.url_rule_class = RememberedRule


@pytest.fixture(scope="session")
def bytecode_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled templates stay between tests, for all workers."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "templates"
    folder.mkdir(exist_ok=True)
    return folder
