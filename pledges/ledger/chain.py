"""The hash chain of a stream. Pure: the same event gives the same hash everywhere and for ever.

`hash = SHA-256(RFC 8785 canonical JSON of the event, its predecessor's hash included)`, so that no event
can be changed, left out, put in or moved without a later hash giving it away.
"""

import hashlib
import secrets
from datetime import UTC, date, datetime
from typing import Any

import rfc8785

# Goes into every hash. Another form of the event needs another number, and both must be verified.
VERSION = 1
# What stands before the first event of a stream.
START = ""


def canonical(value: Any) -> bytes:  # noqa: ANN401  (JSON has no narrower name)
    """Return the one canonical form of a JSON value. Raises ValueError for what JSON can't carry exactly."""
    return rfc8785.dumps(value)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def instant(value: datetime) -> str:
    """Return an aware instant in the one form that is hashed: UTC, with microseconds."""
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_body(
    *,
    stream: str,
    position: int,
    kind: str,
    deadline: int | None,
    happened_on: date,
    recorded_at: datetime,
    actor: str | None,
    payload: dict[str, Any],
    prev_hash: str,
) -> dict[str, Any]:
    """Return what is hashed of one event.

    `deadline` is the number of the row in the pledge's deadline ledger; `actor` is the seal of who did it.
    """
    return {
        "version": VERSION,
        "stream": stream,
        "position": position,
        "kind": kind,
        "deadline": deadline,
        "happened_on": happened_on.isoformat(),
        "recorded_at": instant(recorded_at),
        "actor": actor,
        "payload": payload,
        "prev_hash": prev_hash,
    }


def hash_of(body: dict[str, Any]) -> str:
    return sha256(canonical(body))


def new_salt() -> str:
    return secrets.token_hex(16)


def seal(user_id: int | None, salt: str) -> str | None:
    """Return the commitment to who acted: it can be checked here, but tells the public nothing."""
    return None if user_id is None else sha256(f"{salt}:{user_id}".encode())
