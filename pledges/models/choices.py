"""The closed vocabularies of the record. Stored values are stable; labels may be translated."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    INVESTIGATE = "investigate", _("Investigate")
    PROSECUTE = "prosecute", _("Prosecute")
    REPORT = "report", _("Report")
    LEGISLATE = "legislate", _("Legislate")
    COMPENSATE = "compensate", _("Compensate")
    RELEASE = "release", _("Release")
    REFORM = "reform", _("Reform")
    COOPERATE = "cooperate", _("Cooperate")
    OTHER = "other", _("Other")


class Status(models.TextChoices):
    """Delivery: what a person judged from evidence. The clock never sets it."""

    NO_EVIDENCE = "no_evidence", _("No evidence yet")
    IN_PROGRESS = "in_progress", _("In progress")
    PARTLY_FULFILLED = "partly_fulfilled", _("Partly fulfilled")
    FULFILLED = "fulfilled", _("Fulfilled")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    UNVERIFIABLE = "unverifiable", _("Unverifiable")


# While a pledge has one of these, its deadline is watched.
OPEN_STATUSES = (Status.NO_EVIDENCE, Status.IN_PROGRESS, Status.PARTLY_FULFILLED)


# They say of a body that it broke its word: that takes two people.
STRONG_STATUSES = (Status.REFUSED, Status.WITHDRAWN)


class Publication(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PUBLISHED = "published", _("Published")
    UNPUBLISHED = "unpublished", _("Taken off the public pages")


class Precision(models.TextChoices):
    """How exact a stated date is. A window is never narrowed to a made-up day."""

    DAY = "day", _("Day")
    MONTH = "month", _("Month")
    QUARTER = "quarter", _("Quarter")
    HALF_YEAR = "half_year", _("Half-year")
    YEAR = "year", _("Year")


class DeadlineKind(models.TextChoices):
    ORIGINAL = "original", _("Original")
    EXTENSION = "extension", _("Extension")
    SHORTENING = "shortening", _("Shortening")
    CORRECTION = "correction", _("Correction")
    TRIGGER = "trigger", _("Trigger")


class Agreement(models.TextChoices):
    """Whether a body moved its own deadline alone."""

    UNILATERAL = "unilateral", _("Set by the body alone")
    AGREED = "agreed", _("Agreed with who was promised")


class NoDateReason(models.TextChoices):
    """Why a pledge has no due date. The phrase is kept; nothing is invented."""

    NOT_STATED = "not_stated", _("No time was stated")
    VAGUE = "vague", _("The words name no date")
    EVENT_TIED = "event_tied", _("Waits for an event")
    UNREADABLE = "unreadable", _("The words allow more than one reading")


class UpdateKind(models.TextChoices):
    PROGRESS = "progress", _("Progress")
    FULFILMENT = "fulfilment", _("Delivery")
    CRITICISM = "criticism", _("Criticism")
    # Of what this record says, by whoever: it is answered. Criticism is of the body.
    DISPUTE = "dispute", _("Objection")
    REPLY = "reply", _("Reply of the body")
    NOTE = "note", _("Note")


class QuoteForm(models.TextChoices):
    VERBATIM = "verbatim", _("Verbatim")
    REPORTED = "reported", _("As reported, not word for word")


class BodyKind(models.TextChoices):
    HEAD_OF_STATE = "head_of_state", _("Head of state")
    GOVERNMENT = "government", _("Government")
    MINISTRY = "ministry", _("Ministry")
    COMMISSION = "commission", _("Commission")
    COURT = "court", _("Court")
    PARLIAMENT = "parliament", _("Parliament")
    SECURITY_FORCE = "security_force", _("Security force")
    REGIONAL = "regional", _("Regional government")
    OTHER = "other", _("Other")


class SourceKind(models.TextChoices):
    OFFICIAL = "official", _("Official document")
    STATEMENT = "statement", _("Official statement")
    PRESS = "press", _("Press report")
    NGO = "ngo", _("Report by an organisation")
    UN = "un", _("United Nations")
    COURT = "court", _("Court document")
    OTHER = "other", _("Other")


class EventKind(models.TextChoices):
    RECORDED = "recorded", _("Recorded")
    AMENDED = "amended", _("Draft changed")
    ASSIGNED = "assigned", _("Assigned")
    PUBLISHED = "published", _("Published")
    UNPUBLISHED = "unpublished", _("Taken off the public pages")
    DEADLINE_SET = "deadline_set", _("Deadline recorded")
    DEADLINE_MOVED = "deadline_moved", _("Deadline moved")
    BECAME_OVERDUE = "became_overdue", _("Became overdue")
    UPDATE_ADDED = "update_added", _("Update")
    ASSESSED = "assessed", _("Assessed")
    VERDICT_PROPOSED = "verdict_proposed", _("Verdict proposed")
    VERDICT_DECLINED = "verdict_declined", _("Proposed verdict declined")
    CHECKED = "checked", _("Checked for evidence")
    CORRECTED = "corrected", _("Corrected")
    TRANSLATED = "translated", _("Translated")


# What the public timeline, feeds and calendars may read.
PUBLIC_EVENT_KINDS = (
    EventKind.PUBLISHED,
    EventKind.UNPUBLISHED,
    EventKind.DEADLINE_SET,
    EventKind.DEADLINE_MOVED,
    EventKind.BECAME_OVERDUE,
    EventKind.UPDATE_ADDED,
    EventKind.ASSESSED,
    EventKind.CHECKED,
    EventKind.CORRECTED,
    EventKind.TRANSLATED,
)

LANGUAGES = (
    ("ar", _("Arabic")),
    ("en", _("English")),
    ("es", _("Spanish")),
    ("fr", _("French")),
    ("ckb", _("Kurdish (Sorani)")),
    ("kmr", _("Kurdish (Kurmanji)")),
    ("ne", _("Nepali")),
    ("pt", _("Portuguese")),
    ("ru", _("Russian")),
    ("si", _("Sinhala")),
    ("sw", _("Swahili")),
    ("ta", _("Tamil")),
    ("uk", _("Ukrainian")),
    ("und", _("Other")),
)
RIGHT_TO_LEFT = frozenset({"ar", "ckb", "fa", "he", "ur"})


def language_name(code: str) -> str:
    """Return what a language is called in the active one; an unknown code is returned as it is."""
    return str(dict(LANGUAGES).get(code, code))
