"""Every word that may begin a line, as data: its syntax, its meaning, what its words are and which flags it takes; and the
flags and settings themselves."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands import options
from wscli.commands.parser import VERBS
from wscli.core.format_registry import FORMATS
from wscli.repl.syntax.context import CommandSpec, FlagSpec, SettingSpec

CONNECTION_FLAGS = (
    "--sim", "--testnet", "--url", "--api", "--profile", "--proxy", "--header", "--cacert", "--insecure", "--timeout",
    "--no-reconnect", "--retry",
    "--seed", "--fault",
)  # fmt: skip
DISPLAY_FLAGS = ("--output", "--all", "--where", "--grep", "--symbol", "--channel", "--kind", "--query")
LIMIT_FLAGS = ("--count", "--for", "--until")
SUBSCRIPTION_SYNTAX = "CHANNEL SYMBOL... [key=value...]"
NATIVE_NAMES_NOTE = (
    "or the exchange's own names: publicTrade.BTCUSDT, live_trades_btcusd; several, also joined by commas"
)

COMMANDS: Mapping[str, CommandSpec] = {
    "subscribe": CommandSpec(
        f"subscribe {SUBSCRIPTION_SYNTAX} [| COMMAND] [> FILE]",
        "stream channels, until unsubscribed",
        "channels",
        (*DISPLAY_FLAGS, *LIMIT_FLAGS, "--stale", "--wait", "--dry-run"),
        follows_exchange=True,
        details=(NATIVE_NAMES_NOTE, "a private channel opens its own socket and logs in by itself", "| jq .data.p pipes this stream alone; > FILE keeps it"),
    ),
    "unsubscribe": CommandSpec(
        f"unsubscribe {SUBSCRIPTION_SYNTAX}",
        "stop what is on, show the answer",
        "subscriptions",
        ("--wait", "--dry-run"),
        follows_exchange=True,
        details=("Tab offers what is on",),
    ),
    "query": CommandSpec(
        "query NAME [SYMBOL...] [key=value...]",
        VERBS["query"],
        "query",
        ("--output", "--query", "--wait", "--dry-run"),
        follows_exchange=True,
    ),
    "ping": CommandSpec("ping", VERBS["ping"], flags=("--wait", "--dry-run"), follows_exchange=True),
    "auth": CommandSpec("auth", VERBS["auth"], flags=("--wait", "--dry-run"), follows_exchange=True),
    "send": CommandSpec(
        "send JSON",
        "send a frame of your own, show its answer",
        "json",
        ("--wait", "--dry-run"),
        follows_exchange=True,
        details=("the JSON needs no quotes here, and may go on over several lines until its brackets are closed",),
    ),
    "explain": CommandSpec(
        f"explain [JSON [{SUBSCRIPTION_SYNTAX}]]",
        "label a message: the last one, or this one",
        "message",
        ("--output",),
        follows_exchange=True,
        details=("the words say what it was subscribed as, for venues whose messages do not",),
    ),
    "book": CommandSpec(
        "book [CHANNEL] SYMBOL [key=value...]",
        "keep the order book of one symbol, until Ctrl-C",
        "book",
        ("--depth", "--verify", "--fault", "--seed", "--output", "--count", "--for", "--stale", "--wait", "--dry-run"),
        follows_exchange=True,
        details=("a ladder on a terminal, else a JSON line for every change of the best levels", "it has the screen, and a connection of its own"),
    ),
    "doctor": CommandSpec(
        f"doctor [{SUBSCRIPTION_SYNTAX}]",
        "check everything on the way to the venue, the credentials, and how long a first message takes",
        "channels",
        flags=("--output", "--wait", "--timeout"),
        follows_exchange=True,
    ),
    "channels": CommandSpec(
        "channels [NAME]",
        "the catalogue: parameters, values, fields, an example frame",
        "channel",
        ("--output",),
        follows_exchange=True,
    ),
    "exchanges": CommandSpec("exchanges", "one row per venue: endpoints, login, channels, notes", flags=("--output",)),
    "styles": CommandSpec("styles", "the styles for --style and set style, each in its colours", flags=("--output",)),
    "use": CommandSpec("use EXCHANGE", "make a venue the one that lines speak to", "exchange", CONNECTION_FLAGS),
    "connect": CommandSpec(
        "connect EXCHANGE|URL [--sim|--testnet|--url URL]", "open a venue, or any socket", "exchange", CONNECTION_FLAGS
    ),
    "disconnect": CommandSpec("disconnect [EXCHANGE]", "close a venue: the one in use, or this one", "open"),
    "status": CommandSpec("status", "what is open: sockets, login, rates, lag", flags=("--output",)),
    "subscriptions": CommandSpec("subscriptions", "what is on: messages, rate, age of the last one", flags=("--output",)),
    "symbols": CommandSpec(
        "symbols [refresh]", "the symbols that are known; refresh asks the venue", "symbols", follows_exchange=True
    ),
    "pause": CommandSpec("pause", "show nothing for now; recordings and counters go on"),
    "resume": CommandSpec("resume", "show messages again"),
    "last": CommandSpec("last [N]", "show the last messages again", "number", ("--output", "--where", "--grep", "--kind")),
    "show": CommandSpec("show ID", "one message in full, labelled", "number", ("--output",)),
    "where": CommandSpec(
        "where [FIELD OP VALUE]",
        "show what matches; without a condition, everything again",
        "condition",
        details=(
            "OP is one of = != > >= < <= ~ !~; ~ is a regular expression",
            "FIELD is a field of the rows (price, side), or a path into the message (data.0.p)",
            "for example: where price>36500, where side=buy, where status ~ ^(NEW|FILLED)$",
        ),
    ),
    "grep": CommandSpec("grep [REGEX]", "show messages whose text matches; without one, everything again", "regex"),
    "output": CommandSpec("output FORMAT", "how messages are shown, without resubscribing", "format"),
    "-o": CommandSpec("-o FORMAT", "the same as output FORMAT", "format"),
    "set": CommandSpec("set [NAME [VALUE]]", "list settings, or change one", "setting"),
    "clear": CommandSpec("clear", "clear the screen"),
    "help": CommandSpec("help [COMMAND | EXCHANGE [CHANNEL]]", "what there is, or one thing in full", "topic"),
    "source": CommandSpec("source FILE", "run the lines of a file, one after the other", "file", ("--keep-going", "--wait")),
    "save": CommandSpec("save NAME", "keep what is on as a favourite", "name"),
    "run": CommandSpec("run NAME", "run a favourite", "favourite"),
    "expect": CommandSpec(
        "expect FIELD OP VALUE [--wait TIME]",
        "fail unless the last message matches, or one that comes in time",
        "condition",
        ("--wait",),
    ),
    "wait-for": CommandSpec(
        "wait-for FIELD OP VALUE [--wait TIME]", "wait for a message that matches", "condition", ("--wait",)
    ),
    "record": CommandSpec("record FILE", "write both directions to a file as JSON lines, secrets masked", "file"),
    "quit": CommandSpec("quit", "close everything and leave (Ctrl-D)"),
    "exit": CommandSpec("exit", "the same as quit"),
}  # fmt: skip

SETTINGS: Mapping[str, SettingSpec] = {
    "output": SettingSpec("how messages are shown", tuple(FORMATS)),
    "color": SettingSpec("colours", options.COLORS),
    "style": SettingSpec("colours of this style; styles shows them all", offered=options.STYLES),
    "keys": SettingSpec("how the line is edited", ("emacs", "vi")),
    "wait": SettingSpec("how long an answer is waited for: 10, 500ms, 30s, 5m"),
    "all": SettingSpec("acks, heartbeats and greetings too", ("on", "off")),
    "shown": SettingSpec("messages a second that reach the screen at most"),
}

FLAGS: Mapping[str, FlagSpec] = {
    f.names[-1]: FlagSpec(f.names, f.help, f.metavar or None, f.allowed, f.is_repeatable, f.offered)
    for f in (*options.FLAGS, *options.BOOK_FLAGS)
}
