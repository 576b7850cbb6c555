"""Messages a second and CPU a message of the whole program, beside every peer found on the machine; ratios to websocat.

python tests/benchmarks/throughput.py --kinds trade,ticker,book,zlib --runs 5
python tests/benchmarks/throughput.py --tls --only 'websocat,wscli json'
python tests/benchmarks/throughput.py --also 'new=env PYTHONPATH=/tmp/copy wscli'   a second wscli, in the same rounds
"""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import messages
from measuring import Client, Flood, Plan, Run, flood, interleaved, median, per_million, planned, program, ratio, table

REFERENCE = "websocat"
FILTERED = "websocat | jq select"
COLOURED = "websocat | jq -C"


def each(sent: int) -> int:
    return sent


def half(sent: int) -> int:
    """Every other trade is a buy, the first one too."""
    return (sent + 1) // 2


def peers(kind: str, server: Flood) -> Iterator[Client]:
    """Yield the peers that are on this machine and can read that kind."""
    secure = server.certificate is not None
    websocat = program("websocat")
    if websocat is not None:
        plain = (websocat, "-U", *(["-k"] if secure else []))
        if kind == "zlib":
            yield Client(REFERENCE, (*plain, "-b", "--uncompress-zlib", "{url}"))  # and no newline between messages
            return
        yield Client(REFERENCE, (*plain, "{url}"), lines=each)
        if kind == "trade" and (jq := program("jq")) is not None:
            piped = partial("{} | {}".format, f"{shlex.join(plain)} '{{url}}'")
            select = piped(f"{shlex.quote(jq)} -c 'select(.data.m == true)'")
            yield Client(FILTERED, ("sh", "-c", select), lines=half)
            yield Client(COLOURED, ("sh", "-c", piped(f"{shlex.quote(jq)} -C .")))
    if kind == "zlib":
        return
    if (wsdump := program("wsdump")) is not None:
        yield Client("wsdump --raw", (wsdump, "--raw", *(["-n"] if secure else []), "{url}"), lines=each)
    if (wscat := program("wscat")) is not None:
        yield Client("wscat", (wscat, *(["-n"] if secure else []), "-c", "{url}"), lines=each)
    if not secure and program("websockets") is not None:
        yield Client("python -m websockets", (sys.executable, "-m", "websockets", "{url}"))


@dataclass(frozen=True, slots=True)
class Ours:
    """One wscli to measure: a name, and the command that runs it."""

    name: str
    command: tuple[str, ...]

    def clients(self, kind: str, server: Flood, *, connects: bool) -> Iterator[Client]:
        where = ["--url", "{url}", "-q", *(["--cacert", server.certificate] if server.certificate else [])]
        requested = (*self.command, *messages.WORDS[kind], *where)
        yield Client(f"{self.name} json", (*requested, "-o", "json"), wait=True, lines=each)
        yield Client(f"{self.name} raw", (*requested, "-o", "raw"), wait=True, lines=each)
        if kind == "trade":
            chosen = (*requested, "-o", "json", "--where", "data.m = true")
            yield Client(f"{self.name} --where", chosen, wait=True, lines=half)
            yield Client(f"{self.name} --grep", (*requested, "-o", "json", "--grep", '"m":true'), wait=True, lines=half)
            yield Client(f"{self.name} csv", (*requested, "-o", "csv"), wait=True)
            yield Client(f"{self.name} event", (*requested, "-o", "event"), wait=True, lines=each)
        yield Client(f"{self.name} rows", (*requested, "-o", "rows"), wait=True)
        coloured = (*requested, "-o", "pretty", "--color", "always")
        yield Client(f"{self.name} pretty", coloured, wait=True)
        if connects:
            yield Client(f"{self.name} connect", (*self.command, "connect", *where[1:], "-o", "raw"), lines=each)


def wanted(clients: Sequence[Client], only: str | None) -> list[Client]:
    """Return the clients that --only names; a name that ends in * is a beginning."""
    if only is None:
        return list(clients)
    names = [name.strip() for name in only.split(",")]
    return [c for c in clients if any(c.name == n or (n.endswith("*") and c.name.startswith(n[:-1])) for n in names)]


def report(plans: Sequence[Plan], runs_by_client: dict[str, list[Run]]) -> str:
    """Return the table of one kind: medians, and ratios to the reference of the same rounds."""
    by_name = {plan.client.name: plan for plan in plans}
    reference = runs_by_client.get(REFERENCE, [])
    reference_rate = median(one.rate for one in reference)
    reference_cpu = median(per_million(by_name[REFERENCE], one) for one in reference)
    rows = []
    for name, runs in runs_by_client.items():
        plan = by_name[name]
        rate, cost = median(one.rate for one in runs), median(per_million(plan, one) for one in runs)
        due = plan.client.lines
        whole = f"{median(one.lines / due(one.sent) for one in runs):.1%}" if due is not None else "-"
        # the one that waits for a pipeline is a shell, whose memory says nothing
        memory = "-" if plan.client.command[0] == "sh" else f"{median(one.peak_mib for one in runs):.1f}"
        rows.append(
            [
                name,
                f"{rate:,.0f}",
                ratio(rate, reference_rate),
                f"{cost:.2f}",
                ratio(cost, reference_cpu),
                memory,
                whole,
                f"{max((one.noise for one in runs), default=0.0):.0%}",
            ]
        )
    rows.sort(key=lambda row: -float(row[1].replace(",", "").replace("nan", "0")))
    return table(["client", "msg/s", "x", "CPU s/M", "x CPU", "peak MiB", "lines", "noise"], rows)


def verdicts(plans: Sequence[Plan], runs_by_client: dict[str, list[Run]]) -> Iterator[str]:
    """Yield the ratios of what is meant for one another: a filter beside jq's, colours beside jq's."""
    costs = {p.client.name: median(per_million(p, one) for one in runs_by_client[p.client.name]) for p in plans}
    rates = {name: median(one.rate for one in runs) for name, runs in runs_by_client.items()}
    for peer, ending in (
        (FILTERED, " --where"),
        (FILTERED, " --grep"),
        (COLOURED, " pretty"),
        ("wsdump --raw", " json"),
    ):
        for name in (n for n in rates if n.endswith(ending) and peer in rates):
            yield f"{name} / {peer}: {ratio(rates[name], rates[peer])} x msg/s, {ratio(costs[name], costs[peer])} x CPU"


def connects(command: Sequence[str]) -> bool:
    """Say whether a wscli has the verb `connect`."""
    import subprocess

    return subprocess.run([*command, "connect", "--help"], capture_output=True, check=False).returncode == 0


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--kinds", default="trade", help=f"of {', '.join(messages.KINDS)}; with commas")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=1.0, help="of work a run, about")
    parser.add_argument("--only", help="names of clients, with commas; NAME* for a beginning")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--noise", type=float, default=0.12, help="a run beside more than this is repeated")
    parser.add_argument(
        "--wscli", default=program("wscli") or f"{sys.executable} -m wscli", help="the command to measure"
    )
    parser.add_argument("--also", action="append", default=[], metavar="NAME=COMMAND", help="another one beside it")
    options = parser.parse_args()
    ours = [Ours("wscli", tuple(shlex.split(options.wscli)))]
    for name, _, command in (also.partition("=") for also in options.also):
        ours.append(Ours(name, tuple(shlex.split(command))))
    able = {one.name: connects(one.command) for one in ours}
    with flood(tls=options.tls) as server:
        for kind in options.kinds.split(","):
            clients = [*peers(kind, server)]
            for one in ours:
                clients += one.clients(kind, server, connects=able[one.name])
            plans = []
            for client in wanted(clients, options.only):
                if (plan := planned(client, server, kind, options.seconds)) is None:
                    print(f"{client.name}: nothing came of it", file=sys.stderr)
                else:
                    plans.append(plan)
            runs_by_client = interleaved(plans, server, kind, runs=options.runs, noise=options.noise)
            print(f"\n## {kind}{' over TLS' if options.tls else ''}: medians of {options.runs}, x {REFERENCE}\n")
            print(report(plans, runs_by_client))
            print("\n".join(["", *verdicts(plans, runs_by_client)]), flush=True)


if __name__ == "__main__":
    main()
