"""Fixtures for every test. What needs the system (PostgreSQL, Chromium, real files) lies in tests/support."""

pytest_plugins = [
    "tests.support.application",
    "tests.support.postgres",
    "tests.support.browser",
    "tests.support.data",
]
