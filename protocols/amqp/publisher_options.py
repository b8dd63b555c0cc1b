"""Where and how to publish, and its short form, an AMQP URL."""

from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True, slots=True)
class PublisherOptions:
    """One exchange and routing key of one broker."""

    host: str
    port: int
    username: str
    password: str
    virtual_host: str = "/"
    exchange: str = ""
    routing_key: str = ""
    tls: bool = False
    heartbeat_s: int = 30
    mandatory: bool = True
    persistent: bool = True
    connect_s: float = 10


def parse_amqp_url(url: str, exchange: str, routing_key: str) -> PublisherOptions:
    """Read `amqp[s]://user:password@host:port/vhost`; no path means the virtual host `/`. Raises ValueError."""
    parts = urlsplit(url)
    if parts.scheme not in ("amqp", "amqps") or not parts.hostname:
        raise ValueError(f"not an AMQP URL: {parts.scheme}://{parts.hostname or ''}")
    tls = parts.scheme == "amqps"
    return PublisherOptions(
        host=parts.hostname,
        port=parts.port or (5671 if tls else 5672),
        username=unquote(parts.username or "guest"),
        password=unquote(parts.password or "guest"),
        virtual_host=unquote(parts.path[1:]) if len(parts.path) > 1 else "/",
        exchange=exchange,
        routing_key=routing_key,
        tls=tls,
    )
