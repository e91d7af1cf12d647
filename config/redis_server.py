"""The Redis server that comes with the project: for a first try and for the tests, never for production.

It listens on a unix socket in a folder that only its owner can enter, so it needs neither port nor password.
"""

import shutil
import sys
import time
from pathlib import Path

import redis

from config.paths import private_folder, redis_socket

HOW_TO_GET = "Install one (Debian and Ubuntu: apt install redis-server), or set REDIS_URL to a running one."


def find_redis_server() -> str | None:
    """Return the path of a redis-server: one on PATH, else the one in this environment, else None."""
    carried = Path(sys.prefix) / "bin" / "redis-server"
    return shutil.which("redis-server") or (str(carried) if carried.exists() else None)


class EmbeddedRedis:
    """One private Redis whose socket and data live under `var_dir`. Starting it is the caller's part."""

    def __init__(self, var_dir: Path) -> None:
        self.data_dir = var_dir / "redis"
        self.socket = redis_socket(var_dir)
        self.url = f"redis+socket://{self.socket}?virtual_host=0"

    def command(self) -> list[str]:
        """Make the folders and return the command line. Raises LookupError when there is no redis-server."""
        server = find_redis_server()
        if server is None:
            raise LookupError(f"No redis-server found. {HOW_TO_GET}")
        private_folder(self.data_dir)
        private_folder(self.socket.parent)
        options = {
            "--port": "0",
            "--unixsocket": str(self.socket),
            "--unixsocketperm": "700",
            "--dir": str(self.data_dir),
            # Wake-ups survive a restart but for the last second, and the next beat repeats those.
            "--appendonly": "yes",
            "--appendfsync": "everysec",
            "--save": "",
            "--loglevel": "warning",
        }
        return [server, *(word for pair in options.items() for word in pair)]

    def is_answering(self) -> bool:
        return is_answering(self.client())

    def client(self) -> redis.Redis:
        return redis.Redis(unix_socket_path=str(self.socket), socket_timeout=2)

    def end_leftover(self, *, patience: float = 5) -> None:
        """End a server that an earlier run left on this socket, waiting up to `patience` seconds."""
        if not self.is_answering():
            return
        self.client().shutdown(nosave=True)
        until = time.monotonic() + patience
        while self.is_answering() and time.monotonic() < until:
            time.sleep(0.05)


def client_for(broker_url: str) -> redis.Redis:
    """Return a client for a broker URL as Celery writes it."""
    if broker_url.startswith("redis+socket://"):
        path, _, options = broker_url.removeprefix("redis+socket://").partition("?")
        database = options.partition("virtual_host=")[2] or "0"
        return redis.Redis(unix_socket_path=path, db=int(database), socket_timeout=5)
    return redis.Redis.from_url(broker_url, socket_timeout=5, socket_connect_timeout=5)


def is_answering(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except (redis.RedisError, OSError):
        return False
    finally:
        client.close()
