"""The recordings of one prompt or script: exchanges that record to the same file share it."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable

from wscli.storage.recording.recorder import Recorder, RecordingFailed


class Recordings:
    """What is being recorded, each file with the number of its users.

    told: is called with each line on a recording.
    """

    def __init__(self, told: Callable[[str], object], *, required: bool) -> None:
        self._told, self._required = told, required
        self._used: dict[str, tuple[Recorder, int]] = {}
        self._failed: list[str] = []  # of those that nobody uses any more
        self._lock = threading.Lock()

    def take(self, path: str) -> Recorder:
        """Return the recorder of a file, to be given back with `leave`. Raises UsageError as Recorder does."""
        with self._lock:
            place = os.path.realpath(path)
            recorder, users = self._used.get(place) or (Recorder(path, self._told), 0)
            self._used[place] = recorder, users + 1
            return recorder

    def leave(self, recorder: Recorder) -> None:
        """Use a recorder no longer; the last one who does ends the recording."""
        with self._lock:
            for place, (one, users) in [*self._used.items()]:
                if one is recorder and users > 1:
                    self._used[place] = one, users - 1
                elif one is recorder:
                    del self._used[place]
                    self._end(one)

    def _end(self, recorder: Recorder) -> None:
        recorder.close()
        if recorder.failed is not None:
            self._failed.append(recorder.failed)

    def close(self) -> list[str]:
        """End every recording; return what is to be reported of those that ended early."""
        with self._lock:
            for recorder, _ in self._used.values():
                self._end(recorder)
            self._used.clear()
            return self._failed

    def check(self) -> None:
        """Raise RecordingFailed where the run is to end with its recording."""
        if self._required:
            for recorder, _ in [*self._used.values()]:
                if recorder.failed is not None:
                    raise RecordingFailed(recorder.failed)
