"""Which connection each command of a line goes to: further ones where one may not have so many subscriptions. Pure.

A route has the connection of its name ("public") and, where its exchange takes more that way, further ones: "public 2", "public 3".
More than the exchange allows is refused before anything is sent.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from wscli.core.dialect import Dialect, commands_by_route, merged, split_by_symbol
from wscli.core.errors import Unsupported
from wscli.core.messages import Command, Subscribe, Unsubscribe
from wscli.core.record import replace

Held = Mapping[str, Sequence[Subscribe]]  # what is subscribed, by connection
NOTHING: Held = {}
Ids = Mapping[str, Container[object]]  # the ids of subscriptions, by connection
NO_IDS: Ids = {}


def route_of_connection(name: str) -> str:
    """Return the route of a connection.

    >>> route_of_connection("public 2"), route_of_connection("public")
    ('public', 'public')
    """
    return name.partition(" ")[0]


def allocated(
    dialect: Dialect, commands: Sequence[Command], held: Held = NOTHING, ids: Ids = NO_IDS
) -> Mapping[str, Sequence[Command]]:
    """Return the commands by the connection that they go to, in order. held: what each connection is subscribed to already.

    ids: the ids that the server gave to that.

    Raises Unsupported for more subscriptions, or more connections at once, than the exchange allows.
    """
    by_route = commands_by_route(dialect, commands)
    limit = dialect.endpoints.limits.subscriptions
    if limit is None:
        return by_route
    found: dict[str, Sequence[Command]] = {}
    for route, its_commands in by_route.items():
        of_route = {name: list(every) for name, every in held.items() if route_of_connection(name) == route}
        if len(of_route) < 2 and _count(of_route.get(route, ())) + _count(its_commands) <= limit:
            found[route] = its_commands
        else:
            found |= _spread(dialect, route, its_commands, of_route, ids)
    return found


def held_in_order(dialect: Dialect, subscriptions: Sequence[Subscribe]) -> Held:
    """Return subscriptions by the connection of each, if they are requested in this order."""
    return {
        name: [one for one in its_commands if isinstance(one, Subscribe)]
        for name, its_commands in allocated(dialect, subscriptions).items()
    }


def connections_note(dialect: Dialect, by_connection: Mapping[str, Sequence[Command]]) -> str | None:
    """Return that a line uses further connections, and why; None where it does not."""
    further = [
        name
        for name, commands in by_connection.items()
        if name != route_of_connection(name) and any(isinstance(one, Subscribe) for one in commands)
    ]
    if not further:
        return None
    limit, them = (
        dialect.endpoints.limits.subscriptions,
        "further connections are" if further[1:] else "a further connection is",
    )
    return f"{dialect.name} allows {limit} subscriptions per connection: {them} used ({', '.join(further)})"


def _spread(
    dialect: Dialect, route: str, commands: Sequence[Command], held: Held, ids: Ids
) -> Mapping[str, Sequence[Command]]:
    """Return the commands of one route by connection: what is subscribed already stays where it is, the rest fills the first with room."""
    names = sorted({route, *held}, key=_number)
    singles = [(one, _connections_with(one, held, ids)) for one in _one_by_one(commands)]
    new = [one for one, there in singles if not there and isinstance(one, Subscribe)]
    places = _places(dialect, route, len(new), {name: _count(held.get(name, ())) for name in names})
    found: dict[str, list[Command]] = {}
    for one, there in singles:
        for name in there or [next(places) if isinstance(one, Subscribe) else route]:
            found.setdefault(name, []).append(one)
    return {name: _together(those) for name, those in found.items()}


def _places(dialect: Dialect, route: str, wanted: int, taken: Mapping[str, int]) -> Iterator[str]:
    """Return where so many new subscriptions go, one after the other. taken: how many each connection has.

    Raises Unsupported where the exchange does not take them.
    """
    limits = dialect.endpoints.limits
    limit, free = limits.subscriptions or 0, []
    for name, count in taken.items():
        free += [name] * (limit - count)
    further = -(-max(wanted - len(free), 0) // limit)
    if further and not limits.takes_more_connections:
        raise _too_many_subscriptions(dialect, wanted, sum(taken.values()))
    if limits.connects is not None and further + (not any(taken.values())) > limits.connects[0]:
        raise _too_many_connections(dialect, wanted, further)
    for number in range(len(taken) + 1, len(taken) + further + 1):
        free += [f"{route} {number}"] * limit
    return iter(free)


def _too_many_subscriptions(dialect: Dialect, wanted: int, before: int) -> Unsupported:
    limit = dialect.endpoints.limits.subscriptions or 0
    too_many = before + wanted - limit
    asked = f"{before} are open and {wanted} more are requested" if before else f"{wanted} are requested"
    do = f"unsubscribe {too_many} first" if before >= too_many else f"leave out {too_many}"
    return Unsupported(
        f"{dialect.name} allows {limit:,} subscriptions per connection: {asked}",
        f"{do}, or start wscli a second time for the rest",
    )


def _too_many_connections(dialect: Dialect, wanted: int, further: int) -> Unsupported:
    limits = dialect.endpoints.limits
    most, period_s = limits.connects or (0, 0)
    return Unsupported(
        f"{dialect.name} allows {most} new connections in {period_s} s: {wanted} subscriptions, {limits.subscriptions} on each, need {further + 1}",
        f"ask for at most {most * (limits.subscriptions or 0)} in one line",
    )


def _connections_with(command: Command, held: Held, ids: Ids) -> list[str]:
    """Return the connections that have what a single command is about: of a whole channel to unsubscribe all, else the first."""
    if isinstance(command, Unsubscribe) and command.id is not None:
        return [name for name in held if command.id in ids.get(name, ())]
    names = [name for name, subscriptions in held.items() if any(_is_about(command, one) for one in subscriptions)]
    return names if isinstance(command, Unsubscribe) and not command.symbols else names[:1]


def _is_about(command: Command, subscribed: Subscribe) -> bool:
    return (
        isinstance(command, Subscribe | Unsubscribe)
        and command.channel == subscribed.channel
        and set(command.symbols) <= set(subscribed.symbols)
        and all(subscribed.params.get(name) == value for name, value in command.params.items())
    )


def _together(commands: Sequence[Command]) -> list[Command]:
    """Return single commands with those of one channel and kind together again, the subscriptions first."""
    subscribes = [one for one in commands if isinstance(one, Subscribe)]
    return [*merged(subscribes), *(one for one in commands if not isinstance(one, Subscribe))]


def _number(name: str) -> int:
    """Return the place of a connection among those of its route."""
    return int(name.partition(" ")[2] or 1)


def _count(commands: Iterable[Command]) -> int:
    return sum(max(len(one.symbols), 1) for one in commands if isinstance(one, Subscribe))


def _one_by_one(commands: Iterable[Command]) -> Iterator[Command]:
    for command in commands:
        match command:
            case Subscribe():
                yield from split_by_symbol(command)
            case Unsubscribe(symbols=symbols) if len(symbols) > 1:
                yield from (replace(command, symbols=(symbol,)) for symbol in symbols)
            case _:
                yield command
