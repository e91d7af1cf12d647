"""Where run-time state lives: one folder that only its owner can read. Standard library only."""

import hashlib
import os
import secrets
import stat
import tempfile
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
# Linux allows 107 bytes in the path of a unix socket.
LONGEST_SOCKET_PATH = 107


def private_folder(path: Path) -> Path:
    """Make `path` (and its parents) readable by its owner alone and return it.

    Raises PermissionError when somebody else owns it, OSError when it cannot be made.
    """
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid():
        raise PermissionError(f"{path} belongs to somebody else")
    if stat.S_IMODE(found.st_mode) & 0o077:
        path.chmod(0o700)
    return path


def redis_socket(var_dir: Path) -> Path:
    """Return the well-known path of the embedded Redis socket for this `var_dir`.

    Every process finds the same one without being told; the folder is made by whoever starts Redis.
    """
    usual = var_dir / "redis" / "redis.sock"
    if len(os.fsencode(usual)) <= LONGEST_SOCKET_PATH:
        return usual
    digest = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"pledge-tracker-{os.geteuid()}-{digest}" / "redis.sock"


def kept_secret(path: Path) -> str:
    """Return the secret in `path`, made at random on first use and readable by its owner alone.

    Two processes that start together end up with the same secret: the first link wins.
    """
    if not path.exists():
        fresh = path.with_name(f"{path.name}.{os.getpid()}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    return path.read_text(encoding="ascii").strip()
