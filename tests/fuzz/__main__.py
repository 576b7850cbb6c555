"""Run a harness under atheris: `python -m tests.fuzz NAME [libFuzzer's flags]`."""

from __future__ import annotations

import importlib
import sys
import tempfile
from pathlib import Path

HARNESSES = ("frames", "decoders", "inflating", "recordings", "replays", "conditions", "words", "typing")


def main() -> None:
    name, flags = (sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
    if name not in HARNESSES:
        sys.exit(f"which one? {' '.join(HARNESSES)}")
    try:
        import atheris
    except ImportError:
        print("skipped: atheris is not installed (pip install atheris)")
        return
    with atheris.instrument_imports(include=["wscli"]):
        harness = importlib.import_module(f"tests.fuzz.{name}")
    with tempfile.TemporaryDirectory() as folder:
        again = [flag for flag in flags if not flag.startswith("-")]
        for number, seed in enumerate(harness.seeds()):
            (Path(folder) / f"seed-{number:04}").write_bytes(seed)
        atheris.Setup([sys.argv[0], *flags, *([] if again else [folder])], harness.one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
