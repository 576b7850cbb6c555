"""Namespaces of the kernel's: a network or a disk of a test's own, where a user may have them."""

from __future__ import annotations

import shutil
import subprocess

import pytest


def _may(*how: str) -> bool:
    unshare = shutil.which("unshare")
    return unshare is not None and subprocess.run([unshare, *how], capture_output=True).returncode == 0


own_network = pytest.mark.skipif(
    not _may("-rn", "ip", "link", "set", "lo", "up"), reason="no network namespaces for users here"
)
own_mounts = pytest.mark.skipif(
    not _may("-rm", "sh", "-c", "mount -t tmpfs -o size=64k none /mnt"), reason="no mount namespaces for users here"
)
