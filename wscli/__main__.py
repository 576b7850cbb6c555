"""Where the program starts: `--version` is answered before anything else is imported."""

import os
import sys


def _stand_in() -> None:
    """Open the null device in the place of each standard descriptor that is closed: the next file would take its number."""
    for number in (0, 1, 2):
        try:
            os.fstat(number)
        except OSError:
            try:
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)  # as these are
            except OSError:
                return  # there is none here


def main() -> None:
    """Run wscli on sys.argv and end the process with its status."""
    _stand_in()
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
    try:
        from wscli.cli.main import main as run
    except (OSError, MemoryError) as error:  # no descriptor or no memory for it: as `errors.resource_error` says
        reason = getattr(error, "strerror", None) or "out of memory"
        os.write(
            2,
            f"wscli: {reason}\n  hint: ulimit -n, ulimit -v and the limits of the container say what there is\n".encode(),
        )
        raise SystemExit(1) from None

    gc.enable()
    raise SystemExit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
