"""One line for one log entry: text from outside cannot forge a second one."""

import logging
import re
import time

_MAILED_LINK = re.compile(r"(/follow/(?:confirm|manage|leave)/)[^/\s\"']+")


class LineFormatter(logging.Formatter):
    """Formats in UTC and escapes line breaks in the message; a traceback keeps its own lines.

    A link that was mailed to a reader opens what it names: its token never stands in a log.
    """

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)

    def format(self, record: logging.LogRecord) -> str:
        return _MAILED_LINK.sub(r"\1[link]", super().format(record))


class ForeignHost(logging.Filter):
    """Makes one constant line of a request for a host that is not ours: strangers send them without end.

    Django adds a traceback, and the name as they wrote it, which may be an address or as long as a page.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg, record.args = "refused a request for a host that TRACKER_ALLOWED_HOSTS does not name", ()
        record.exc_info = record.exc_text = None
        return True
