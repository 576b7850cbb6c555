"""Build wscli as one file: the program and every package it needs, as a zip archive that Python runs.

    python tests/build_zipapp.py                  writes dist/wscli.pyz
    python tests/build_zipapp.py /tmp/wscli.pyz   writes it there
    python /tmp/wscli.pyz --version

It takes the packages of the environment that runs it, in the versions that are installed there, and needs no network. Only modules
written in Python are packed: zip archives cannot hold compiled extensions, and none of the packages depends on its own. Each module
is there as source and as byte code: the Python version that built the file starts it quickly, another one compiles as it reads.
"""

from __future__ import annotations

import argparse
import compileall
import shutil
import sys
import tempfile
import zipapp
from collections.abc import Iterable
from importlib.metadata import Distribution, distribution
from pathlib import Path
from py_compile import PycInvalidationMode

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
DISTRIBUTION = "exchange-wscli"
EXTRAS = ("", "socks")  # pure Python, both
NOT_PACKED = (".so", ".pyd", ".pyc")
START = """\
import sys

if sys.version_info < (3, 11):
    sys.stderr.write("wscli: Python 3.11 or later is needed; this is %d.%d\\n" % sys.version_info[:2])
    sys.stderr.write("  hint: name another one: python3.11 %s\\n" % sys.argv[0])
    sys.exit(2)
from wscli.__main__ import main

main()
"""


def requirements(name: str, extras: Iterable[str] = ("",)) -> dict[str, Distribution]:
    """Return what a distribution needs to run, itself apart, by name: what its requirements need, too."""
    needed: dict[str, Distribution] = {}
    for text in distribution(name).requires or []:
        requirement = Requirement(text)
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            needed[requirement.name] = distribution(requirement.name)
            needed.update(requirements(requirement.name, ("", *requirement.extras)))
    return needed


def collect(folder: Path) -> None:
    """Copy the program and the packages it needs into a folder, byte code beside each module."""
    (folder / "__main__.py").write_text(START, encoding="utf-8")
    shutil.copytree(ROOT / "wscli", folder / "wscli", ignore=shutil.ignore_patterns("__pycache__"))
    own = distribution(DISTRIBUTION)
    metadata = folder / f"exchange_wscli-{own.version}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(own.metadata.as_string(), encoding="utf-8")
    (metadata / "entry_points.txt").write_text(own.read_text("entry_points.txt") or "", encoding="utf-8")
    for other in requirements(DISTRIBUTION, EXTRAS).values():
        for path in other.files or []:
            if not path.is_absolute() and ".." not in path.parts and path.suffix not in NOT_PACKED:
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(path.locate()), target)
    compileall.compile_dir(
        folder, quiet=1, legacy=True, stripdir=folder, invalidation_mode=PycInvalidationMode.UNCHECKED_HASH
    )


def build(target: Path) -> None:
    """Write the archive."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        collect(Path(folder))
        zipapp.create_archive(folder, target, interpreter="/usr/bin/env python3", compressed=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Build wscli as one file that Python runs.")
    parser.add_argument("target", nargs="?", type=Path, default=ROOT / "dist" / "wscli.pyz")
    chosen: Path = parser.parse_args(sys.argv[1:]).target
    build(chosen)
    print(f"{chosen}: {chosen.stat().st_size / 1e6:.1f} MB")
