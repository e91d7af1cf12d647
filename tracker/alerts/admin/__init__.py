"""Staff screens of the alerts: the mailbox, how staff are told, and the readers of the public."""

from . import mailbox, preferences, subscribers

__all__ = ["mailbox", "preferences", "subscribers"]
