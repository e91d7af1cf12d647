"""The envelope sender of a mail: where the mail servers of the world return what they can't deliver.

With TRACKER_BOUNCE_ADDRESS set to `bounces@pledges.example` each mail has a return path of its own,
`bounces+<number of the alert in base 36>-<signature>@pledges.example`. What comes back to it is known by
that address alone, and nobody who did not get the mail can make one up.
"""

import hmac
import re
from email.utils import parseaddr
from functools import lru_cache

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import int_to_base36

_SALT = "tracker.alerts.return_path"
_SIGNATURE = 16  # hexadecimal digits: mail systems fold case, and one guess costs one mail
_TAG = re.compile(rf"(?P<name>[0-9a-z]{{1,13}})-(?P<signature>[0-9a-f]{{{_SIGNATURE}}})")
LARGEST_ID = 2**63 - 1
# RFC 5321, 4.5.3.1: octets before the @, and of a path without its angle brackets.
LONGEST_LOCAL_PART, LONGEST_PATH = 64, 254


def return_path(alert_id: int) -> str:
    """Return the envelope sender of the mail of one alert; without TRACKER_BOUNCE_ADDRESS, of all mail."""
    if not settings.TRACKER_BOUNCE_ADDRESS:
        return _plain(settings.TRACKER_MAIL_FROM)
    local, _at, domain = settings.TRACKER_BOUNCE_ADDRESS.rpartition("@")
    name = int_to_base36(alert_id)
    return f"{local}+{name}-{_sign(name)}@{domain}"


def alert_id_of(address: str) -> int | None:
    """Return the alert whose mail had the return path `address`; None when it is forged or another's.

    Upper and lower case count the same: there are mail systems that change it.
    """
    wanted_local, _at, wanted_domain = settings.TRACKER_BOUNCE_ADDRESS.lower().rpartition("@")
    local, _at, domain = address.strip().removeprefix("<").removesuffix(">").lower().rpartition("@")
    start = f"{wanted_local}+"
    if not wanted_local or domain != wanted_domain or not local.startswith(start):
        return None
    tag = _TAG.fullmatch(local.removeprefix(start))
    if tag is None or not constant_time_compare(tag["signature"], _sign(tag["name"])):
        return None
    number = int(tag["name"], 36)
    return number if number <= LARGEST_ID else None


def _sign(name: str) -> str:
    signing = _keyed(settings.SECRET_KEY).copy()
    signing.update(name.encode())
    return signing.hexdigest()[:_SIGNATURE]


# What is written down here depends on its argument only, so that no change of settings is missed.
@lru_cache(maxsize=4)
def _keyed(secret_key: str) -> hmac.HMAC:
    """Return an HMAC that has its key and no message yet: deriving the key costs more than signing."""
    return salted_hmac(_SALT, "", secret=secret_key, algorithm="sha256")


@lru_cache(maxsize=4)
def _plain(sender: str) -> str:
    return parseaddr(sender)[1]
