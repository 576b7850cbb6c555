"""The arguments of WhiteBIT's methods, checked one by one; what is wrong with them is code 1."""

from collections.abc import Callable

Method = Callable[[list[object], int], object]
SUCCESS = {"status": "success"}


class RequestRejected(Exception):
    """The venue says no: code and message (2.4)."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def raise_invalid() -> object:
    """Refuse, as code 1."""
    raise RequestRejected(1, "invalid argument")


def require(condition: bool) -> None:
    """Refuse what is not good."""
    if not condition:
        raise_invalid()


def exactly_n(count: int, params: list[object]) -> list[object]:
    """Return the params if they are so many."""
    require(len(params) == count)
    return params


def text_argument(value: object) -> str:
    """Return a text."""
    if isinstance(value, str):
        return value
    raise RequestRejected(1, "invalid argument")


def integer_argument(value: object) -> int:
    """Return an integer; true and false are none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise RequestRejected(1, "invalid argument")
