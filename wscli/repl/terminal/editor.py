"""The line in an editor of the user's own."""

from __future__ import annotations

import tempfile
from pathlib import Path

from wscli.core.errors import WscliError
from wscli.storage import files
from wscli.storage.editor import EDITOR_HINT, run_editor


def edited_in_editor(text: str) -> str:
    """Return a text as the user's editor leaves it. Raises WscliError where it fails, or leaves no text."""
    descriptor, name = tempfile.mkstemp(suffix=".wscli", prefix="line-")
    try:
        with open(descriptor, "w", encoding="utf-8", errors="surrogateescape") as file:  # noqa: PTH123
            file.write(text)
        run_editor(name, "the line")
        return files.read_file(name).decode().removesuffix("\n")
    except OSError as error:
        raise WscliError(f"the line cannot be edited: {error.strerror}", EDITOR_HINT) from error
    except UnicodeDecodeError:
        raise WscliError("the editor saved a text that is not UTF-8", "the line is unchanged") from None
    finally:
        Path(name).unlink(missing_ok=True)
