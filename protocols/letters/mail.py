"""E-mail: one message to one address over SMTP, in plain text.

The message's id is the letter's own, so that a letter sent twice (a crash between sending and noting it) is the same
message to the receiver's mail program. Source: RFC 5321, RFC 5322; 4xx answers may be tried again, 5xx need a human.
"""

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import formatdate

import aiosmtplib

from protocols.errors import DeliveryError

NONE, STARTTLS, TLS = "none", "starttls", "tls"


@dataclass(frozen=True, slots=True)
class MailOptions:
    """Where mail goes out; an empty host means that no mail can be sent."""

    host: str = ""
    port: int = 25
    security: str = STARTTLS
    username: str = ""
    password: str = ""
    sender: str = ""
    timeout_s: float = 30.0


def build_mail(
    options: MailOptions, address: str, subject: str, body: str, letter_id: str, now_s: float
) -> EmailMessage:
    """Write the message; the subject is kept on one line."""
    message = EmailMessage()
    message["From"] = options.sender or "trambox@localhost"
    message["To"] = address
    message["Subject"] = " ".join(subject.split())
    message["Date"] = formatdate(now_s)
    message["Message-ID"] = f"<{letter_id}@{_domain(options.sender)}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(body, charset="utf-8")
    return message


async def send_mail(options: MailOptions, message: EmailMessage) -> None:
    """Hand the message to the mail server.

    Raises:
        DeliveryError: it was not taken; permanent where the server refuses for good. Without a server
            a letter waits for one.
    """
    if not options.host:
        raise DeliveryError("no mail server: set smtp_host under [notices] in trambox.toml")
    try:
        await aiosmtplib.send(
            message,
            hostname=options.host,
            port=options.port,
            username=options.username or None,
            password=options.password or None,
            use_tls=options.security == TLS,
            start_tls=options.security == STARTTLS,
            timeout=options.timeout_s,
        )
    except aiosmtplib.SMTPRecipientsRefused as error:
        codes = {refusal.code for refusal in error.recipients}
        reason = "; ".join(f"{refusal.code} {refusal.message}" for refusal in error.recipients)
        raise DeliveryError(f"SMTP: {reason}", permanent=all(code >= 500 for code in codes)) from error
    except aiosmtplib.SMTPResponseException as error:
        raise DeliveryError(f"SMTP: {error.code} {error.message}", permanent=error.code >= 500) from error
    except (aiosmtplib.SMTPException, OSError, ValueError) as error:
        raise DeliveryError(f"SMTP: {str(error) or type(error).__name__}") from error


def _domain(sender: str) -> str:
    """The part after the @ of `name@domain` or `Name <name@domain>`."""
    plain = sender.rpartition("<")[2].rstrip("> ")
    try:
        return Address(addr_spec=plain).domain or "trambox.invalid"
    except (ValueError, IndexError):
        return "trambox.invalid"
