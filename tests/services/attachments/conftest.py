"""What is tested of files of cases holds wherever they lie: on the disk, and in a bucket."""

import pytest


@pytest.fixture
def attached(database: str) -> str:
    """With SQLite files lie on the disk, with PostgreSQL in a bucket: neither asks the other."""
    return "bucket" if database == "postgres" else "disk"
