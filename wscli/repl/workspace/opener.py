"""What an exchange is opened with at the prompt: its dialect, and where it is reached, a simulator included."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager

from wscli.app import api_routing
from wscli.app.settings import Settings, chosen_places
from wscli.app.targets import retired_note, target_at
from wscli.commands.options import Options
from wscli.core.dialect import Dialect, ServerUrls
from wscli.core.messages import Credentials
from wscli.exchanges import find_dialect
from wscli.session.target import Target
from wscli.transport.signals import Signals

Simulator = Callable[[Settings], AbstractContextManager[tuple[ServerUrls, Credentials]]]


class Opener:
    """It imports each dialect once. simulator: starts a simulated exchange. note: called with a remark for the user."""

    def __init__(self, signals: Signals, simulator: Simulator, note: Callable[[str], None]) -> None:
        self._signals, self._simulator, self._note = signals, simulator, note
        self._dialects: dict[tuple[str, str | None], Dialect] = {}

    def settings(self, dialect: Dialect, options: Options) -> Settings:
        return Settings(dialect, options, self._signals)

    def dialect(self, name: str, options: Options) -> Dialect:
        """Return the dialect of an exchange, for the API that the options name."""
        key = (name, options.api)
        if key not in self._dialects:
            self._dialects[key] = api_routing.with_configured_api(self.settings(find_dialect(*key), options)).dialect
        return self._dialects[key]

    @contextmanager
    def target(self, settings: Settings) -> Iterator[Target]:
        """Yield the place that the flags name; with --sim its simulator runs meanwhile."""
        with ExitStack() as stack:
            if settings.options.sim:
                where, known = stack.enter_context(self._simulator(settings))
                yield target_at(settings, where, known)
                return
            if (word := retired_note(settings)) is not None:
                self._note(f"wscli: {word}")
            yield target_at(settings, chosen_places(settings))
