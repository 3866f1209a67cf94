"""Every query is tested on both databases."""

import pytest


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> str:
    """What `app` runs on."""
    return str(request.param)
