"""Every word that may begin a line, as data: its syntax, its meaning, what its words are and which flags it takes; and the
flags and settings themselves."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands import options
from wscli.commands.parser import VERBS
from wscli.repl.syntax.context import CommandFacts, FlagFacts, SettingFacts

REACHING = (
    "--sim", "--testnet", "--url", "--api", "--profile", "--proxy", "--header", "--cacert", "--insecure", "--timeout",
    "--no-reconnect", "--retry",
    "--seed", "--fault",
)  # fmt: skip
SHOWING = ("--output", "--all", "--where", "--grep", "--symbol", "--channel", "--kind", "--query")
ENDING = ("--count", "--for", "--until")
WORDS = "CHANNEL SYMBOL... [key=value...]"
NAMED = "or the exchange's own names: publicTrade.BTCUSDT, live_trades_btcusd; several, also joined by commas"

COMMANDS: Mapping[str, CommandFacts] = {
    "subscribe": CommandFacts(
        f"subscribe {WORDS} [| COMMAND] [> FILE]",
        "stream channels, until unsubscribed",
        "channels",
        (*SHOWING, *ENDING, "--stale", "--wait", "--dry-run"),
        of_venue=True,
        more=(NAMED, "a private channel opens its own socket and logs in by itself", "| jq .data.p pipes this stream alone; > FILE keeps it"),
    ),
    "unsubscribe": CommandFacts(
        f"unsubscribe {WORDS}",
        "stop what is on, show the answer",
        "subscriptions",
        ("--wait", "--dry-run"),
        of_venue=True,
        more=("Tab offers what is on",),
    ),
    "query": CommandFacts(
        "query NAME [SYMBOL...] [key=value...]",
        VERBS["query"],
        "query",
        ("--output", "--query", "--wait", "--dry-run"),
        of_venue=True,
    ),
    "ping": CommandFacts("ping", VERBS["ping"], flags=("--wait", "--dry-run"), of_venue=True),
    "auth": CommandFacts("auth", VERBS["auth"], flags=("--wait", "--dry-run"), of_venue=True),
    "send": CommandFacts(
        "send JSON",
        "send a frame of your own, show its answer",
        "json",
        ("--wait", "--dry-run"),
        of_venue=True,
        more=("the JSON needs no quotes here, and may go on over several lines until its brackets are closed",),
    ),
    "explain": CommandFacts(
        f"explain [JSON [{WORDS}]]",
        "label a message: the last one, or this one",
        "message",
        ("--output",),
        of_venue=True,
        more=("the words say what it was subscribed as, for venues whose messages do not",),
    ),
    "book": CommandFacts(
        "book [CHANNEL] SYMBOL [key=value...]",
        "keep the order book of one symbol, until Ctrl-C",
        "book",
        ("--depth", "--verify", "--fault", "--seed", "--output", "--count", "--for", "--stale", "--wait", "--dry-run"),
        of_venue=True,
        more=("a ladder on a terminal, else a JSON line for every change of the best levels", "it has the screen, and a connection of its own"),
    ),
    "doctor": CommandFacts(
        f"doctor [{WORDS}]",
        "check everything on the way to the venue, the credentials, and how long a first message takes",
        "channels",
        flags=("--output", "--wait", "--timeout"),
        of_venue=True,
    ),
    "channels": CommandFacts(
        "channels [NAME]",
        "the catalogue: parameters, values, fields, an example frame",
        "channel",
        ("--output",),
        of_venue=True,
    ),
    "exchanges": CommandFacts("exchanges", "one row per venue: endpoints, login, channels, notes", flags=("--output",)),
    "use": CommandFacts("use EXCHANGE", "make a venue the one that lines speak to", "exchange", REACHING),
    "connect": CommandFacts(
        "connect EXCHANGE|URL [--sim|--testnet|--url URL]", "open a venue, or any socket", "exchange", REACHING
    ),
    "disconnect": CommandFacts("disconnect [EXCHANGE]", "close a venue: the one in use, or this one", "open"),
    "status": CommandFacts("status", "what is open: sockets, login, rates, lag", flags=("--output",)),
    "subscriptions": CommandFacts("subscriptions", "what is on: messages, rate, age of the last one", flags=("--output",)),
    "symbols": CommandFacts(
        "symbols [refresh]", "the symbols that are known; refresh asks the venue", "symbols", of_venue=True
    ),
    "pause": CommandFacts("pause", "show nothing for now; recordings and counters go on"),
    "resume": CommandFacts("resume", "show messages again"),
    "last": CommandFacts("last [N]", "show the last messages again", "number", ("--output", "--where", "--grep", "--kind")),
    "show": CommandFacts("show ID", "one message in full, labelled", "number", ("--output",)),
    "where": CommandFacts(
        "where [FIELD OP VALUE]",
        "show what matches; without a condition, everything again",
        "condition",
        more=(
            "OP is one of = != > >= < <= ~ !~; ~ is a regular expression",
            "FIELD is a field of the rows (price, side), or a path into the message (data.0.p)",
            "for example: where price>36500, where side=buy, where status ~ ^(NEW|FILLED)$",
        ),
    ),
    "grep": CommandFacts("grep [REGEX]", "show messages whose text matches; without one, everything again", "regex"),
    "output": CommandFacts("output FORMAT", "how messages are shown, without resubscribing", "format"),
    "-o": CommandFacts("-o FORMAT", "the same as output FORMAT", "format"),
    "set": CommandFacts("set [NAME [VALUE]]", "list settings, or change one", "setting"),
    "clear": CommandFacts("clear", "clear the screen"),
    "help": CommandFacts("help [COMMAND | EXCHANGE [CHANNEL]]", "what there is, or one thing in full", "topic"),
    "source": CommandFacts("source FILE", "run the lines of a file, one after the other", "file", ("--keep-going", "--wait")),
    "save": CommandFacts("save NAME", "keep what is on as a favourite", "name"),
    "run": CommandFacts("run NAME", "run a favourite", "favourite"),
    "expect": CommandFacts(
        "expect FIELD OP VALUE [--wait TIME]",
        "fail unless the last message matches, or one that comes in time",
        "condition",
        ("--wait",),
    ),
    "wait-for": CommandFacts(
        "wait-for FIELD OP VALUE [--wait TIME]", "wait for a message that matches", "condition", ("--wait",)
    ),
    "record": CommandFacts("record FILE", "write both directions to a file as JSON lines, secrets masked", "file"),
    "quit": CommandFacts("quit", "close everything and leave (Ctrl-D)"),
    "exit": CommandFacts("exit", "the same as quit"),
}  # fmt: skip

SETTINGS: Mapping[str, SettingFacts] = {
    "output": SettingFacts("how messages are shown", tuple(options.FORMATS)),
    "color": SettingFacts("colours", options.COLORS),
    "keys": SettingFacts("how the line is edited", ("emacs", "vi")),
    "wait": SettingFacts("how long an answer is waited for: 10, 500ms, 30s, 5m"),
    "all": SettingFacts("acks, heartbeats and greetings too", ("on", "off")),
    "shown": SettingFacts("messages a second that reach the screen at most"),
}

FLAGS: Mapping[str, FlagFacts] = {
    f.names[-1]: FlagFacts(f.names, f.help, f.metavar or None, f.allowed, f.many)
    for f in (*options.FLAGS, *options.BOOK_FLAGS)
}
