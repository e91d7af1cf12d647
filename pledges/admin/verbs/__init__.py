"""All verbs, in the order in which the screens offer them."""

from .base import Verb
from .deadlines import CorrectDeadline, ExtendDeadline, RecordTrigger
from .delivery import AddUpdate, Assess, Check, ConfirmVerdict, DeclineVerdict
from .publication import Assign, Publish, Unpublish

VERBS: dict[str, type[Verb]] = {
    verb.name: verb
    for verb in (
        ConfirmVerdict,
        DeclineVerdict,
        AddUpdate,
        Check,
        Assess,
        RecordTrigger,
        ExtendDeadline,
        CorrectDeadline,
        Publish,
        Unpublish,
        Assign,
    )
}

__all__ = ["VERBS", "Verb"]
