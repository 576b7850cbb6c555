"""A command line, run: the verbs that send something at once; all else, and every page of help, by click (`click_app`)."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Sequence

from wscli.commands.options import Options, check_flags, parse_flags
from wscli.core.endings import Interrupted, PipeClosed
from wscli.core.errors import WscliError, resource_error
from wscli.exchanges import BUILT_IN
from wscli.storage.text_input import without_boms
from wscli.transport.signals import Signals

FAST_VERBS = ("subscribe", "unsubscribe", "query", "ping", "auth", "send")  # wanted quickly: click takes 20 ms


def main(words: Sequence[str]) -> int:
    """Run one command line; return its exit status. Errors are two lines on standard error."""
    try:
        signals = Signals()
    except OSError as error:
        if (short := resource_error(error)) is None:
            raise
        return _report_shortage(short)
    signals.install()
    try:
        return _run(words, signals)
    finally:
        signals.close()


def _run(words: Sequence[str], signals: Signals) -> int:
    options, rest = Options(), [""]
    try:
        if sys.stdout is None:
            raise WscliError("standard output is closed", "redirect it, for example: > /dev/null")
        options, rest = parse_flags([without_boms(word) for word in words])
        if options.no_config:
            os.environ["WSCLI_CONFIG"] = os.devnull  # for the processes that this one starts, too
        status = 0
        if _is_fast_command(rest):
            _run_verb(rest, signals, options)
        elif not rest or _is_exchange_alone(rest):
            from wscli.cli.repl_command import open_prompt

            status = open_prompt(signals, options, rest[0] if rest else None)
        else:
            from wscli.cli import click_app

            status = click_app.run_click(rest, signals, options)
        sys.stdout.flush()
        return status
    except WscliError as error:
        return _report_error(error, options, rest[0] if rest else None)
    except Interrupted as signal:
        return signal.status
    except (PipeClosed, BrokenPipeError, SystemExit):  # click exits by itself when a pipe is closed
        _discard_output()
        return 141
    except (MemoryError, RuntimeError) as error:
        if (short := resource_error(error)) is None:
            raise
        return _report_shortage(short)
    except OSError as error:
        if (short := resource_error(error)) is not None:
            return _report_shortage(short)
        if error.errno not in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF):
            raise
        _discard_output()
        return _report_error(WscliError(f"standard output: {error.strerror}", "is the disk full?"), options)


def _report_shortage(shortage_error: WscliError) -> int:
    """Report that the system ran out of something, without opening or importing anything; return the status."""
    with contextlib.suppress(OSError):
        os.write(2, f"wscli: {shortage_error.message}\n  hint: {shortage_error.hint}\n".encode())
    return shortage_error.status


def _is_fast_command(words: Sequence[str]) -> bool:
    """Say whether a line is an exchange, one of FAST_VERBS, and plain words."""
    plain = not any(word.startswith("-") and word != "-" for word in words)
    return plain and len(words) > 1 and words[0] in BUILT_IN and words[1] in FAST_VERBS


def _is_exchange_alone(words: Sequence[str]) -> bool:
    """Say whether a line is the name of an exchange and no more. Installed exchanges are looked for only where no verb is meant."""
    if len(words) != 1 or words[0] in BUILT_IN:
        return len(words) == 1
    from wscli.commands.verb_table import shell_verbs  # lazily: most lines have more words
    from wscli.exchanges import is_exchange

    verbs = {verb.name for of_exchange in (False, True) for verb in shell_verbs(of_exchange=of_exchange)}
    return words[0].isidentifier() and words[0] not in verbs and is_exchange(words[0])


def _run_verb(words: Sequence[str], signals: Signals, options: Options) -> None:
    from wscli.app.configuration.configured import configured_settings
    from wscli.app.settings import Settings
    from wscli.cli.exchange_commands import FAST_HANDLERS
    from wscli.exchanges import find_dialect

    check_flags(words[1], options)
    settings = Settings(find_dialect(words[0], options.api), options, signals)
    FAST_HANDLERS[words[1]](configured_settings(settings, words[1]), words[2:])


def _discard_output() -> None:
    """Send what is still buffered for standard output to the null device: Python would write it again at exit, and report an error."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _report_error(error: WscliError, options: Options, exchange: str | None = None) -> int:
    from wscli.app.configuration.configured import places_in_file
    from wscli.app.hints import with_location_flags  # lazily: most runs end without an error
    from wscli.core.secrets import masked_message_and_hint

    hint = with_location_flags(error.hint or error.default_hint, options)
    hint += places_in_file(f"{error.message} {hint}", options, exchange)
    message, hint = masked_message_and_hint(error.message, hint, error.default_hint)
    lines = [f"wscli: {message}", f"  hint: {hint}"]
    if options.verbose:
        from time import time_ns

        from wscli.output.stdout import with_timestamp as at_time

        lines[0] = at_time(lines[0], time_ns())
    shown = "".join(f"{_escaped(line)}\n" for line in lines)
    with contextlib.suppress(OSError, AttributeError):
        sys.stdout.flush()
    with contextlib.suppress(OSError):
        os.write(2, shown.encode("utf-8", "backslashreplace"))
    return error.status


def _escaped(line: str) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
