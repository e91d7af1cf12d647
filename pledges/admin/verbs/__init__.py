"""All verbs, in the order in which the screens offer them."""

from .base import Verb
from .deadlines import CorrectDeadline, ExtendDeadline, RecordTrigger
from .delivery import Assess, Check, ConfirmVerdict, DeclineVerdict
from .publication import Assign, Publish, Unpublish
from .updates import AddUpdate, CorrectUpdate

VERBS: dict[str, type[Verb]] = {
    verb.name: verb
    for verb in (
        ConfirmVerdict,
        DeclineVerdict,
        AddUpdate,
        CorrectUpdate,
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
