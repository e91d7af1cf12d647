from .alert import RETRYABLE, TOPICS, Alert, AlertKind, AlertState, Bounce, Via
from .ladder import FollowUp, Ladder, LadderPass, Rung
from .limits import Allowance
from .receipt import Receipt
from .staff import Cadence, StaffReader, Team
from .subscriber import FollowRequest, Reach, Subscriber, Subscription, Topics
from .untold import Untold

__all__ = [
    "RETRYABLE",
    "TOPICS",
    "Alert",
    "AlertKind",
    "AlertState",
    "Allowance",
    "Bounce",
    "Cadence",
    "FollowRequest",
    "FollowUp",
    "Ladder",
    "LadderPass",
    "Reach",
    "Receipt",
    "Rung",
    "StaffReader",
    "Subscriber",
    "Subscription",
    "Team",
    "Topics",
    "Untold",
    "Via",
]
