"""A connection whose network goes away without a word, in a network of its own: `unshare -rn python -m tests.support.half_open`.

Prints what the program said, and ends with its status.
"""

from __future__ import annotations

import subprocess
import sys

from tests.support.bad_network import PATIENT, WORDS
from tests.support.hostile import TEXT, Peer, frame, hostile, trade


def one_trade(peer: Peer) -> None:
    peer.subscribed()
    peer.send(frame(TEXT, trade(1)))
    peer.until_gone()


def lo(state: str) -> None:
    subprocess.run(["ip", "link", "set", "lo", state], check=True)


def main() -> None:
    lo("up")
    with hostile(one_trade) as server:
        command = [sys.executable, "-c", PATIENT.format(0.5, 1.0), *WORDS, "-q", "--url", server.url]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            program.stdout.readline()
            lo("down")
            _, stderr = program.communicate(timeout=120)
            lo("up")
    print(stderr)
    sys.exit(program.returncode)


if __name__ == "__main__":
    main()
