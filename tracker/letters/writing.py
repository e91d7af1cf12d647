"""The only writers of letters. None of them sends anything: they write down what people did.

`now` is the aware instant of writing, read once at the edge; days (`*_on`) are those of the world, in the
pledge's zone. Bad input raises ValidationError with the field named, and nothing is written then.
"""

from datetime import date, datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from pledges.deadlines.lapse import local_day
from pledges.models import Body, Pledge, Update
from pledges.models.choices import UpdateKind
from pledges.punctuation import listed
from pledges.readings import day
from tracker.alerts.models import FollowUp

from .drafting import Drafted, compose
from .languages import language_of
from .models import LETTER_LANGUAGES, Letter, LetterState


@transaction.atomic
def draft_letter(
    *,
    pledge: Pledge,
    body: Body,
    actor: User,
    now: datetime,
    language: str = "",
    follow_up: FollowUp | None = None,
) -> Letter:
    """Draft the letter to `body` about a public, open pledge as the record stands at `now`.

    Without a `language` it is the body's own. `follow_up` is the rung that occasioned it.
    """
    language = language or language_of(body)
    _check_language(language)
    pledge = Pledge.objects.get(pk=pledge.pk)
    _check_pledge(pledge, body)
    if follow_up is not None and follow_up.pledge_id != pledge.pk:
        raise ValidationError({"follow_up": _("This follow-up is about another pledge.")})
    drafted = _compose(pledge, body, language, now=now)
    letter = Letter(
        pledge=pledge,
        body=body,
        follow_up=follow_up,
        language=language,
        subject=drafted.subject,
        text=drafted.text,
        pledge_position=pledge.head_position,
        drafted_at=now,
        drafted_by=actor,
    )
    letter.full_clean()
    letter.save(force_insert=True)
    return letter


@transaction.atomic
def draft_again(
    *, letter: Letter, language: str, actor: User, now: datetime, seen_version: int | None = None
) -> Letter:
    """Draft a draft anew, in `language` and as the record stands at `now`. What was typed is replaced."""
    locked = _lock(letter, seen_version)
    _require_draft(locked)
    _check_language(language)
    _check_pledge(locked.pledge, locked.body)
    drafted = _compose(locked.pledge, locked.body, language, now=now)
    locked.language, locked.subject, locked.text = language, drafted.subject, drafted.text
    locked.pledge_position = locked.pledge.head_position
    locked.drafted_at, locked.drafted_by = now, actor
    return _write(locked)


@transaction.atomic
def edit_letter(*, letter: Letter, subject: str, text: str, seen_version: int | None = None) -> Letter:
    """Change the words of a draft. A letter that was sent keeps its own."""
    locked = _lock(letter, seen_version)
    _require_draft(locked)
    locked.subject, locked.text = subject.strip(), text.strip()
    return _write(locked)


@transaction.atomic
def mark_sent(
    *,
    letter: Letter,
    sent_on: date,
    sent_how: str,
    actor: User,
    now: datetime,
    seen_version: int | None = None,
) -> Letter:
    """Write down that a person sent the letter, on which day and how.

    Of a letter that is marked sent and not answered yet, it corrects the day and the way.
    """
    locked = _lock(letter, seen_version)
    if locked.state not in (LetterState.DRAFT, LetterState.SENT):
        raise ValidationError(_wrong_state(locked), code="state")
    zone = locked.pledge.time_zone
    errors = {}
    drafted_on = local_day(locked.drafted_at, zone)
    if sent_on > local_day(now, zone):
        errors["sent_on"] = _("This day has not come yet.")
    elif sent_on < drafted_on:
        errors["sent_on"] = _("The letter was drafted later, on %s.") % day(drafted_on)
    if not sent_how.strip():
        errors["sent_how"] = _("Say how it was sent: by post, by hand, by e-mail.")
    if errors:
        raise ValidationError(errors)
    locked.state = LetterState.SENT
    locked.sent_on, locked.sent_how, locked.sent_by = sent_on, sent_how.strip(), actor
    return _write(locked)


@transaction.atomic
def attach_reply(
    *,
    letter: Letter,
    reply_on: date,
    reply_text: str,
    now: datetime,
    reply_update: Update | None = None,
    seen_version: int | None = None,
) -> Letter:
    """Write down what came back, for staff; `reply_update` is the same reply on the public record.

    Of a letter that has its reply, it corrects or completes it.
    """
    locked = _lock(letter, seen_version)
    if locked.sent_on is None:
        raise ValidationError(_("Nothing can have come back: the letter was not sent."), code="state")
    errors = {}
    if reply_on > local_day(now, locked.pledge.time_zone):
        errors["reply_on"] = _("This day has not come yet.")
    elif reply_on < locked.sent_on:
        errors["reply_on"] = _("The letter was sent later, on %s.") % day(locked.sent_on)
    if not reply_text.strip():
        errors["reply_text"] = _("Write down what came back.")
    if reply_update is not None and reply_update.pledge_id != locked.pledge_id:
        errors["reply_update"] = _("This is an update of another pledge.")
    elif reply_update is not None and reply_update.kind != UpdateKind.REPLY:
        errors["reply_update"] = _("This update is no reply of a body.")
    if errors:
        raise ValidationError(errors)
    locked.state = LetterState.ANSWERED
    locked.reply_on, locked.reply_text, locked.reply_update = reply_on, reply_text.strip(), reply_update
    return _write(locked)


@transaction.atomic
def discard(*, letter: Letter, reason: str, seen_version: int | None = None) -> Letter:
    """Write down that a draft won't be sent, and why. It is kept."""
    locked = _lock(letter, seen_version)
    _require_draft(locked)
    if not reason.strip():
        raise ValidationError({"discard_reason": _("Say why it is not sent.")})
    locked.state, locked.discard_reason = LetterState.DISCARDED, reason.strip()
    return _write(locked)


def _compose(pledge: Pledge, body: Body, language: str, *, now: datetime) -> Drafted:
    earlier = Letter.objects.filter(pledge=pledge, body=body, sent_on__isnull=False).order_by("sent_on", "pk")
    return compose(pledge=pledge, body=body, language=language, earlier=list(earlier), now=now)


def _lock(letter: Letter, seen_version: int | None) -> Letter:
    rows = Letter.objects.select_for_update(of=("self",)).select_related("pledge", "body")
    locked = rows.get(pk=letter.pk)
    if seen_version is not None and locked.version != seen_version:
        words = _("Someone changed this letter meanwhile. Nothing was saved. Open it anew and compare.")
        raise ValidationError(words, code="stale")
    return locked


def _write(locked: Letter) -> Letter:
    locked.version += 1
    locked.full_clean()
    locked.save()
    return locked


def _require_draft(letter: Letter) -> None:
    if not letter.is_draft:
        raise ValidationError(_wrong_state(letter), code="state")


def _wrong_state(letter: Letter) -> str:
    if letter.state == LetterState.DISCARDED:
        return _("This letter was put aside and is kept as it is: draft a new one.")
    return _("This letter was sent and is kept as it is: draft a new one.")


def _check_language(language: str) -> None:
    if language not in dict(LETTER_LANGUAGES):
        known = listed(str(name) for _code, name in LETTER_LANGUAGES)
        raise ValidationError({"language": _("A letter can be drafted in these languages: %s.") % known})


def _check_pledge(pledge: Pledge, body: Body) -> None:
    """A letter says that a reply is shown beside the pledge, and asks for what is missing."""
    if not pledge.is_published:
        raise ValidationError(_("A letter rests on the public record: this pledge is not public."))
    if not pledge.is_open:
        words = _("Nothing is missing: the delivery of this pledge is judged “%s”.")
        raise ValidationError(words % pledge.get_status_display())
    if not pledge.bodies.filter(pk=body.pk).exists():
        raise ValidationError({"body": _("This body is not responsible for the pledge.")})
