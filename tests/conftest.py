"""Fixtures for every test. What needs the system (PostgreSQL, Chromium, real files) lies in tests/support."""

pytest_plugins = [
    "tests.support.workplace",
    "tests.support.postgres",  # before who imports it: pytest rewrites a plugin's asserts as it loads
    "tests.support.bucket",
    "tests.support.redis",
    "tests.support.costs",
    "tests.support.remembered",
    "tests.support.application",
    "tests.support.stocked",
    "tests.support.browser",
    "tests.support.data",
    "tests.support.databases",
]
