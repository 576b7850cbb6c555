"""A venue that says what it hears, frame kind and all: for tests of framing."""

from wscli.simulator.contract import Output, Send, SimulatedConnection, SimulatedExchange


class EchoConnection(SimulatedConnection):
    """Text for text, binary for binary."""

    def receive(self, data: str | bytes, now_ms: int) -> list[Output]:
        """Return the message."""
        return [Send(data, delay_ms=0)]


class EchoExchange(SimulatedExchange):
    """Served beside whatever venues were asked for."""

    name = "echo"
    paths = {"echo": "/echo"}

    def connect(self, path: str, now_ms: int) -> SimulatedConnection:
        """Return an echo."""
        return EchoConnection()
