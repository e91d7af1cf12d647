"""E-mail addresses as the alerts compare and show them."""

import re

from django.conf import settings

# What the column holds; RFC 5321 allows no longer address.
LONGEST = 320
_SIGN = r"[^\s<>()\[\],;:\"']"
# It begins where a word begins: a long word without an @ must not be looked at from each of its letters.
_ADDRESS_LIKE = re.compile(rf"(?<!{_SIGN}){_SIGN}+@{_SIGN}+")

# One whole address, and nothing that could end it; an apostrophe is a letter of some names.
_DELIVERABLE = re.compile(r"[^\s<>()\[\],;:\"@]+@[^\s<>()\[\],;:\"@]+")
# One provider under two names, for which dots before the @ mean nothing.
_WITHOUT_DOTS = ("gmail.com", "googlemail.com")


def normalise(address: str) -> str:
    """Return `address` with its domain in lower case; the part before the @ may be case-sensitive."""
    local, at, domain = address.strip().rpartition("@")
    return f"{local}{at}{domain.lower()}"


def deliverable(address: str) -> str:
    """Return `address` as a mail server takes it: ASCII, the domain in its IDNA form.

    Raises ValueError for what is no single address, or has letters before the @ that need SMTPUTF8.
    """
    local, _at, domain = address.rpartition("@")
    if not local.isascii() or not _DELIVERABLE.fullmatch(address):
        raise ValueError("this is no address that the mail server could take")
    return address if domain.isascii() else f"{local}@{domain.encode('idna').decode()}"


def mailbox(address: str) -> str:
    """Return one name for the addresses of one mailbox: "ada+news@…" is ada's, as many servers have it.

    It is for counting only: elsewhere they may be two people. Raises ValueError as `deliverable` does.
    """
    local, _at, domain = deliverable(address.strip()).lower().rpartition("@")
    # What begins with a plus is no tag.
    local = local[0] + local[1:].partition("+")[0]
    if domain in _WITHOUT_DOTS:
        local, domain = local.replace(".", ""), _WITHOUT_DOTS[0]
    return f"{local}@{domain}"


def staff_addresses() -> list[str]:
    """Return TRACKER_STAFF_ALERTS normalised, each address once."""
    return list(dict.fromkeys(normalise(address) for address in settings.TRACKER_STAFF_ALERTS))


def addresses_in(text: str) -> list[str]:
    """Return what looks like an address in `text`, in its order."""
    return _ADDRESS_LIKE.findall(text)


def redact(text: str, address: str) -> str:
    """Return `text` (a server's reply) on one line, without `address` or anything that looks like one."""
    shown = _ADDRESS_LIKE.sub("[address]", " ".join(text.split()))
    local = address.rpartition("@")[0]
    if local:
        shown = re.sub(rf"(?<!\w){re.escape(local)}(?!\w)", "[address]", shown, flags=re.IGNORECASE)
    return shown
