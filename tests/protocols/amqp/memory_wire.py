"""A client and a server joined in memory."""

from dataclasses import dataclass, field

from protocols.amqp.client import ClientConnection
from protocols.amqp.events import Event, LoginAttempted
from protocols.amqp.server import ServerConnection


@dataclass
class Pair:
    """Both ends; `pump` carries bytes until nobody has anything to say, in pieces of `piece` bytes."""

    client: ClientConnection = field(default_factory=lambda: ClientConnection("gps1", "secret"))
    server: ServerConnection = field(default_factory=ServerConnection)
    exchanges: tuple[str, ...] = ("tracking.gps1",)
    piece: int = 1 << 30

    def pump(self) -> tuple[list[Event], list[Event]]:
        """Return what the client and what the server heard."""
        at_client: list[Event] = []
        at_server: list[Event] = []
        while True:
            up, down = self.client.data_to_send(), self.server.data_to_send()
            if not up and not down:
                return at_client, at_server
            for at in range(0, len(up), self.piece):
                for event in self.server.receive_data(up[at : at + self.piece]):
                    at_server.append(event)
                    if isinstance(event, LoginAttempted):
                        self.server.accept_login(self.exchanges)
            for at in range(0, len(down), self.piece):
                at_client += self.client.receive_data(down[at : at + self.piece])

    def open(self, *channels: int, confirms: bool = True) -> "Pair":
        """Shake hands and open channels."""
        self.pump()
        for channel in channels:
            self.client.open_channel(channel)
            self.pump()
            if confirms:
                self.client.select_confirms(channel)
        self.pump()
        return self
