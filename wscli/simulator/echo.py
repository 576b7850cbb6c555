"""A venue that says what it hears, frame kind and all: for tests of framing."""

from wscli.simulator.contract import Connection, Out, Send, Venue


class EchoConnection(Connection):
    """Text for text, binary for binary."""

    def hear(self, data: str | bytes, now_ms: int) -> list[Out]:
        """Return the message."""
        return [Send(data, delay_ms=0)]


class Echo(Venue):
    """Served beside whatever venues were asked for."""

    name = "echo"
    paths = {"echo": "/echo"}

    def connect(self, path: str, now_ms: int) -> Connection:
        """Return an echo."""
        return EchoConnection()
