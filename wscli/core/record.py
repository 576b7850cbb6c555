"""Frozen values with slots: what `dataclass(frozen=True, slots=True)` means, for a tenth of its price at start-up.

`dataclasses` writes and compiles half a dozen functions for every class; wscli begins with fifty such classes, and that
was a quarter of the time to its first frame. Here the functions are shared, and go by the class's own list of fields.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")
_MISSING: Any = object()


class _DefaultFactory:
    """A default that is made anew for every value."""

    __slots__ = ("make",)

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make


def field(*, default_factory: Callable[[], Any]) -> Any:
    """Return the default of a field that may not be shared: `field(default_factory=dict)`."""
    return _DefaultFactory(default_factory)


@overload
def record(kind: type[T], /) -> type[T]: ...
@overload
def record(*, frozen: bool = True, quick: bool = False) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(kind: type[Any] | None = None, /, *, frozen: bool = True, quick: bool = False) -> Any:
    """Make a class of annotated names a value: made from them in order, equal by them, and never changed.

    frozen: False where it may be changed (and is not hashed). quick: its `__init__` is its own and only mypy refuses a
    change, for what is made for every message. For classes without bases, whose methods need no super().

    >>> @record
    ... class Level:
    ...     price: str
    ...     size: str = "0"
    >>> Level("1.10"), Level("1.10") == Level("1.10", size="0"), replace(Level("1.10"), size="7")
    (Level(price='1.10', size='0'), True, Level(price='1.10', size='7'))
    """
    return (lambda later: _build_class(later, frozen, quick)) if kind is None else _build_class(kind, frozen, quick)


def replace(instance: T, **changes: Any) -> T:
    """Return a value like another one, but for some of its fields."""
    kind: Any = type(instance)
    return kind(**{**fields(instance), **changes})  # type: ignore[no-any-return]


def _build_class(kind: type[Any], frozen: bool, quick: bool) -> Any:
    names = tuple(kind.__annotations__)
    body = {name: held for name, held in kind.__dict__.items() if name not in ("__dict__", "__weakref__", *names)}
    kept = ({"__hash__": _hash} if quick else _FROZEN) if frozen else {"__hash__": None}
    own = {**_SHARED, **kept, **body}
    made: Any = type(kind.__name__, kind.__bases__, {**own, "__slots__": names, "__match_args__": names})
    made.__qualname__ = kind.__qualname__
    made._puts = tuple(getattr(made, name).__set__ for name in names)
    made._rest = tuple(
        (name, put, kind.__dict__.get(name, _MISSING)) for name, put in zip(names, made._puts, strict=True)
    )
    return made


def fields(instance: Any) -> dict[str, Any]:
    """Return a value's fields by name, in order."""
    return {name: getattr(instance, name) for name in instance.__match_args__}


def _init(self: Any, /, *args: Any, **kwargs: Any) -> None:
    for put, one in zip(self._puts, args, strict=False):
        put(self, one)
    for name, put, default in self._rest[len(args) :]:
        if name in kwargs:
            put(self, kwargs.pop(name))
        elif default is _MISSING:
            raise TypeError(f"{type(self).__name__} needs {name}")
        else:
            put(self, default.make() if type(default) is _DefaultFactory else default)
    if kwargs or len(args) > len(self._puts):
        raise TypeError(f"{type(self).__name__} takes {', '.join(self.__match_args__)}, each once")


def _equal(self: Any, other: object) -> bool:
    return fields(self) == fields(other) if type(other) is type(self) else NotImplemented


def _hash(self: Any) -> int:
    return hash(tuple(fields(self).values()))


def _repr(self: Any) -> str:
    assignments = ", ".join(f"{name}={held!r}" for name, held in fields(self).items())
    return f"{type(self).__name__}({assignments})"


def _reject_change(self: Any, name: str, to: object = None) -> None:
    raise AttributeError(f"{type(self).__name__} is a value: its {name} does not change")


_SHARED = {"__init__": _init, "__eq__": _equal, "__repr__": _repr}
_FROZEN = {"__hash__": _hash, "__setattr__": _reject_change, "__delattr__": _reject_change}
