"""What needs no socket: the catalogue (`channels`), `explain`, and the table of exchanges."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence

from wscli.app.api_routing import named, pinned
from wscli.app.evidence import Reader, remark
from wscli.app.settings import Desk, view_of, wanted_of
from wscli.commands.options import Options
from wscli.commands.parser import subscriptions
from wscli.commands.reference import VERBS, Entry, aligned, entries, example_frames, in_full, overview, state_of
from wscli.core.catalogue import Channel
from wscli.core.dialect import Dialect, one_by_one
from wscli.core.errors import UsageError, choices
from wscli.core.jsontext import Json, parsed, written
from wscli.core.messages import Active, Kind, Received, Subscribe
from wscli.core.record import fields, replace
from wscli.core.shared_map import added
from wscli.exchanges import DIALECTS, exchange_dialects
from wscli.output.explain import explained, explained_rows
from wscli.output.json_layout import safe
from wscli.output.rows import columns, labels, rows
from wscli.output.stdout import Output
from wscli.storage import stdin

# --- channels ------------------------------------------------------------------------------------


def channels(desk: Desk, name: str | None) -> str:
    """Return the catalogue of an exchange, or one entry of it in full: of each of its APIs, unless one is chosen."""
    found = _catalogues(desk, name)
    if wants_json(desk.options):
        return "".join(f"{written(_entry(dialect, kind, c))}\n" for dialect, entries in found for kind, c in entries)
    if name is not None:
        return "\n".join(in_full(dialect, kind, c) for dialect, entries in found for kind, c in entries)
    return "\n".join(f"{state_of(dialect)}\n{overview(entries)}" for dialect, entries in found)


def _catalogues(desk: Desk, name: str | None) -> list[tuple[Dialect, list[Entry]]]:
    """Return the entries of that name of each API that has some. Raises UsageError where none has."""
    desk = pinned(desk)
    dialects = (desk.dialect,) if desk.options.api is not None else exchange_dialects(desk.dialect.name)
    found = [
        (d, [e for e in entries(d) if name is None or name == e[1].name or name in e[1].templates]) for d in dialects
    ]
    kept = [(dialect, those) for dialect, those in found if those]
    if kept or name is None:
        return kept
    names = [*dict.fromkeys(c.name for d in dialects for _, c in entries(d))]
    raise UsageError(f"{desk.dialect.name} has no channel named {name!r}", choices(name, names), word=name)


def _entry(dialect: Dialect, kind: str, c: Channel) -> dict[str, Json]:
    """Return a catalogue entry as JSON, for programs."""
    verb = VERBS[kind]
    return {
        "exchange": dialect.name,
        "api": _api(dialect),
        "kind": kind,
        "name": c.name,
        "summary": c.summary,
        "private": c.private,
        "wire": c.wire or None,
        "symbols": {"least": c.symbols[0], "most": c.symbols[1], "like": (c.shape or dialect.shape).example},
        "params": [
            {
                "name": p.name,
                "type": p.type,
                "allowed": list(p.allowed) or None,
                "default": p.default,
                "required": p.default is None and not p.optional,
                "minimum": p.minimum,
                "maximum": p.maximum,
                "note": p.note or None,
            }
            for p in c.params
        ],
        "fields": {
            name: [
                {
                    "at": f.at,
                    "name": f.name,
                    "type": f.type,
                    "unit": f.unit or None,
                    "words": dict(f.words) or None,
                    "note": f.note or None,
                }
                for f in fields
            ]
            for name, fields in c.layouts.items()
        },
        "adds": list(c.adds),
        "example": f"wscli {dialect.name} {_pin(dialect)}{verb} "
        + (f"'{c.example}'" if kind == "frame" else c.example or c.name),
        "frames": example_frames(dialect, verb, c),
        "docs": c.docs or dialect.docs,
    }


def _pin(dialect: Dialect) -> str:
    """Return the flag without which the words of an API may mean its successor."""
    return f"--api {dialect.api.name} " if dialect.successor is not None else ""


# --- exchanges -----------------------------------------------------------------------------------


def exchanges(options: Options) -> str:
    """Return a row for each venue: API and its state, endpoints, login, channels, notes."""
    if wants_json(options):
        return "".join(f"{written(entry)}\n" for entry in map(_exchange, DIALECTS))
    table = [("NAME", "API", "ENDPOINT", "LOGIN", "CHANNELS", "NOTES")]
    for d in DIALECTS:
        counts = f"{sum(not c.private for c in d.channels)} public, {sum(c.private for c in d.channels)} private"
        queries = f", {len(d.queries)} queries" if d.queries else ""
        state = d.api.name if d.api.status == "live" else f"{d.api.name} ({d.api.status} {d.api.since})"
        table += [
            (d.name, state, next(iter(d.production.sockets.values())), d.auth or "none", counts + queries, d.notes)
        ]
    return aligned(table)


def _api(d: Dialect) -> dict[str, Json]:
    return {"name": d.api.name, "status": d.api.status, "since": d.api.since, "source": d.api.source}


def _exchange(d: Dialect) -> dict[str, Json]:
    return {
        "name": d.name,
        "title": d.title,
        "api": _api(d),
        "endpoints": dict(d.production.sockets),
        "http": d.production.http,
        "testnet": dict(d.testnet.sockets) if d.testnet else None,
        "alternatives": dict(d.alternatives),
        "login": d.auth or None,
        "channels": [c.name for c in d.channels],
        "queries": [q.name for q in d.queries],
        "keepalive_s": d.keepalive.interval_s if d.keepalive else None,
        "limits": fields(d.limits),
        "notes": d.notes or None,
        "docs": d.docs,
    }


# --- explain -------------------------------------------------------------------------------------


def explain(desk: Desk, words: Sequence[str]) -> Iterator[str]:
    """Yield each message of the words (or of standard input) labelled; later words say what it was subscribed as."""
    if not words:
        raise UsageError("explain what?", f"wscli {desk.dialect.name} explain '{{…}}', or - for standard input")
    source: Iterable[str] = stdin.lines() if words[0] == "-" else _messages(words[0])
    exact = (
        desk.options.api is not None
    )  # an API of the configuration is where it begins: the evidence may name another
    desk = named(desk, "subscribe", words[1:]) if len(words) > 1 else pinned(desk)
    told = subscriptions(desk.dialect, words[1:]) if len(words) > 1 else ()
    show = _Explaining(desk, told, exact=exact)
    shown = 0
    for number, text in enumerate((t for t in source if t.strip()), 1):
        if part := show(text, number):
            shown += 1
            yield part
        if desk.options.count is not None and shown >= desk.options.count:
            return


def _spelled(dialect: Dialect, subscribe: Subscribe) -> Subscribe:
    """Return a subscription with its symbols as this API writes them: the words may be those of another one."""
    channel = dialect.channel(subscribe.channel)
    shape = (channel.shape if channel is not None else None) or dialect.shape
    return replace(subscribe, symbols=tuple(shape.spell(symbol) for symbol in subscribe.symbols))


def _messages(text: str) -> list[str]:
    """Return the message of one word. Raises UsageError for what is not JSON: here it is a slip of quoting."""
    try:
        parsed(text)
    except ValueError as error:
        raise UsageError(
            f"not JSON: {error}", "quote the message; - reads standard input, where any text is explained"
        ) from None
    return [text]


class _Explaining:
    """The fold of `explain`: every message meets what the earlier ones taught."""

    def __init__(self, desk: Desk, told: Sequence[Subscribe], *, exact: bool) -> None:
        """exact: no other API than the desk's is meant."""
        self.desk, self.told = desk, told
        others = [] if exact else [d for d in exchange_dialects(desk.dialect.name) if d is not desk.dialect]
        dialects = (desk.dialect, *others)
        self.reader = Reader(dialects)
        self.remarked = False
        channels = tuple(c for d in dialects for c in d.channels)
        self.wanted = wanted_of(replace(desk, dialect=replace(desk.dialect, channels=channels)))  # --channel of any API
        self.helped = False
        self.format = desk.options.output or ("pretty" if sys.stdout.isatty() else "rows")
        every = () if told else columns([c for d in dialects for c in (*d.channels, *d.queries)])
        self.view = view_of(desk, told, columns=every) if self.format not in ("pretty", "rows") else None
        self.begun = False

    def __call__(self, text: str, number: int) -> str:
        try:
            payload: Json = parsed(text)
        except ValueError:
            payload = text
        reader = self.reader
        reader.weigh(payload)
        dialect, state = reader.dialect, reader.state
        for subscribe in self.told:
            for one in one_by_one(subscribe if dialect is self.desk.dialect else _spelled(dialect, subscribe)):
                key = dialect.place(payload, one)
                if key is not None and key not in state.active:
                    state = replace(state, active=added(state.active, {key: Active(one)}))
        event = dialect.decode(payload, state)
        if event.kind is Kind.UNKNOWN:
            self._help(payload)
        if not (self.remarked or self.told) and (other := reader.differing(event)) is not None:
            self.remarked = True
            Output(quiet=self.desk.options.quiet, timed=self.desk.options.verbose).note(safe(remark(dialect, *other)))
        reader.learn(event)
        received = Received(event, text, 0, number)
        made = tuple(rows(dialect, event))
        kept = self.wanted.filter.keep(received, lambda: made)
        if not kept.shown:
            return ""
        if self.format == "pretty":
            return explained(dialect, received) + "\n"
        if self.format == "rows":
            labelled = kept.matching(lambda: made) if labels(made) else explained_rows(dialect, event)
            return "".join(f"{written(row)}\n" for row in labelled)
        assert self.view is not None
        head, self.begun = "" if self.begun else self.view.head(), True
        return head + self.view.show(received, kept.matching(lambda: made))

    def _help(self, payload: Json) -> None:
        """Say once what may be missing: the words of a frame that names no channel, or that this is a recording."""
        if self.helped:
            return
        self.helped = True
        name = self.desk.dialect.name
        if isinstance(payload, dict) and {"direction", "exchange"} <= set(payload):
            Output(quiet=self.desk.options.quiet, timed=self.desk.options.verbose).note(
                "this is a recording, or -o event: wscli replay FILE shows it"
            )
        elif isinstance(payload, list) and not self.told:
            example = self.desk.dialect.channels[0].example
            said = f"this names no channel: say what it was subscribed as: wscli {name} explain - {example}"
            Output(quiet=self.desk.options.quiet, timed=self.desk.options.verbose).note(said)


# --- layout --------------------------------------------------------------------------------------


def wants_json(options: Options) -> bool:
    """Say whether a page is asked for as JSON. Raises UsageError for a format it has not."""
    if options.output not in (None, "json", "pretty", "table"):
        raise UsageError(f"this has no -o {options.output}", "one of: json pretty table")
    return options.output == "json"
