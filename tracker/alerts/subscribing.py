"""How readers without an account come to get mail, change it and leave: the only writers of their rows.

Nothing is authorised but by a link that was mailed to the address. An address is kept only as long as
something is followed by it, or a request waits to be confirmed.
"""

import hmac
import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from . import allowance, local_mailbox
from .addresses import mailbox, normalise
from .allowance import Verdict
from .models import TOPICS, Alert, AlertKind, AlertState, FollowRequest, Subscriber, Subscription, Topics
from .targets import Target

logger = logging.getLogger(__name__)
UNCONFIRMED_FOR = timedelta(days=7)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """Of which kinds of news (values of TOPICS) somebody wants to hear, and how often."""

    topics: frozenset[str]
    cadence: str

    def fields(self) -> dict[str, object]:
        """Return them as the fields of a request or a subscription."""
        return {f"wants_{kind.value}": kind.value in self.topics for kind in TOPICS} | {
            "cadence": self.cadence
        }

    @classmethod
    def of(cls, row: FollowRequest | Subscription) -> "Choices":
        wanted = (kind.value for kind in TOPICS if getattr(row, f"wants_{kind.value}"))
        return cls(topics=frozenset(wanted), cadence=row.cadence)


def topic_choices() -> list[tuple[str, str]]:
    """Return the kinds of news with what each tells, as a form shows them."""
    words = {field.name: str(field.verbose_name) for field in Topics._meta.fields}
    return [(kind.value, words[f"wants_{kind.value}"]) for kind in TOPICS]


def address_key(address: str) -> str:
    """Return the keyed hash by which an address is found. Upper and lower case are the same mailbox here."""
    key = f"tracker.alerts.subscribing {settings.SECRET_KEY}".encode()
    return hmac.digest(key, normalise(address).lower().encode(), "sha256").hex()


def ask(
    address: str, target: Target, choices: Choices, *, language: str, network: str, now: datetime
) -> Verdict:
    """Keep a request to follow `target`, and queue the mail that asks to confirm it.

    Whether the address is known makes no difference that could be seen: to one that must not be written
    to no mail is queued, and nothing says so. Raises ValueError for what `addresses.deliverable` refuses.
    """
    key = address_key(address)
    # Each address is a reader of its own, but a flood of mail would hit the one who has them all.
    verdict = allowance.ask(address_key=address_key(mailbox(address)), network=network, now=now)
    if verdict is not Verdict.ALLOWED:
        return verdict
    with transaction.atomic():
        reader, _created = Subscriber.objects.select_for_update().get_or_create(
            address_key=key,
            defaults={"address": normalise(address), "language": language, "created_at": now},
        )
        if reader.suppressed_at is None and reader.erased_at is None:
            _ask_to_confirm(reader, target, choices, language=language, now=now)
    return verdict


def _ask_to_confirm(
    reader: Subscriber, target: Target, choices: Choices, *, language: str, now: datetime
) -> None:
    request = FollowRequest.objects.create(
        subscriber=reader,
        target=target.target,
        reach=target.reach,
        language=language,
        created_at=now,
        **choices.fields(),
    )
    Alert.objects.create(
        kind=AlertKind.CONFIRMATION,
        subscriber=reader,
        request=request,
        state=AlertState.QUEUED,
        claimable_at=now,
        created_at=now,
    )


@transaction.atomic
def confirm(request: FollowRequest, *, now: datetime) -> Subscription:
    """Turn a request into a subscription. An older one to the same target takes its choices."""
    reader = Subscriber.objects.select_for_update().get(pk=request.subscriber_id)
    reader.confirmed_at = reader.confirmed_at or now
    reader.language = request.language
    # The mailed link was used: whatever came back before, mail arrives now.
    reader.soft_bounces, reader.soft_bounced_at = 0, None
    reader.save(update_fields=["confirmed_at", "language", "soft_bounces", "soft_bounced_at"])
    wish, _created = Subscription.objects.update_or_create(
        subscriber=reader,
        target=request.target,
        defaults=Choices.of(request).fields() | {"reach": request.reach},
        create_defaults=Choices.of(request).fields()
        | {"reach": request.reach, "created_at": request.created_at, "confirmed_at": now},
    )
    FollowRequest.objects.filter(subscriber=reader, target=request.target).delete()
    return wish


def change(wish: Subscription, choices: Choices) -> None:
    """Let other news, or another rhythm, be told through one subscription."""
    Subscription.objects.filter(pk=wish.pk).update(**choices.fields())


def set_language(reader: Subscriber, language: str) -> None:
    Subscriber.objects.filter(pk=reader.pk).update(language=language)


@transaction.atomic
def leave(wish: Subscription, *, now: datetime) -> bool:
    """End one subscription; return whether it was the last one, and the address is forgotten with it."""
    reader = Subscriber.objects.select_for_update().get(pk=wish.subscriber_id)
    wish.delete()
    if reader.subscriptions.exists() or reader.requests.exists():
        return False
    forget(reader, now=now)
    return True


@transaction.atomic
def forget(reader: Subscriber, *, now: datetime) -> bool:
    """End all mail to a reader and take their address out of everything the tracker keeps.

    What is left is a number without an address, for the alerts that were sent. One that must never be
    written to again keeps its keyed hash. False when it was done before: then nothing changes.
    """
    reader = Subscriber.objects.select_for_update().get(pk=reader.pk)
    if reader.erased_at is not None:
        return False
    address = reader.address
    reader.subscriptions.all().delete()
    reader.requests.all().delete()
    reader.address = ""
    if reader.suppressed_at is None:
        reader.address_key = f"erased-{secrets.token_hex(24)}"
    reader.erased_at = now
    reader.save()
    transaction.on_commit(lambda: local_mailbox.forget(address))
    logger.info("subscriber %d: forgotten", reader.pk)
    return True


def stop(subscriber_id: int, *, reason: str, now: datetime) -> bool:
    """Send a subscriber nothing any more; False when it was so already. `reason` must hold no address.

    What waits for them is cancelled with the reason; what is being sent at this moment is not.
    """
    with transaction.atomic():
        reachable = Subscriber.objects.filter(pk=subscriber_id, suppressed_at=None)
        if not reachable.update(suppressed_at=now, suppressed_for=reason[:200]):
            return False
        waiting = Alert.objects.filter(subscriber=subscriber_id, state=AlertState.QUEUED)
        ended = {"state": AlertState.CANCELLED, "cancel_reason": reason[:200]}
        Alert.objects.filter(digest__in=waiting.values("pk"), state=AlertState.FOLDED).update(**ended)
        waiting.update(**ended)
    logger.info("subscriber %d: no more mail", subscriber_id)
    return True


def allow(subscriber_id: int) -> bool:
    """Take back that mail to a subscriber was stopped; False when it was not, or they were forgotten."""
    stopped = Subscriber.objects.filter(pk=subscriber_id, suppressed_at__isnull=False, erased_at=None)
    return bool(stopped.update(suppressed_at=None, suppressed_for="", soft_bounces=0, soft_bounced_at=None))


def forget_unconfirmed(*, now: datetime) -> int:
    """Delete the requests that nobody confirmed for seven days, and addresses that follow nothing.

    Returns how many addresses were forgotten. Counts of what was asked for go with them.
    """
    FollowRequest.objects.filter(created_at__lte=now - UNCONFIRMED_FOR).delete()
    allowance.forget_old(now=now)
    idle = Subscriber.objects.filter(
        erased_at=None, created_at__lte=now - UNCONFIRMED_FOR, requests=None, subscriptions=None
    )
    return sum(_forget_if_idle(reader, now=now) for reader in list(idle.order_by("pk")))


@transaction.atomic
def _forget_if_idle(reader: Subscriber, *, now: datetime) -> bool:
    """Forget a reader, unless they have asked again at this very moment."""
    Subscriber.objects.select_for_update().get(pk=reader.pk)
    if reader.requests.exists() or reader.subscriptions.exists():
        return False
    return forget(reader, now=now)
