"""The methods of WhiteBIT, what they reject, and their arguments, each checked; an invalid one is code 1."""

from collections.abc import Callable, Collection, Mapping, Sequence

Params = Sequence[object] | Mapping[str, object]
Feed = Callable[[int], list[Params]]  # the time in unix milliseconds -> the params of the pushes due
Feeds = dict[str, dict[str, Feed]]  # of one connection: channel -> market -> feed
Method = Callable[[list[object], int], object]  # (params, the time in unix milliseconds) -> result
SUCCESS = {"status": "success"}


class RequestRejected(Exception):
    """A request is rejected, with a code and a message (2.4)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def invalid_argument() -> RequestRejected:
    """Return the rejection of an invalid argument."""
    return RequestRejected(1, "invalid argument")


def require(condition: bool) -> None:
    """Raise RequestRejected unless a condition holds."""
    if not condition:
        raise invalid_argument()


def exactly_n(count: int, params: list[object]) -> list[object]:
    """Return the params if there are exactly that many. Raises RequestRejected."""
    require(len(params) == count)
    return params


def text_argument(value: object) -> str:
    """Return a value that is text. Raises RequestRejected."""
    if isinstance(value, str):
        return value
    raise invalid_argument()


def integer_argument(value: object) -> int:
    """Return a value that is an integer; true and false are not. Raises RequestRejected."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise invalid_argument()


def check_market(name: str, markets: Collection[str]) -> None:
    """Raise RequestRejected for an unknown market."""
    if name not in markets:
        raise RequestRejected(9, f"market {name} does not exist")


def unsubscriber(feeds: Feeds, channel: str) -> Method:
    """Return the unsubscribe method of a whole channel, which ignores its params."""

    def unsubscribe(params: list[object], now_ms: int) -> object:
        feeds.pop(channel, None)
        return SUCCESS

    return unsubscribe
