"""What is kept in Redis is JSON: Django's own choice, pickle, would run what an intruder wrote there."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.cache.backends.redis import RedisCache, RedisCacheClient


class OneClient(RedisCacheClient):
    """Asks through one client: to make one for each question takes longer than the question."""

    _made: Any = None

    def get_client(self, key: Any = None, *, write: bool = False) -> Any:  # noqa: ANN401  (redis-py's)
        self._made = self._made or super().get_client(key, write=write)
        return self._made


class OneServerCache(RedisCache):
    """Redis as a cache, on one server."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._class = OneClient


class JsonSerializer:
    """Whole numbers stay as they are, so that Redis can count with them."""

    def dumps(self, value: Any) -> bytes | int:  # noqa: ANN401  (what JSON holds)
        return value if type(value) is int else json.dumps(value).encode()

    def loads(self, data: bytes) -> Any:  # noqa: ANN401
        return json.loads(data)


def cache_url(broker_url: str) -> str:
    """Return the address of a broker as Django's cache writes it."""
    parts = urlsplit(broker_url)
    if parts.scheme != "redis+socket":
        return broker_url
    number = parse_qs(parts.query).get("virtual_host", ["0"])[0]
    return f"unix://{parts.path}?db={number}"
