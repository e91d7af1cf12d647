"""Redis keeps JSON or bytes: Django's own choice, pickle, would run what an intruder wrote there."""

import json
from os import getpid
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.cache.backends.redis import RedisCache, RedisCacheClient
from redis import ConnectionError as NoConnectionError
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

# No JSON begins like this.
BYTES = bytes(1)


class OneClient(RedisCacheClient):
    """Asks through one client and one connection: to fetch them takes longer than to ask.

    Django has a cache for each thread, so each thread has its own.

    One that was cut, as when Redis starts again, is made anew and asked once more; one that does not answer
    in time is not. A child process must not write into the connection of its parent.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        retry = Retry(NoBackoff(), 1, supported_errors=(NoConnectionError,))
        super().__init__(*args, retry=retry, **kwargs)
        self._mine: Any = None
        self._process = 0

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:  # noqa: ANN401  (redis-py's)
        if self._process != getpid():
            pool = super().get_client(key, write=write).connection_pool
            self._mine = Redis(connection_pool=pool, single_connection_client=True)
            self._process = getpid()
        return self._mine


class OneServerCache(RedisCache):
    """Redis as a cache, on one server."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient


class JsonSerializer:
    """Whole numbers stay as they are, so that Redis can count with them; so do bytes, behind a sign."""

    def dumps(self, value: Any) -> bytes | int:  # noqa: ANN401  (what JSON holds, or bytes)
        if type(value) is int:
            return value
        return BYTES + value if isinstance(value, bytes) else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:  # noqa: ANN401
        return data[len(BYTES) :] if data.startswith(BYTES) else json.loads(data)


def cache_url(broker_url: str) -> str:
    """Return the address of a broker as Django's cache writes it."""
    parts = urlsplit(broker_url)
    if parts.scheme != "redis+socket":
        return broker_url
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={number}"
