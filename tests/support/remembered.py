"""What thousands of applications would each work out anew, though it is the same every time.

Nothing of an application's own is shared: only what is compiled from code, templates and tables that none
changes, for as long as the process runs.
"""

from collections.abc import Callable
from types import CodeType
from typing import Any, ClassVar

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from sqlalchemy import Dialect, Engine
from werkzeug.routing import Rule

_dialects: dict[str, tuple[Dialect, dict[Any, Any]]] = {}


class RememberedRule(Rule):
    """An address whose building of URLs is compiled once.

    What is compiled knows its rule by its first argument alone, so that equal rules may share it.
    """

    _builders: ClassVar[dict[object, Callable[..., tuple[str, str]]]] = {}

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        key = (self.rule, append_unknown, tuple(self._trace), repr(self.defaults))
        if key not in self._builders:
            self._builders[key] = super()._compile_builder(append_unknown)
        return self._builders[key]


class RememberedTemplates(BytecodeCache):
    """Templates, compiled once; Jinja asks by the name and a checksum of the source."""

    _codes: ClassVar[dict[tuple[str, str], CodeType]] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Give what was compiled, if it was."""
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep it."""
        assert bucket.code is not None
        self._codes[bucket.key, bucket.checksum] = bucket.code


def remember_statements(engine: Engine) -> None:
    """Let an engine that has connected once use the statements that others like it compiled."""
    engine.dialect, compiled = _dialects.setdefault(engine.dialect.name, (engine.dialect, {}))
    engine.update_execution_options(compiled_cache=compiled)


def remember_rules() -> None:
    """Let every Flask application made from now on have such addresses."""
    Flask.url_rule_class = RememberedRule
