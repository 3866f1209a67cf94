"""The volatile store of several hosts: a Redis, of casework alone, that writes nothing to any disk.

Writers take turns by a lock that its holder's token names. Its changes are one script, which looks whether
the lock is still theirs: a host that was cut off for longer than the lock lasts changes nothing.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import TypeVar, cast

import redis
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, RedisError
from redis.retry import Retry

from casework.store.volatilestore import Batch, VolatileAway, kinds, name_shape, spell

_CONNECT_SECONDS = 2.0
_ANSWER_SECONDS = 5.0
_LOCK_SECONDS = 10
"""Longer than anything done under it takes. Who dies with the lock keeps the others waiting for so long."""
_WAIT_SECONDS = 15.0
_LOOK_SECONDS = 0.005
_LONGEST_LOOK_SECONDS = 0.1
_INDEX_SECONDS = 16 * 24 * 3600
_AT_ONCE = 500

_PROMISES = {"save": "", "appendonly": "no"}

# KEYS: the lock. ARGV: its token, the prefix, then for each change its name and three to six arguments.
_APPLY = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
local prefix, at = ARGV[2], 3
local function forget(kind, members)
  for _, member in ipairs(members) do
    redis.call('DEL', prefix .. kind .. ':' .. string.match(member, ':(%x*)$'))
    redis.call('ZREM', prefix .. 'of:' .. kind, member)
  end
end
while at <= #ARGV do
  local change, kind, member = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  if change == 'over' then
    forget(kind, redis.call('ZRANGE', prefix .. 'of:' .. kind, '-inf', member, 'BYSCORE'))
    at = at + 3
  elseif change == 'delete' then
    forget(kind, {member})
    at = at + 3
  else
    local lasts, ends, content = ARGV[at + 3], ARGV[at + 4], ARGV[at + 5]
    redis.call('SET', prefix .. kind .. ':' .. string.match(member, ':(%x*)$'), content, 'EX', lasts)
    redis.call('ZADD', prefix .. 'of:' .. kind, ends, member)
    redis.call('EXPIRE', prefix .. 'of:' .. kind, ARGV[at + 6])
    at = at + 7
  end
end
redis.call('DEL', KEYS[1])
return 1
"""
_FREE = "if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end return 0"

T = TypeVar("T")


class RedisStore:
    """`<prefix><kind>:<key>` holds a record, `<prefix>of:<kind>` its group and key in order of their ends."""

    is_shared = True

    def __init__(self, url: str) -> None:
        """Name a Redis; nothing is asked of it yet."""
        self._prefix = f"casework:{name_shape()}:"
        self._lock = f"{self._prefix}lock"
        self._redis = redis.Redis.from_url(
            url,
            socket_connect_timeout=_CONNECT_SECONDS,
            socket_timeout=_ANSWER_SECONDS,
            # Once more, at once, on a new connection. All may be asked twice; of changes whose answer was
            # lost the second says that the lock was, though they were made.
            retry=Retry(NoBackoff(), 1),
        )
        self._refusal = ""

    def find(self, kind: str, key: bytes) -> bytes | None:
        """Return a record as it was spelled."""
        if self._refusal:
            raise VolatileAway(self._refusal)
        return cast("bytes | None", _asked(lambda: self._redis.get(self._name(kind, key.hex()))))

    def list(self, kind: str, group: bytes | None = None) -> Sequence[bytes]:
        """Return every record of a kind, or of a group of it."""
        keys = [self._name(kind, key) for key in self._keys(kind, group)]
        found: list[bytes | None] = []
        for start in range(0, len(keys), _AT_ONCE):
            ask = partial(self._redis.mget, keys[start : start + _AT_ONCE])
            found += cast("list[bytes | None]", _asked(ask))
        return [content for content in found if content is not None]

    def list_keys(self, kind: str, group: bytes) -> Sequence[bytes]:
        """Return the keys of a group."""
        return [bytes.fromhex(key) for key in self._keys(kind, group)]

    @contextmanager
    def writing(self) -> Iterator[Batch]:
        """Take the lock, then apply the batch and free it in one step."""
        token, batch = secrets.token_hex(16), Batch()
        self._take_lock(token)
        try:
            yield batch
            applied = _asked(lambda: self._redis.eval(_APPLY, 1, self._lock, token, *self._spell(batch)))
        except BaseException:
            with suppress(RedisError):  # it frees itself
                self._redis.eval(_FREE, 1, self._lock, token)
            raise
        if not applied:
            raise VolatileAway("the lock was lost")
        if batch.clears:
            self._clear_other_shapes()

    def tidy(self) -> None:
        """Do nothing: what is deleted is freed at once, and is written nowhere."""

    def check(self) -> None:
        """Raise VolatileAway where it keeps anything on a disk, passes it on, or throws away by itself.

        From then on nobody is signed in here, until it is found in order.
        """
        try:
            self._check()
        except VolatileAway as error:
            self._refusal = str(error)
            raise
        self._refusal = ""

    def _check(self) -> None:
        for name, allowed in _PROMISES.items():
            if self._ask_setting(name) != allowed:
                raise VolatileAway(f"Redis must have {name} set to {allowed or 'nothing'}")
        said = _asked(lambda: self._redis.info("replication"))
        if said.get("role") != "master" or said.get("connected_slaves"):
            raise VolatileAway("Redis must have no replica, and be none")
        evicts = self._ask_setting("maxmemory-policy") != "noeviction"
        if evicts and self._ask_setting("maxmemory") != "0":
            raise VolatileAway("Redis must have maxmemory-policy set to noeviction")

    def close(self) -> None:
        """Close every connection."""
        self._redis.close()

    def _clear_other_shapes(self) -> None:
        """Delete what another casework kept: this one reads none of it."""
        for name in list(_asked(lambda: list(self._redis.scan_iter("casework:*", count=_AT_ONCE)))):
            if not name.startswith(self._prefix.encode()):
                _asked(partial(self._redis.delete, name))

    def _ask_setting(self, name: str) -> str:
        try:
            found = cast("dict[str, str]", _asked(lambda: self._redis.config_get(name)))
        except VolatileAway as error:
            raise VolatileAway(f"Redis does not tell its setting {name}: {error}") from None
        return found.get(name, "?")

    def _name(self, kind: str, key: str) -> str:
        return f"{self._prefix}{kind}:{key}"

    def _keys(self, kind: str, group: bytes | None) -> Sequence[str]:
        members = cast("list[bytes]", _asked(lambda: self._redis.zrange(f"{self._prefix}of:{kind}", 0, -1)))
        parts = [member.decode("ascii").split(":") for member in members]
        return [key for belongs_to, key in parts if group is None or belongs_to == group.hex()]

    def _take_lock(self, token: str) -> None:
        until, pause = time.monotonic() + _WAIT_SECONDS, _LOOK_SECONDS
        while not _asked(lambda: self._redis.set(self._lock, token, nx=True, ex=_LOCK_SECONDS)):
            if _asked(lambda: self._redis.get(self._lock)) == token.encode():
                return  # taken, and the answer was lost
            if time.monotonic() > until:
                raise VolatileAway("somebody else writes for too long")
            time.sleep(pause)
            pause = min(pause * 2, _LONGEST_LOOK_SECONDS)

    def _spell(self, batch: Batch) -> Iterator[str | bytes | int]:
        yield self._prefix
        if batch.clears:
            for kind in kinds():
                yield from ("over", kind.kind, "+inf")
        for name, key, group in batch.deletes:
            yield from ("delete", name, f"{group.hex()}:{key.hex()}")
        for record in batch.puts:
            yield from ("put", record.kind, f"{record.group.hex()}:{record.key.hex()}")
            yield from (record.longest_seconds, record.ends_at_seconds, spell(record), _INDEX_SECONDS)
        if batch.over_at_seconds is not None:
            for kind in kinds():
                yield from ("over", kind.kind, str(batch.over_at_seconds))


def _asked(ask: Callable[[], T]) -> T:
    """Return what Redis answers; raises VolatileAway without the address, which may hold a password."""
    try:
        return ask()
    except OutOfMemoryError:
        raise VolatileAway("Redis has no memory left", is_full=True) from None
    except RedisError as error:
        raise VolatileAway(f"Redis does not answer ({type(error).__name__})") from None
