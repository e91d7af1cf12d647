"""The only writers of the record.

Every verb takes keyword arguments, validates them, writes, and appends the Event in the same
transaction. `now` is the aware instant of recording, read once at the edge; days (`*_on`) are
those of the world, in the body's time zone. Bad input raises ValidationError with the field named.
"""

from .checkpoints import take_checkpoint
from .deadlines import DeadlineTerms, extend_deadline, move_deadline
from .delivery import assess, needs_second_person, record_check
from .pledges import amend_pledge, assign, record_pledge
from .publication import publish, unpublish
from .subjects import amend_subject, is_public, record_body, record_case, record_source
from .triggers import record_trigger, waiting_deadline
from .updates import add_update, amend_update
from .verdicts import confirm_verdict, decline_verdict, propose_verdict, waiting_proposal
from .watch import FlaggedBatch, flag_overdue
from .wordings import translate

__all__ = [
    "DeadlineTerms",
    "FlaggedBatch",
    "add_update",
    "amend_pledge",
    "amend_subject",
    "amend_update",
    "assess",
    "assign",
    "confirm_verdict",
    "decline_verdict",
    "extend_deadline",
    "flag_overdue",
    "is_public",
    "move_deadline",
    "needs_second_person",
    "propose_verdict",
    "publish",
    "record_body",
    "record_case",
    "record_check",
    "record_pledge",
    "record_source",
    "record_trigger",
    "take_checkpoint",
    "translate",
    "unpublish",
    "waiting_deadline",
    "waiting_proposal",
]
