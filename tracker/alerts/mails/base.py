"""What every written mail has, and how its three templates become one."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from pledges.models import Checkpoint
from tracker.alerts.context import site_host

# In a mail that is rendered once for many readers, what differs from one to the next stands between these
# two signs of Unicode's private area. They mean nothing to HTML, and no text of the record holds them.
SLOT = re.compile("\ue000([a-z_]+)\ue001")


def slot(name: str) -> str:
    """Return the place in a template that is filled in anew for every reader."""
    return f"\ue000{name}\ue001"


@dataclass(frozen=True)
class Parts:
    subject: str
    text: str
    html: str

    def filled(self, values: Mapping[str, str]) -> "Parts":
        """Return the parts with every slot filled in, as one reader gets them."""

        def fill(text: str) -> str:
            return SLOT.sub(lambda found: values[found[1]], text)

        return Parts(fill(self.subject), fill(self.text), fill(self.html))


@dataclass(frozen=True, kw_only=True)
class Mail:
    """A written mail. `values` fill the slots of `parts`.

    `leave_url` is where one click ends all mail to this reader. `untrue` names the members of a digest
    that were left out, and why.
    """

    recipient: str
    message_id: str
    parts: Parts
    values: Mapping[str, str] = field(default_factory=dict)
    return_path: str
    leave_url: str = ""
    untrue: dict[int, str] = field(default_factory=dict)
    is_empty: bool = False


@dataclass(frozen=True)
class Written:
    """What a writer makes of an alert; the fields are those of `Mail`. `word` goes into the Message-ID."""

    parts: Parts
    word: str
    values: Mapping[str, str] = field(default_factory=dict)
    leave_url: str = ""
    untrue: dict[int, str] = field(default_factory=dict)
    is_empty: bool = False


def write(name: str, context: dict[str, Any]) -> Parts:
    """Render the templates `alerts/<name>.*` in the active language."""
    context |= {
        "site_name": settings.TRACKER_SITE_NAME,
        "site_url": settings.TRACKER_SITE_URL,
        "checkpoint": Checkpoint.objects.order_by("number").last(),
    }
    return Parts(
        subject=one_line(render_to_string(f"alerts/{name}.subject.txt", context)),
        text=_tidy(render_to_string(f"alerts/{name}.txt", context)),
        html=render_to_string(f"alerts/{name}.html", context).strip() + "\n",
    )


def one_line(text: str) -> str:
    """Make a header of it: a title with line breaks or control characters must not end the header."""
    words = " ".join(text.split())
    return "".join(sign for sign in words if unicodedata.category(sign) != "Cc")


def _tidy(text: str) -> str:
    """Drop the empty lines that template tags leave behind."""
    # The space after the two dashes tells mail programs that the signature begins.
    lines = "\n".join(line if line == "-- " else line.rstrip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", lines).strip() + "\n"


def message_id(alert_id: int, word: str) -> str:
    """Return the same Message-ID at every attempt, so that a mail that arrives twice is known as one."""
    return f"<alert-{alert_id}.{word}@{site_host()}>"
