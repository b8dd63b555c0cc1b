"""What a client may declare here: nothing new, but everything that agrees with what exists.

A provider's exchanges exist: durable, not internal, not auto-deleted, of whatever type its client believes. Loggers
that insist on queues get them by name only: a queue lives as long as its connection, holds nothing and takes nothing.
"""

from pamqp.base import Frame
from pamqp.commands import Exchange, Queue
from pamqp.constants import DOMAIN_REGEX

from protocols.amqp.codes import ChannelFault, ConnectionFault, ReplyCode

_TYPES = ("direct", "topic", "fanout")
_MOST_QUEUES = 256


class Declarations:
    """Exchanges granted to one connection, and the queue names it told us."""

    def __init__(self, exchanges: tuple[str, ...]) -> None:
        self.exchanges = frozenset(exchanges)
        self._queues: set[str] = set()
        self._made = 0

    def check_publish(self, exchange: str) -> None:
        """Raise ChannelFault 403 or 404 unless the exchange is the provider's own."""
        self._check_exchange(exchange, 0x3C0028)

    def answer(self, method: Frame) -> Frame | None:
        """Answer a method of the classes exchange and queue (None: it is answered by silence).

        Raises:
            ChannelFault: 403, 404, 406. ConnectionFault: 540, 506.
        """
        match method:
            case Exchange.Declare():
                self._declare_exchange(method)
                return None if method.nowait else Exchange.DeclareOk()
            case Exchange.Delete():
                self._check_exchange(method.exchange, method.index)
                raise ChannelFault(ReplyCode.ACCESS_REFUSED, f"exchange '{method.exchange}' stays", method.index)
            case Queue.Declare():
                name = self._declare_queue(method)
                return None if method.nowait else Queue.DeclareOk(name, 0, 0)
            case Queue.Bind():
                self._check_queue(method.queue, method.index)
                self._check_exchange(method.exchange, method.index)
                return None if method.nowait else Queue.BindOk()
            case Queue.Unbind():
                self._check_queue(method.queue, method.index)
                return Queue.UnbindOk()
            case Queue.Purge():
                self._check_queue(method.queue, method.index)
                return None if method.nowait else Queue.PurgeOk(0)
            case Queue.Delete():
                self._queues.discard(method.queue)
                return None if method.nowait else Queue.DeleteOk(0)
            case _:
                raise ConnectionFault(ReplyCode.NOT_IMPLEMENTED, method.name, method.index)

    def _declare_exchange(self, method: Exchange.Declare) -> None:
        self._check_exchange(method.exchange, method.index)
        if method.passive:
            return
        kind = method.exchange_type
        wrong = (
            f"type '{kind}', one of {', '.join(_TYPES)} expected" if kind not in _TYPES
            else "durable is true" if not method.durable
            else "auto_delete is false" if method.auto_delete
            else "internal is false" if method.internal
            else ""
        )  # fmt: skip
        if wrong:
            text = f"inequivalent arg for exchange '{method.exchange}' in vhost '/': {wrong}"
            raise ChannelFault(ReplyCode.PRECONDITION_FAILED, text, method.index)

    def _declare_queue(self, method: Queue.Declare) -> str:
        name = method.queue
        if method.passive:
            self._check_queue(name, method.index)
            return name
        if not name:
            self._made += 1
            name = f"amq.gen-{self._made}"
        elif name.startswith("amq."):
            raise ChannelFault(ReplyCode.ACCESS_REFUSED, f"queue name '{name}' is reserved", method.index)
        if len(name) > 127 or not DOMAIN_REGEX["queue-name"].fullmatch(name):
            raise ChannelFault(ReplyCode.PRECONDITION_FAILED, "invalid queue name", method.index)
        if name not in self._queues and len(self._queues) >= _MOST_QUEUES:
            raise ConnectionFault(ReplyCode.RESOURCE_ERROR, f"over {_MOST_QUEUES} queues", method.index)
        self._queues.add(name)
        return name

    def _check_queue(self, name: str, method: int) -> None:
        if name not in self._queues:
            raise ChannelFault(ReplyCode.NOT_FOUND, f"no queue '{name}' in vhost '/'", method)

    def _check_exchange(self, name: str, method: int) -> None:
        if name in self.exchanges:
            return
        if name == "" or name.startswith(("amq.", "tracking.")):
            text = f"access to exchange '{name or 'amq.default'}' in vhost '/' refused"
            raise ChannelFault(ReplyCode.ACCESS_REFUSED, text, method)
        raise ChannelFault(ReplyCode.NOT_FOUND, f"no exchange '{name}' in vhost '/'", method)
