"""Run `wstest` (Python 2.7) on the loopback interface alone: it would listen on every one."""

from twisted.internet import posixbase

_listen = posixbase.PosixReactorBase.listenTCP


def listen(self, port, factory, backlog=50, interface="127.0.0.1"):
    return _listen(self, port, factory, backlog, interface or "127.0.0.1")


posixbase.PosixReactorBase.listenTCP = listen

from autobahntestsuite.wstest import run  # noqa: E402

run()
