"""What a volatile store holds, as somebody who looks into it finds it."""

from pathlib import Path
from typing import Any

from casework.store.volatileredis import RedisStore
from casework.store.volatilesqlite import SqliteStore
from casework.store.volatilestore import current_store


def kept_bytes() -> bytes:
    """Return all bytes of the running application's volatile store, a file's log included."""
    store = current_store()
    if isinstance(store, SqliteStore):
        path = Path(store.engine.url.database or "")
        files = [one for one in path.parent.glob(f"{path.name}*") if not one.name.endswith("-shm")]
        return b"".join(one.read_bytes() for one in files)
    assert isinstance(store, RedisStore)
    return b"".join(name + b"\n" + value for name, value in _redis_values(store))


def _redis_values(store: RedisStore) -> list[tuple[bytes, bytes]]:
    client: Any = store._redis
    found: list[tuple[bytes, bytes]] = []
    for name in client.scan_iter("*"):
        is_index = client.type(name) == b"zset"
        value = b"\n".join(client.zrange(name, 0, -1)) if is_index else client.get(name)
        found.append((name, value or b""))
    return found
