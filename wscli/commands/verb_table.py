"""Every verb as one row: what it does, in the shell, at the prompt, or both. Help, completion and validation follow from the rows."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.flag_table import VERB_FLAGS
from wscli.commands.verbs import Argument, Verb

WORDS = (Argument("words", "WORDS...", is_repeatable=True),)
SUBSCRIPTION_SYNTAX = "CHANNEL SYMBOL... [key=value...]"
NATIVE_NAMES_NOTE = (
    "or the exchange's own names: publicTrade.BTCUSDT, live_trades_btcusd; several, also joined by commas"
)

OF_EXCHANGE: tuple[Verb, ...] = (
    Verb(
        "subscribe",
        "stream channels, until unsubscribed",
        of_exchange=True,
        shell_handler="wscli.cli.exchange_commands:subscribe",
        shell_summary="Stream WORDS until Ctrl-C, --count, --for or --until.",
        page="WORDS are CHANNEL SYMBOL... key=value..., or the exchange's own names: publicTrade.BTCUSDT. Several, also with commas.\n"
        "A private channel logs in first.",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:subscribe",
        syntax=f"subscribe {SUBSCRIPTION_SYNTAX} [| COMMAND] [> FILE]",
        argument_kind="channels",
        details=(NATIVE_NAMES_NOTE, "a private channel opens its own socket and logs in by itself", "| jq .data.p pipes this stream alone; > FILE keeps it"),
    ),
    Verb(
        "unsubscribe",
        "stop what is on, show the answer",
        of_exchange=True,
        shell_handler="wscli.cli.exchange_commands:unsubscribe",
        shell_summary="Send an unsubscribe for WORDS, show the answer.",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:unsubscribe",
        syntax=f"unsubscribe {SUBSCRIPTION_SYNTAX}",
        argument_kind="subscriptions",
        details=("Tab offers what is on",),
    ),
    Verb(
        "query",
        "ask one question, NAME WORDS..., and show the answer",
        of_exchange=True,
        shell_handler="wscli.cli.exchange_commands:query",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:query",
        syntax="query NAME [SYMBOL...] [key=value...]",
        argument_kind="query",
    ),
    Verb(
        "book",
        "keep the order book of one symbol by the venue's rule",
        of_exchange=True,
        shell_handler="wscli.cli.verbs.book:keep_book",
        page="WORDS are SYMBOL [key=value...], or begin with one of the venue's book channels. On a terminal a ladder; in a pipe\n"
        "the best levels, a JSON line for every change. A gap, a delete of an unknown level, a crossed book and a wrong checksum\n"
        "are told, and the book is rebuilt.",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.subprocess_verbs:run_subprocess",
        syntax="book [CHANNEL] SYMBOL [key=value...]",
        argument_kind="book",
        details=("a ladder on a terminal, else a JSON line for every change of the best levels", "it has the screen, and a connection of its own, until Ctrl-C"),
    ),
    Verb(
        "ping",
        "one round trip: the answer, and the time it took",
        of_exchange=True,
        shell_handler="wscli.cli.exchange_commands:ping",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:ping",
        syntax="ping",
    ),
    Verb(
        "auth",
        "log in: the answer, and the time it took",
        of_exchange=True,
        shell_handler="wscli.cli.exchange_commands:auth",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:auth",
        syntax="auth",
    ),
    Verb(
        "send",
        "send JSON of your own, show its answer",
        of_exchange=True,
        shell_handler="wscli.cli.exchange_commands:send",
        page="- reads it from standard input, one frame or one a line.\n\nWith --count, --for or --until what follows is streamed too.",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:send",
        syntax="send JSON",
        argument_kind="json",
        details=("the JSON needs no quotes here, and may go on over several lines until its brackets are closed",),
    ),
    Verb(
        "channels",
        "the catalogue, offline: parameters, values, fields, an example frame",
        of_exchange=True,
        shell_handler="wscli.cli.verbs.offline_commands:print_channels",
        arguments=(Argument("name", "[NAME]"),),
        prompt_handler="wscli.repl.verbs.inspect_verbs:channels",
        syntax="channels [NAME]",
        argument_kind="channel",
    ),
    Verb(
        "explain",
        "label a message: the last one, or this one",
        of_exchange=True,
        shell_handler="wscli.cli.verbs.offline_commands:print_explanations",
        shell_summary="Label a received message, offline.",
        page="JSON, or - for lines of standard input; earlier acks on it count.\n\n"
        "Words after it say what the message was subscribed as, for venues whose messages do not: - trades BTCUSD.",
        arguments=WORDS,
        prompt_handler="wscli.repl.verbs.inspect_verbs:explain",
        syntax=f"explain [JSON [{SUBSCRIPTION_SYNTAX}]]",
        argument_kind="message",
        details=("the words say what it was subscribed as, for venues whose messages do not",),
    ),
    Verb(
        "doctor",
        "check everything on the way to the venue, the credentials, and how long a first message takes",
        of_exchange=True,
        shell_handler="wscli.cli.verbs.doctor:run_doctor",
        shell_summary="What is wrong: every step on the way to the venue, with its time.",
        page="For each socket the name, TCP, TLS, the handshake and a ping; then the clock, the signing, the form of the key and the\n"
        "venue's word on the login, where credentials are configured. With WORDS, as subscribe takes them, also the time to\n"
        "the first message of each subscription. The exit status is that of the first check that failed.",
        arguments=(Argument("words", "[WORDS]...", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.subprocess_verbs:run_subprocess",
        syntax=f"doctor [{SUBSCRIPTION_SYNTAX}]",
        argument_kind="channels",
    ),
    Verb(
        "symbols",
        "the symbols that are known; refresh asks the venue",
        of_exchange=True,
        shell_handler="wscli.cli.verbs.symbols:list_or_refresh",
        shell_summary="The known symbols, offline: the catalogue's, and the venue's own list.",
        page="refresh fetches that list from the venue over HTTP and keeps it for this verb and for completion.",
        arguments=(Argument("symbols", "[refresh]", choices=("refresh",)),),
        prompt_handler="wscli.repl.verbs.inspect_verbs:symbols_",
        syntax="symbols [refresh]",
        argument_kind="symbols",
    ),
)  # fmt: skip

OF_NO_EXCHANGE: tuple[Verb, ...] = (
    Verb(
        "exchanges",
        "one row per venue: endpoints, login, channels, notes",
        shell_handler="wscli.cli.verbs.offline_commands:print_exchanges",
        prompt_handler="wscli.repl.verbs.inspect_verbs:exchanges",
        syntax="exchanges",
    ),
    Verb(
        "styles",
        "the styles for --style and set style, each in its colours",
        shell_handler="wscli.cli.verbs.offline_commands:print_styles",
        shell_summary="The styles for --style, each in its colours.",
        page="The default, wscli, has the 16 colours of the terminal itself; the others are those of Pygments. In a pipe only the names.",
        prompt_handler="wscli.repl.verbs.inspect_verbs:styles",
        syntax="styles",
    ),
    Verb(
        "replay",
        "show recordings (--record) again, in order of time, through any -o and filter",
        shell_handler="wscli.app.replay:replay",
        page="FILE may be gzip, or a pattern in quotes ('cap-*.jsonl.gz', 'cap-%Y%m%d.jsonl'); - is standard input. Acks and the like go to standard error, as they did. --for counts the\n"
        "recording's own time.",
        arguments=(Argument("names", "FILE...", is_required=True, is_repeatable=True),),
    ),
    Verb(
        "connect",
        "any other socket: what it says, and each line of standard input sent to it",
        shell_handler="wscli.cli.raw_connect:run_connect",
        page="Once standard input has ended, what still comes within --wait is shown; status 5 if nothing does. Without a line in it (< /dev/null), and at\n"
        "a terminal, the stream goes on until Ctrl-C, --count, --for or --until, or the peer closes.",
        arguments=(Argument("url", "URL", is_required=True),),
    ),
    Verb(
        "simulate",
        "the offline venues as a server, for other programs",
        shell_handler="wscli.cli.verbs.simulate:serve_simulated",
        arguments=(Argument("names", "[EXCHANGE]...", is_repeatable=True),),
    ),
    Verb(
        "completion",
        "print the shell completion: exchanges, verbs, channels, symbols, flags",
        shell_handler="wscli.cli.verbs.offline_commands:print_completion",
        page="\b\n"
        "eval \"$(wscli completion bash)\"                                    in ~/.bashrc\n"
        "wscli completion zsh > ~/.zsh/_wscli                               fpath+=(~/.zsh), before compinit\n"
        "wscli completion fish > ~/.config/fish/completions/wscli.fish",
        arguments=(Argument("shell", "bash|zsh|fish", is_required=True, choices=("bash", "zsh", "fish")),),
    ),
)  # fmt: skip

OF_PROMPT: tuple[Verb, ...] = (
    Verb("use", "make a venue the one that lines speak to", syntax="use EXCHANGE", argument_kind="exchange",
         prompt_handler="wscli.repl.verbs.workspace_verbs:use"),
    Verb("connect", "open a venue, or any socket", syntax="connect EXCHANGE|URL [--sim|--testnet|--url URL]", argument_kind="exchange",
         prompt_handler="wscli.repl.verbs.workspace_verbs:connect"),
    Verb("disconnect", "close a venue: the one in use, or this one", syntax="disconnect [EXCHANGE]", argument_kind="open",
         prompt_handler="wscli.repl.verbs.workspace_verbs:disconnect"),
    Verb("status", "what is open: sockets, login, rates, lag", syntax="status",
         prompt_handler="wscli.repl.verbs.status_verbs:status"),
    Verb("subscriptions", "what is on: messages, rate, age of the last one", syntax="subscriptions",
         prompt_handler="wscli.repl.verbs.status_verbs:subscriptions"),
    Verb("pause", "show nothing for now; recordings and counters go on", syntax="pause",
         prompt_handler="wscli.repl.verbs.display_verbs:pause"),
    Verb("resume", "show messages again", syntax="resume",
         prompt_handler="wscli.repl.verbs.display_verbs:resume"),
    Verb("last", "show the last messages again", syntax="last [N]", argument_kind="number",
         prompt_handler="wscli.repl.verbs.inspect_verbs:last"),
    Verb("show", "one message in full, labelled", syntax="show ID", argument_kind="number",
         prompt_handler="wscli.repl.verbs.inspect_verbs:show"),
    Verb("where", "show what matches; without a condition, everything again", syntax="where [FIELD OP VALUE]", argument_kind="condition",
         prompt_handler="wscli.repl.verbs.display_verbs:where",
         details=("OP is one of = != > >= < <= ~ !~; ~ is a regular expression",
                  "FIELD is a field of the rows (price, side), or a path into the message (data.0.p)"),
         example="where price>36500, where side=buy, where status ~ ^(NEW|FILLED)$"),
    Verb("grep", "show messages whose text matches; without one, everything again", syntax="grep [REGEX]", argument_kind="regex",
         prompt_handler="wscli.repl.verbs.display_verbs:grep"),
    Verb("output", "how messages are shown, without resubscribing", syntax="output FORMAT", argument_kind="format",
         prompt_handler="wscli.repl.verbs.display_verbs:output"),
    Verb("-o", "the same as output FORMAT", syntax="-o FORMAT", argument_kind="format",
         prompt_handler="wscli.repl.verbs.display_verbs:output"),
    Verb("set", "list settings, or change one", syntax="set [NAME [VALUE]]", argument_kind="setting",
         prompt_handler="wscli.repl.verbs.display_verbs:set_"),
    Verb("clear", "clear the screen", syntax="clear",
         prompt_handler="wscli.repl.verbs.display_verbs:clear"),
    Verb("help", "what there is, or one thing in full", syntax="help [COMMAND | EXCHANGE [CHANNEL]]", argument_kind="topic",
         prompt_handler="wscli.repl.verbs.inspect_verbs:help_"),
    Verb("source", "run the lines of a file, one after the other", syntax="source FILE", argument_kind="file",
         prompt_handler="wscli.repl.verbs.script_verbs:source"),
    Verb("save", "keep what is on as a favourite", syntax="save NAME", argument_kind="name",
         prompt_handler="wscli.repl.verbs.script_verbs:save"),
    Verb("run", "run a favourite", syntax="run NAME", argument_kind="favourite",
         prompt_handler="wscli.repl.verbs.script_verbs:run_"),
    Verb("expect", "fail unless the last message matches, or one that comes in time", syntax="expect FIELD OP VALUE [--wait TIME]", argument_kind="condition",
         prompt_handler="wscli.repl.verbs.script_verbs:expect"),
    Verb("wait-for", "wait for a message that matches", syntax="wait-for FIELD OP VALUE [--wait TIME]", argument_kind="condition",
         prompt_handler="wscli.repl.verbs.script_verbs:wait_for"),
    Verb("record", "write both directions to a file as JSON lines, secrets masked", syntax="record FILE", argument_kind="file",
         prompt_handler="wscli.repl.verbs.script_verbs:record"),
    Verb("quit", "close everything and leave (Ctrl-D)", syntax="quit",
         prompt_handler="wscli.repl.verbs.workspace_verbs:quit_"),
    Verb("exit", "the same as quit", syntax="exit",
         prompt_handler="wscli.repl.verbs.workspace_verbs:quit_"),
)  # fmt: skip

VERBS: tuple[Verb, ...] = (*OF_EXCHANGE, *OF_NO_EXCHANGE, *OF_PROMPT)

PROMPT_VERBS: Mapping[str, Verb] = {verb.name: verb for verb in VERBS if verb.prompt_handler}


def shell_verbs(*, of_exchange: bool) -> list[Verb]:
    """Return the verbs of an exchange in the shell, or those of no exchange, in the order of the table."""
    return [verb for verb in VERBS if verb.shell_handler and verb.of_exchange == of_exchange]


def flag_owners(*, at_prompt: bool = False) -> dict[str, str]:
    """Return the flags that only single verbs have, each with the verbs that have it: {"--speed": "wscli replay", …}."""
    owners: dict[str, list[str]] = {}
    for flag in VERB_FLAGS:
        for verb in VERBS:
            taken = verb.name in (flag.prompt if at_prompt else flag.verbs)
            if taken and (verb.prompt_handler if at_prompt else verb.shell_handler):
                command = verb.name if verb.of_exchange or at_prompt else f"wscli {verb.name}"
                for spelling in flag.names:
                    owners.setdefault(spelling, []).append(command)
    return {spelling: " and ".join(sorted(commands, reverse=True)) for spelling, commands in owners.items()}
