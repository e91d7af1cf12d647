"""The folder that takes the mail where no mail server is set."""

import re
from pathlib import Path

from django.conf import settings

from .addresses import deliverable

_FILES = "django.core.mail.backends.filebased.EmailBackend"
ERASED = b"erased@invalid"


def forget(address: str) -> int:
    """Put a mark in place of `address` in every mail kept there; return in how many files it stood.

    Without such a folder there is nothing to do: a mail server's own logs are out of our reach.
    """
    folder = Path(settings.EMAIL_FILE_PATH)
    if settings.EMAIL_BACKEND != _FILES or not folder.is_dir():
        return 0
    forms = {each.encode() for each in (address, deliverable(address))}
    return sum(_erase(path, forms) for path in sorted(folder.glob("*.log")))


def _erase(path: Path, forms: set[bytes]) -> bool:
    kept = path.read_bytes()
    erased = kept
    for form in forms:
        # Not as a part of another address.
        whole = rb"(?<![\w.+'-])" + re.escape(form) + rb"(?![\w-]|\.\w)"
        erased = re.sub(whole, ERASED, erased)
    if erased == kept:
        return False
    # Written beside and put in its place at once: a mailbox is never half a file.
    beside = path.with_suffix(".erasing")
    beside.write_bytes(erased)
    beside.replace(path)
    return True
