"""SMTP clients that know whether a lost connection had the message on its way already."""

import smtplib

from .outcomes import LostAfterHandOver


class Smtp(smtplib.SMTP):
    """Raises LostAfterHandOver where smtplib says no more than "disconnected"."""

    is_handed_over = False

    def data(self, msg: bytes | bytearray | str) -> tuple[int, bytes]:
        self.is_handed_over = False
        try:
            return super().data(msg)
        except smtplib.SMTPServerDisconnected as error:
            if self.is_handed_over:
                raise LostAfterHandOver(str(error)) from error
            raise

    def send(self, s: bytes | bytearray | str) -> None:
        # smtplib sends commands as text; only the message itself comes as bytes.
        if isinstance(s, bytes | bytearray):
            self.is_handed_over = True
        super().send(s)


class SmtpSsl(Smtp, smtplib.SMTP_SSL):
    """The same over TLS from the start."""
