"""The files of the data on disk: one is made at a time, and given to all who ask while it is right.

To make one takes up to minutes of a processor. Strangers who ask for all of them at once must not take the
site from its readers: whoever comes while one is being made is told so, in whichever process.

What is kept is of one edition of the record, and of one quarter of an hour. Days end in every time zone at a
quarter of an hour in UTC, so within one the clock changes nothing in a file but the instant that it names.
"""

import fcntl
import gzip
import io
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings

from pledges.models import Event
from tracker import edition
from tracker.public.keeping import FORMAT

QUARTER = 15 * 60  # seconds
LOCK = "lock"
Write = Callable[[], Iterable[bytes]]


class Opened(io.FileIO):
    """A file on disk that closes itself: an answer in whose place another is given is never closed."""

    def __del__(self) -> None:
        self.close()


class Unpacked(gzip.GzipFile):
    """A packed file, read as what is in it."""

    def __init__(self, packed: Opened) -> None:
        super().__init__(fileobj=packed, mode="rb")
        self.packed = packed

    def fileno(self) -> int:
        """Have none: a web server would send the packed bytes by it."""
        raise io.UnsupportedOperation("fileno")

    def close(self) -> None:
        super().close()
        self.packed.close()


def export(address: str, write: Write, now: datetime) -> Opened | None:
    """Return the file of an address, open, as `write` makes it of the record at `now` (aware).

    It is read from disk where it was made before, since the last change of the record and in this quarter of
    an hour. None while another file is being made. Raises OSError where the disk takes none.
    """
    folder = settings.VAR_DIR / "exports"
    folder.mkdir(mode=0o700, exist_ok=True)
    stamp = _stamp(now)
    kept = folder / f"{stamp}-{_hash(address)}" if stamp else None
    found = _opened(kept)
    if found:
        return found
    with _alone(folder) as is_alone:
        if not is_alone:
            return None
        # It may have been made by the one who was alone until now.
        return _opened(kept) or _made(folder, kept, write)


def _stamp(now: datetime) -> str:
    """Return what the files that are right at `now` have in their names; empty while there is no edition.

    The last event is in it for when Redis, which tells the edition, did not hear of it. Read before the
    record: what is kept may be newer than its name, never older.
    """
    name = edition.current()
    if not name:
        return ""
    last = Event.objects.order_by("-pk").values_list("pk", flat=True).first()
    return _hash(FORMAT, name, str(last), str(int(now.timestamp()) // QUARTER))


def _hash(*facts: str) -> str:
    return sha256(chr(0).join(facts).encode()).hexdigest()[:32]


def _opened(kept: Path | None) -> Opened | None:
    try:
        return Opened(kept) if kept else None
    except FileNotFoundError:
        return None


@contextmanager
def _alone(folder: Path) -> Iterator[bool]:
    """Tell whether no other thread or process makes a file until the end. A killed one lets go."""
    with (folder / LOCK).open("w") as file:
        yield _is_locked(file.fileno())


def _is_locked(number: int) -> bool:
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _made(folder: Path, kept: Path | None, write: Write) -> Opened:
    """Make a file and return it, open. It gets its name once it is whole; without one it ends when closed."""
    if kept:
        _remove_all_but(kept.name.partition("-")[0], folder)
    with TemporaryDirectory(prefix="making-", dir=folder) as making:
        path = Path(making) / "file"
        with path.open("wb") as file:
            file.writelines(write())
        made = Opened(path)
        if kept:
            path.replace(kept)
        return made


def _remove_all_but(stamp: str, folder: Path) -> None:
    """Remove what is not right any more, and what a killed process left. Who reads one may read on."""
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        elif path.name != LOCK and not path.name.startswith(stamp):
            path.unlink(missing_ok=True)
