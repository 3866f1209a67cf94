"""Every service is tested on both databases and both volatile stores."""

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """What `app` runs on."""
    return str(request.param)


@pytest.fixture
def volatile(database: str) -> str:
    """Several hosts have PostgreSQL and Redis; one has neither."""
    return "redis" if database == "postgres" else "sqlite"
