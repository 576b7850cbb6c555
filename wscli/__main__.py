"""Where the program starts: `--version` is answered before anything else is imported."""

import os
import sys


def main() -> None:
    """Run wscli on sys.argv and end the process with its status."""
    if sys.argv[1:] in (["--version"], ["-V"]):
        from wscli import __version__

        try:
            sys.stdout.write(f"wscli {__version__}\n")
            sys.stdout.flush()
        except (OSError, AttributeError):  # a closed pipe, a full disk, no standard output at all
            os._exit(1)
        raise SystemExit(0)
    import gc
    import signal

    # A shell has its background jobs ignore SIGINT, and that stays so.
    if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until the handlers stand: Ctrl-C ends it, without a traceback
    gc.disable()  # nothing that importing makes is garbage
    from wscli.cli import main as run

    gc.enable()
    raise SystemExit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
