"""What a status code (RFC 3463) says about the address that a mail was for. Pure rules."""

import re

from .models import Bounce

# In the words of a mail server there are also numbers of its own: an address of the network is no status.
_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?!\.?\d)")
# Only these say that there is nobody at the address. Everything else may be over tomorrow, or is about the
# sender or the message: a full mailbox (5.2.2), one that was switched off (5.2.1, also said of one that
# gets too much), a policy (5.7), a name that can't be resolved today (5.4.4), "other" (5.0.0).
NOBODY_THERE = frozenset(
    {
        "5.1.1",  # no such mailbox
        "5.1.2",  # no such domain
        "5.1.3",  # not an address at all
        "5.1.6",  # moved away, nobody knows where to
        "5.1.10",  # the domain declares that it takes no mail (RFC 7505)
    }
)
# About the sender although they stand among the codes of addresses.
_ABOUT_US = frozenset({"5.1.7", "5.1.8"})


def status_in(text: str) -> str:
    """Return the first status code in `text`, such as "5.1.1"; empty when there is none."""
    found = _STATUS.search(text)
    return ".".join(str(int(number)) for number in found.groups()) if found else ""


def is_general(status: str) -> bool:
    """Return whether `status` says no more than "failed"."""
    return not status or status.endswith(".0.0")


def judge_status(status: str) -> Bounce:
    """Return what a delivery that failed with `status` means; "" when no status was given."""
    return Bounce.HARD if status in NOBODY_THERE else Bounce.SOFT


def judge_answer(code: int, status: str) -> Bounce | None:
    """Return what our own mail server's answer to RCPT says about the address; None: nothing.

    A refusal for policy, or without a status, may be one of our account with that server: it would be the
    same for every reader, and must not count against any.
    """
    is_about_it = status.startswith(("5.1.", "5.2.")) and status not in _ABOUT_US
    return judge_status(status) if 500 <= code <= 599 and is_about_it else None
