"""Every verb as one row: what it does, in the shell, at the prompt, or both. Help, completion and validation follow from the rows."""

from __future__ import annotations

from collections.abc import Mapping

from wscli.commands.flag_table import VERB_FLAGS
from wscli.commands.verbs import Argument, Verb

WORDS = (Argument("words", "WORDS...", is_repeatable=True),)
NO_WORDS = (Argument("words", "", is_repeatable=True),)  # the verb itself rejects them
CONFIG_ACTIONS = ("path", "edit", "init")
SUBSCRIPTION_SYNTAX = "CHANNEL SYMBOL... [key=value...]"
SUBSCRIPTION_WORDS = (Argument("words", SUBSCRIPTION_SYNTAX, is_repeatable=True),)
NATIVE_NAMES_NOTE = "the exchange's own names work, too: publicTrade.BTCUSDT, live_trades_btcusd; several at once, also separated by commas"

OF_EXCHANGE: tuple[Verb, ...] = (
    Verb(
        "subscribe",
        "stream channels until you unsubscribe",
        of_exchange=True,
        example="subscribe {channel}",
        shell_example="wscli {exchange} subscribe {channel} -n 3",
        shell_handler="wscli.cli.exchange_commands:subscribe",
        shell_summary="Stream channels until Ctrl-C, --count, --for or --until.",
        page="The exchange's own names work, too, like publicTrade.BTCUSDT on Bybit. Name several channels at once, also separated by "
        "commas. For a private channel wscli logs in first. wscli EXCHANGE channels lists the channels.",
        arguments=SUBSCRIPTION_WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:subscribe",
        syntax=f"subscribe {SUBSCRIPTION_SYNTAX} [| COMMAND] [> FILE]",
        argument_kind="channels",
        aliases=("sub",),
        details=(NATIVE_NAMES_NOTE, "a private channel opens a connection of its own and logs in first", "| jq .data.p pipes this stream alone; > FILE writes it to a file, as JSON unless -o says otherwise"),
    ),
    Verb(
        "unsubscribe",
        "stop channels, and show the answer",
        of_exchange=True,
        example="unsubscribe {channel}",
        shell_example="wscli {exchange} unsubscribe {subscription}",
        shell_handler="wscli.cli.exchange_commands:unsubscribe",
        shell_summary="Send an unsubscribe request and show the answer.",
        arguments=SUBSCRIPTION_WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:unsubscribe",
        syntax=f"unsubscribe {SUBSCRIPTION_SYNTAX}",
        argument_kind="subscriptions",
        aliases=("unsub",),
        details=("Tab completes the current subscriptions",),
    ),
    Verb(
        "query",
        "send a query and show the answer",
        of_exchange=True,
        example="query {query}",
        shell_handler="wscli.cli.exchange_commands:query",
        page="wscli EXCHANGE channels lists the queries of an exchange.",
        arguments=(Argument("words", "NAME [SYMBOL...] [key=value...]", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.exchange_verbs:query",
        syntax="query NAME [SYMBOL...] [key=value...]",
        argument_kind="query",
    ),
    Verb(
        "book",
        "keep the order book of one symbol up to date",
        of_exchange=True,
        example="book {symbol}",
        shell_handler="wscli.cli.verbs.book:keep_book",
        page="Without a channel, the first order book channel of the exchange is used. The terminal shows the book as a ladder; in a pipe "
        "there is one JSON line for each change of the best levels. Space freezes the ladder, q leaves; its last picture stays.\n\n"
        "Each fault in the data is reported, and the book is rebuilt: a gap in the sequence, a wrong checksum, the deletion of an unknown "
        "level, or a best bid that is not below the best ask.",
        arguments=(Argument("words", "[CHANNEL] SYMBOL [key=value...]", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.subprocess_verbs:run_subprocess",
        syntax="book [CHANNEL] SYMBOL [key=value...]",
        argument_kind="book",
        details=("a ladder on a terminal, else one JSON line for each change of the best levels", "it fills the screen, on a connection of its own, until q or Ctrl-C; space freezes it"),
    ),
    Verb(
        "ping",
        "send a ping; show the answer and the round-trip time",
        of_exchange=True,
        example="ping",
        shell_handler="wscli.cli.exchange_commands:ping",
        arguments=NO_WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:ping",
        syntax="ping",
    ),
    Verb(
        "auth",
        "log in; show the answer and the round-trip time",
        of_exchange=True,
        example="auth",
        shell_handler="wscli.cli.exchange_commands:auth",
        arguments=NO_WORDS,
        prompt_handler="wscli.repl.verbs.exchange_verbs:auth",
        syntax="auth",
    ),
    Verb(
        "send",
        "send JSON as it is, and show the answer",
        of_exchange=True,
        example="send {frame}",
        shell_handler="wscli.cli.exchange_commands:send",
        page="JSON is one frame, in quotes; - reads frames from standard input: a single one, or one per line. With --count, --for or "
        "--until the messages after the answer are streamed, too.",
        arguments=(Argument("words", "JSON|-", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.exchange_verbs:send",
        syntax="send JSON",
        argument_kind="json",
        details=("JSON needs no quotes here, and may span several lines",),
    ),
    Verb(
        "channels",
        "list the channels, or show one: parameters, fields, an example",
        of_exchange=True,
        example="channels {name}",
        shell_handler="wscli.cli.verbs.offline_commands:print_channels",
        page="NAME is a channel or a query. This needs no network.",
        arguments=(Argument("name", "[NAME]"),),
        prompt_handler="wscli.repl.verbs.inspect_verbs:channels",
        syntax="channels [NAME]",
        argument_kind="channel",
    ),
    Verb(
        "explain",
        "explain the last message, or this one, field by field",
        of_exchange=True,
        example="explain",
        shell_example="wscli {exchange} subscribe {channel} -n 1 | wscli {exchange} explain - {channel}",
        shell_handler="wscli.cli.verbs.offline_commands:print_explanations",
        shell_summary="Explain a received message field by field.",
        page="JSON is one message, in quotes; - reads messages from standard input, one per line, and an earlier acknowledgement identifies the "
        "later messages.\n\n"
        "Some exchanges send messages that do not name their channel. Then write after the JSON what was subscribed: explain - trades "
        "tBTCUSD. This needs no network.",
        arguments=(Argument("words", f"JSON|- [{SUBSCRIPTION_SYNTAX}]", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.inspect_verbs:explain",
        syntax=f"explain [N | JSON [{SUBSCRIPTION_SYNTAX}]]",
        argument_kind="message",
        details=("N is the number that last shows before a message", "where messages do not name their channel, write after the JSON what was subscribed",),
    ),
    Verb(
        "doctor",
        "diagnose the connection, step by step",
        of_exchange=True,
        example="doctor {channel}",
        shell_handler="wscli.cli.verbs.doctor:run_doctor",
        page="For each connection: name resolution, TCP, TLS, the handshake and a ping, each with its time. Then the clock. With "
        "credentials: how requests are signed, the form of the key, and the exchange's answer to a login. With a channel: the time to "
        "its first message. The exit status is that of the first check that failed.",
        arguments=(Argument("words", f"[{SUBSCRIPTION_SYNTAX}]", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.subprocess_verbs:run_subprocess",
        syntax=f"doctor [{SUBSCRIPTION_SYNTAX}]",
        argument_kind="channels",
    ),
    Verb(
        "symbols",
        "list the known symbols; refresh fetches the exchange's own list",
        of_exchange=True,
        example="symbols",
        shell_handler="wscli.cli.verbs.symbols:list_or_refresh",
        shell_summary="List the known symbols.",
        page="refresh fetches the exchange's own list over HTTP and stores it for this verb and for completion. Without refresh, this needs "
        "no network.",
        arguments=(Argument("symbols", "[refresh]", choices=("refresh",)),),
        prompt_handler="wscli.repl.verbs.inspect_verbs:symbols_",
        syntax="symbols [refresh]",
        argument_kind="symbols",
    ),
)  # fmt: skip

OF_NO_EXCHANGE: tuple[Verb, ...] = (
    Verb(
        "exchanges",
        "list the exchanges: APIs, addresses, login, channels, notes",
        example="exchanges",
        shell_handler="wscli.cli.verbs.offline_commands:print_exchanges",
        prompt_handler="wscli.repl.verbs.inspect_verbs:exchanges",
        syntax="exchanges",
    ),
    Verb(
        "styles",
        "list the styles for --style and set style, each in its colours",
        example="styles",
        shell_handler="wscli.cli.verbs.offline_commands:print_styles",
        shell_summary="List the styles for --style, each in its colours.",
        page="The default, wscli, uses the 16 colours of the terminal; the others are the styles of Pygments. A pipe receives only the names.",
        prompt_handler="wscli.repl.verbs.inspect_verbs:styles",
        syntax="styles",
    ),
    Verb(
        "replay",
        "show recordings again, in any format, with filters",
        shell_example="wscli replay day.jsonl --where side=buy -o table",
        shell_handler="wscli.app.replaying.replay:replay",
        page="--record makes a recording. FILE may be compressed with gzip; - is standard input; 'cap-*.jsonl.gz' and 'cap-%Y%m%d.jsonl' in "
        "quotes are patterns. Several files are merged by time. Acknowledgements and other messages without data go to standard error; "
        "--for counts the time in the recording.",
        arguments=(Argument("names", "FILE...", is_required=True, is_repeatable=True),),
    ),
    Verb(
        "connect",
        "talk to any WebSocket server",
        shell_example="wscli connect wss://stream.bybit.com/v5/public/spot -x '{\"op\":\"ping\"}'",
        shell_handler="wscli.cli.connecting.raw_connect:run_connect",
        page="Prints each message, and sends each line of standard input. After the last line it waits for an answer (--wait), prints what "
        "arrives, and ends; if nothing arrives, the status is 5. Without input (< /dev/null) it continues until Ctrl-C, --count, --for or "
        "--until, or until the server closes the connection.\n\n"
        "On a terminal the messages appear above an edited line with a history. A line that begins with -o, --where, --grep or --query "
        "changes what is shown; every other line is sent.",
        arguments=(Argument("url", "URL", is_required=True),),
    ),
    Verb(
        "simulate",
        "run the simulated exchanges as a server, for other programs",
        shell_example="wscli simulate bybit --port 0",
        shell_handler="wscli.cli.verbs.simulate:serve_simulated",
        arguments=(Argument("names", "[EXCHANGE]...", is_repeatable=True),),
    ),
    Verb(
        "completion",
        "print the completion script of a shell",
        shell_example='eval "$(wscli completion bash)"',
        shell_handler="wscli.cli.verbs.offline_commands:print_completion",
        page="bash: put the example into ~/.bashrc. zsh: wscli completion zsh > ~/.zsh/_wscli, and in ~/.zshrc, before compinit, "
        "fpath+=(~/.zsh). fish: wscli completion fish > ~/.config/fish/completions/wscli.fish",
        arguments=(Argument("shell", "bash|zsh|fish", is_required=True, choices=("bash", "zsh", "fish")),),
    ),
    Verb(
        "config",
        "list the settings and where each comes from; edit the file that keeps them",
        example="config",
        shell_handler="wscli.cli.verbs.config:run_config",
        shell_summary="List every setting, its value, and where it comes from.",
        page="path prints where config.toml is. edit opens it in $VISUAL or $EDITOR and checks it afterwards. init writes a new one, in which "
        "every setting is a comment. Secrets are shown as ***.",
        arguments=(Argument("action", "[path|edit|init]", choices=CONFIG_ACTIONS),),
        prompt_handler="wscli.repl.verbs.setting_verbs:config",
        syntax="config [path|edit|init]",
        argument_kind="config",
    ),
    Verb(
        "help",
        "show a help page; without a word, list what there is",
        example="help subscribe",
        shell_example="wscli help filters",
        shell_handler="wscli.cli.verbs.help:show_help",
        shell_summary="Show a help page; without a word, list the topics.",
        page="On a terminal a long page is shown in $PAGER. A verb or an exchange has precedence over a topic of the same name.",
        arguments=(Argument("words", "[TOPIC | VERB | EXCHANGE [CHANNEL]]", is_repeatable=True),),
        prompt_handler="wscli.repl.verbs.inspect_verbs:help_",
        syntax="help [TOPIC | VERB | EXCHANGE [CHANNEL]]",
        argument_kind="topic",
        aliases=("?",),
    ),
)  # fmt: skip

OF_PROMPT: tuple[Verb, ...] = (
    Verb("use", "select the exchange that the next lines are for", syntax="use EXCHANGE", argument_kind="exchange",
         example="use bybit --sim", prompt_handler="wscli.repl.verbs.workspace_verbs:use"),
    Verb("connect", "connect to an exchange, or to any WebSocket server", syntax="connect EXCHANGE|URL [--sim|--testnet|--url URL]",
         argument_kind="exchange", example="connect bybit --sim", prompt_handler="wscli.repl.verbs.workspace_verbs:connect"),
    Verb("disconnect", "close the connections of an exchange; without a name, of the current one", syntax="disconnect [EXCHANGE]",
         argument_kind="open", example="disconnect bybit", of_open_exchange=True, prompt_handler="wscli.repl.verbs.workspace_verbs:disconnect"),
    Verb("reconnect", "drop the connections of an exchange, connect again, and subscribe again; without a name, of the current one",
         syntax="reconnect [EXCHANGE]", argument_kind="open", example="reconnect",
         of_open_exchange=True, prompt_handler="wscli.repl.verbs.workspace_verbs:reconnect"),
    Verb("status", "list the open connections: address, login, rates, lag", syntax="status", example="status",
         prompt_handler="wscli.repl.verbs.status_verbs:status"),
    Verb("subscriptions", "list the subscriptions: where each goes, its filter, messages, rate, age of the last message, lag", syntax="subscriptions", example="subscriptions",
         prompt_handler="wscli.repl.verbs.status_verbs:subscriptions"),
    Verb("pause", "stop showing messages; recordings and counters continue", syntax="pause", example="pause",
         prompt_handler="wscli.repl.verbs.watching.display_verbs:pause"),
    Verb("resume", "show messages again after pause, and subscribe again after Ctrl-C", syntax="resume", example="resume",
         prompt_handler="wscli.repl.verbs.stopping:resume"),
    Verb("last", "show the last messages again, with their numbers", syntax="last [N]", argument_kind="number", example="last 3",
         of_open_exchange=True, prompt_handler="wscli.repl.verbs.inspect_verbs:last"),
    Verb("show", "show one message in full, with labels", syntax="show ID", argument_kind="number", example="show 12",
         prompt_handler="wscli.repl.verbs.inspect_verbs:show"),
    Verb("where", "show only messages that match; without a condition, show all again", syntax="where [CONDITION]", argument_kind="condition",
         prompt_handler="wscli.repl.verbs.watching.display_verbs:where",
         details=("CONDITION is FIELD OP VALUE, or several with and, or, not, ( ): price>36500 and side=buy",
                  "OP is one of = != > >= < <= ~ !~, in (A, B), between A and B; ~ matches a regular expression: status ~ ^(NEW|FILLED)$",
                  "FIELD is a field of the rows (price, side), or a path into the message (data.0.p)"),
         example="where price>36500"),
    Verb("grep", "show only messages whose text matches; without a pattern, show all again", syntax="grep [REGEX]", argument_kind="regex",
         example="grep BTC|ETH", prompt_handler="wscli.repl.verbs.watching.display_verbs:grep"),
    Verb("output", "change the format of messages", syntax="output FORMAT", argument_kind="format", example="output table",
         prompt_handler="wscli.repl.verbs.watching.display_verbs:output"),
    Verb("-o", "the same as output FORMAT", syntax="-o FORMAT", argument_kind="format", example="-o table",
         prompt_handler="wscli.repl.verbs.watching.display_verbs:output"),
    Verb("set", "list the settings, or change one", syntax="set [NAME [VALUE [--save]]]", argument_kind="setting", example="set style monokai",
         prompt_handler="wscli.repl.verbs.setting_verbs:set_"),
    Verb("clear", "clear the screen", syntax="clear", example="clear",
         prompt_handler="wscli.repl.verbs.watching.display_verbs:clear"),
    Verb("source", "run the lines of a file", syntax="source FILE", argument_kind="file", example="source morning.txt",
         prompt_handler="wscli.repl.verbs.script_verbs:source"),
    Verb("save", "save the current subscriptions as a favourite", syntax="save NAME", argument_kind="name", example="save morning",
         prompt_handler="wscli.repl.verbs.script_verbs:save"),
    Verb("run", "run a favourite", syntax="run NAME", argument_kind="favourite", example="run morning",
         prompt_handler="wscli.repl.verbs.script_verbs:run_"),
    Verb("expect", "fail unless the last message matches, or one that arrives within --wait", syntax="expect CONDITION [--wait TIME]",
         argument_kind="condition", example="expect price>0 --wait 5s", of_open_exchange=True, prompt_handler="wscli.repl.verbs.watching.wait_verbs:expect"),
    Verb("wait-for", "wait for a message that matches", syntax="wait-for CONDITION [--wait TIME]", argument_kind="condition",
         example="wait-for side=sell --wait 30s", of_open_exchange=True, prompt_handler="wscli.repl.verbs.watching.wait_verbs:wait_for"),
    Verb("on", "run a command, or ring the bell, when a row matches", syntax="on CONDITION exec COMMAND | on CONDITION bell", argument_kind="alert",
         example="on price>36500 bell", prompt_handler="wscli.repl.verbs.watching.alert_verbs:on",
         details=("COMMAND is run at most once a second; {price} is a field of the row, and the row is on its standard input",
                  "COMMAND is no shell line: sh -c '…' runs one",
                  "it holds for every exchange that is open, and for those that are opened later; alerts lists them")),
    Verb("alerts", "list the alerts, or turn one off", syntax="alerts [off [N]]", argument_kind="alerts", example="alerts",
         prompt_handler="wscli.repl.verbs.watching.alert_verbs:alerts", details=("alerts off N turns one off; alerts off all of them",)),
    Verb("record", "write everything sent and received to a file as JSON lines, with secrets masked", syntax="record FILE|off", argument_kind="file",
         example="record day.jsonl", details=("of every open exchange, or of one: bybit record FILE", "record off stops it"),
         of_open_exchange=True, prompt_handler="wscli.repl.verbs.script_verbs:record"),
    Verb("!", "run a command of the shell", syntax="! COMMAND", argument_kind="shell", example="!date",
         prompt_handler="wscli.repl.verbs.shell_verbs:run_shell",
         details=("the command has the terminal until it ends; in a script, a command that fails ends the script",)),
    Verb("quit", "close all connections and leave (Ctrl-D)", syntax="quit", example="quit", aliases=("q", "\\q"),
         prompt_handler="wscli.repl.verbs.workspace_verbs:quit_"),
    Verb("exit", "the same as quit", syntax="exit", example="exit",
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
