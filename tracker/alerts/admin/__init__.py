"""Staff screens of the alerts: the mailbox, and the readers of the public."""

from . import mailbox, subscribers

__all__ = ["mailbox", "subscribers"]
