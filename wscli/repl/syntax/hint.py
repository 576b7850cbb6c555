"""The hint below the line: what the word at the cursor is, in at most 100 columns. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from wscli.app.api_choice import retired_channel
from wscli.commands.book_args import book_channels
from wscli.commands.flag_table import is_taken_at_prompt
from wscli.commands.flags import Flag
from wscli.commands.suggestions import param_summary
from wscli.commands.verbs import Verb
from wscli.commands.words import ChannelGroup, groups_so_far
from wscli.core.catalogue import Channel, Param
from wscli.repl.syntax.completer import completions
from wscli.repl.syntax.condition_words import OPERATORS, condition_end, condition_text, fields_of
from wscli.repl.syntax.context import Context
from wscli.repl.syntax.lexer import ParsedLine, Token, lex, parse_line
from wscli.repl.syntax.offers import condition_channels

WIDTH = 100
FIRST_HINT = "Tab completes, help explains; for example: use bybit --sim"
CONNECTED_HINT = "Tab completes, help explains; for example: subscribe"
NO_EXCHANGE_HINT = "no exchange is selected: type use bybit --sim, or begin with its name: bybit subscribe …"
OPERATOR_LIST = " ".join([*OPERATORS, "in", "between"])
ALERT_HINT = "exec COMMAND: {price} is a field of the row, which is its standard input; a shell is sh -c '…'"
CONNECTOR_HINT = "and, or: another condition may follow; ( ) group, not is the opposite"
CONDITION_HINT = f"FIELD OP VALUE, with OP one of {OPERATOR_LIST}; for example: price>36500 and side=buy"


def hint(text: str, cursor: int, context: Context) -> str:
    """Return one line about the word at `cursor`: a syntax, a parameter with its values and default, the summary of a channel."""
    shown_text = "".join(c if c.isprintable() else " " for c in _unbounded_hint(text, cursor, context))
    return shown_text if len(shown_text) <= WIDTH else f"{shown_text[: WIDTH - 1]}…"


def _unbounded_hint(text: str, cursor: int, context: Context) -> str:
    line = lex(text)
    if line.comment_start is not None and cursor > line.comment_start:
        return ""
    if line.redirect is not None and cursor > line.redirect.operator_start:
        return _redirect_hint(line.redirect.op, parse_line(line.tokens, context).command or "")
    tokens = [word for word in line.tokens if word.start <= cursor]
    if not tokens or tokens[-1].end < cursor:
        tokens.append(Token("", cursor, cursor))
    parsed_line = parse_line(tokens, context)
    part = parsed_line.parts[-1]
    match part.role:
        case "flag" | "value":
            return _flag_hint(part.flag, parsed_line.spec) if part.flag is not None else "no such flag"
        case "exchange":
            return f"{part.token.text}: {context.exchanges.get(part.token.text, '')}"
        case "command":
            return _command_hint(text, cursor, part.token, parsed_line, context)
    if parsed_line.spec is None:
        return ""
    if parsed_line.dialect is None and parsed_line.spec.of_exchange:
        return NO_EXCHANGE_HINT
    match parsed_line.spec.argument_kind:
        case "channels" | "subscriptions" | "query" if parsed_line.dialect is not None:
            is_query = parsed_line.spec.argument_kind == "query"
            channels = parsed_line.dialect.facts.queries if is_query else parsed_line.dialect.facts.channels
            preceding = [word.text for word in parsed_line.arguments[:-1]]
            return _argument_hint(parsed_line, channels, preceding, part.token.text) or _command_syntax(parsed_line)
        case "book" if parsed_line.dialect is not None and (channels_of_books := book_channels(parsed_line.dialect)):
            preceding = [word.text for word in parsed_line.arguments[:-1]]
            if not groups_so_far(
                channels_of_books,
                [word.text for word in parsed_line.arguments[:1]],
                parsed_line.dialect.facts.prefix_param,
            ):
                preceding = [channels_of_books[0].name, *preceding]  # a symbol alone
            argument_hint = (
                _argument_hint(parsed_line, channels_of_books, preceding, part.token.text)
                if part.token.text or len(parsed_line.arguments) > 1
                else ""
            )
            return argument_hint or _command_syntax(parsed_line)
        case "alert" if len(parsed_line.condition_tokens) < len(parsed_line.expression_tokens):
            return ALERT_HINT
        case "condition" | "alert":
            condition = condition_text(text, parsed_line.condition_tokens)
            return _condition_hint(condition.text[: max(cursor - condition.offset, 0)], parsed_line, context)
        case "setting" if parsed_line.arguments[0].text in context.settings:
            setting = context.settings[parsed_line.arguments[0].text]
            return f"{parsed_line.arguments[0].text}: {setting.summary}{_value_list(setting.values)}"
        case _:
            return _command_syntax(parsed_line)


def _redirect_hint(op: str, command: str) -> str:
    what = "this stream, until it stops," if command == "subscribe" else f"what {command} prints"
    if op == "|":
        return f"| COMMAND pipes {what} to a command of the shell"
    does = {">": "writes", ">>": "appends", ">!": "writes"}[op]
    return f"{op} FILE {does} {what} to a file{'; >! overwrites one without asking' if op == '>' else ''}"


def _command_syntax(parsed_line: ParsedLine) -> str:
    return f"{parsed_line.spec.syntax}: {parsed_line.spec.summary}" if parsed_line.spec is not None else ""


def _command_hint(text: str, cursor: int, token: Token, parsed_line: ParsedLine, context: Context) -> str:
    if parsed_line.spec is not None:
        return _command_syntax(parsed_line)
    if not token.text:
        if parsed_line.names_exchange and parsed_line.dialect is not None:
            return f"{parsed_line.dialect.name} {' | '.join(name for name, f in context.commands.items() if f.of_exchange)}"
        return FIRST_HINT if context.dialect is None else CONNECTED_HINT
    for completion in completions(text[:cursor], context):
        if completion.text in context.commands:
            return f"{context.commands[completion.text].syntax}: {context.commands[completion.text].summary}"
        return f"{completion.text}: {completion.summary}"
    return "no such command: help lists them"


def _flag_hint(flag: Flag, spec: Verb | None) -> str:
    if spec is not None and not is_taken_at_prompt(flag, spec.name, follows_exchange=spec.of_exchange):
        return f"{spec.name} takes no {flag.long_name}"
    spelling = f"{', '.join(flag.names)} {flag.metavar}".rstrip()
    return f"{spelling}: {flag.help}"


def _value_list(values: Sequence[str]) -> str:
    return f": {' '.join(values)}" if values else ""


def _argument_hint(
    parsed_line: ParsedLine, channels: Sequence[Channel], preceding: Sequence[str], typed_text: str
) -> str:
    """Return what a word of CHANNEL SYMBOL... key=value... is."""
    complete_part, _, last = typed_text.rpartition(",")
    named_channel = next(iter(groups_so_far(channels, [last])), None)
    if named_channel is not None:
        return f"{_channel_syntax(named_channel.channel)}: {_channel_summary(named_channel.channel)}"
    retired = (
        retired_channel(parsed_line.dialect, last)
        if parsed_line.dialect is not None and channels is parsed_line.dialect.facts.channels
        else None
    )
    if retired is not None:
        name, api, replacement = retired
        return f"{name}: a channel of {api}, which is retired; " + (
            f"wscli sends {replacement} instead" if replacement else "no channel replaces it"
        )
    groups = groups_so_far(channels, [*preceding, complete_part])
    if not groups or parsed_line.dialect is None:
        return ""
    channel = groups[-1].channel
    name = last.partition("=")[0]
    param = next((p for p in channel.params if p.name == name), None)
    if "=" in last or param is not None:
        return f"{param.name}: {param_summary(param)}" if param is not None else _no_such_param(channel, name)
    shape = channel.symbol_spelling or parsed_line.dialect.facts.symbol_spelling
    if last and channel.symbol_limits[1] != 0 and not any(p.name.startswith(last) for p in channel.params):
        return f"{last}: a symbol of {parsed_line.dialect.name}: {shape.description}, like {shape.example}"
    return _remaining_syntax(groups[-1], shape.example)


def _remaining_syntax(group: ChannelGroup, example: str) -> str:
    """Return what may follow a channel: its symbols, then the parameters that are not given yet."""
    channel = group.channel
    missing_params = [p for p in channel.params if p.name not in group.param_texts]
    if len(missing_params) == 1 and len(group.symbols) >= channel.symbol_limits[0]:
        return f"{missing_params[0].name}=… {param_summary(missing_params[0])}"
    example_hint = f"; a symbol like {example}" if not group.symbols and channel.symbol_limits[1] != 0 else ""
    return f"{_channel_syntax(channel)}{example_hint}"


def _channel_syntax(channel: Channel) -> str:
    """Return the syntax of a channel: `kline SYMBOL... interval=…`."""
    minimum, maximum = channel.symbol_limits
    symbols = [] if maximum == 0 else ["SYMBOL" if maximum == 1 else "SYMBOL..."]
    if minimum == 0:
        symbols = [f"[{symbol}]" for symbol in symbols]
    return " ".join([channel.name, *symbols, *(_param_syntax(p) for p in channel.params)])


def _param_syntax(param: Param) -> str:
    return f"{param.name}=…" if param.default is None and not param.optional else f"[{param.name}=…]"


def _channel_summary(channel: Channel) -> str:
    private = "private: " if channel.private else ""
    return f"{private}{channel.summary}{f'; {channel.update_rate}' if channel.update_rate else ''}"


def _no_such_param(channel: Channel, name: str) -> str:
    names = " ".join(f"{p.name}=" for p in channel.params)
    return f"{channel.name} has no parameter {name}{f'; it has {names}' if names else ''}"


def _condition_hint(typed_text: str, parsed_line: ParsedLine, context: Context) -> str:
    end = condition_end(typed_text)
    fields = fields_of(parsed_line.dialect, condition_channels(parsed_line, context)).fields
    name = end.field or (end.typed if end.expected == "field" else "")
    row_field = fields.get(name) if end.expected != "connector" else None
    if row_field is None:
        return CONDITION_HINT if end.expected != "connector" else CONNECTOR_HINT
    values = f": {' '.join(row_field.values)}" if row_field.values else ""
    return f"{name}{values}{f' ({row_field.meaning})' if row_field.meaning else ''}; OP is {OPERATOR_LIST}"
