"""One process that sends: by the tracker's delivery, or by a bare loop over smtplib. Run by `delivery.py`.

It says "ready", waits for a line, sends, and says how many it sent.
"""

import smtplib
import sys
from collections.abc import Callable
from datetime import timedelta

import django

BARE, TRACKER = "bare", "tracker"


def main(how: str, count: int) -> None:
    django.setup()
    send = the_tracker() if how == TRACKER else a_bare_loop(count)
    say("ready")
    sys.stdin.readline()
    say(str(send()))


def say(words: str) -> None:
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def the_tracker() -> Callable[[], int]:
    from django.db import connection

    from tests.benchmarks.filling import NOW
    from tracker.alerts.deliver import drain
    from tracker.alerts.models import AlertState

    connection.ensure_connection()
    # A worker lives long: what it does once in its life, as loading templates, is not what is timed.
    a_message()
    drain(now=NOW - timedelta(days=1))
    return lambda: drain(now=NOW)[AlertState.SENT]


def a_bare_loop(count: int) -> Callable[[], int]:
    from django.conf import settings

    message = a_message()
    server = smtplib.SMTP(settings.EMAIL_HOST, settings.EMAIL_PORT)

    def send() -> int:
        for number in range(1, count + 1):
            server.sendmail("tracker@localhost", [f"reader{number}@readers.example"], message)
        server.quit()
        return count

    return send


def a_message() -> bytes:
    """Return one of the mails that the tracker would send, so that both send the same."""
    from tests.benchmarks.filling import NOW
    from tracker.alerts.emails import pattern_of
    from tracker.alerts.mails import compose
    from tracker.alerts.models import Alert
    from tracker.alerts.wire import as_stored

    alert = Alert.objects.filter(subscriber__isnull=False).latest("pk")
    mail = compose(alert, now=NOW)
    values = {**mail.values, "to": mail.recipient, "message_id": mail.message_id, "date": "x"}
    return as_stored(pattern_of(mail).fill(values))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
