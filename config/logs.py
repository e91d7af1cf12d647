"""One line for one log entry: text from outside cannot forge a second one."""

import logging
import time


class LineFormatter(logging.Formatter):
    """Formats in UTC and escapes line breaks in the message; a traceback keeps its own lines."""

    converter = staticmethod(time.gmtime)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - the standard library's name
        record.message = record.message.replace("\r", "\\r").replace("\n", "\\n")
        return super().formatMessage(record)
