"""The same abuse for four servers: ours, Oxigraph's, Apache Jena Fuseki and rdflib-endpoint, in one table.

    python reliability/abuse.py DIR [--peers FOLDER] [--wait 20] [--only dragoman,oxigraph,fuseki,rdflib]

Serves the data of DIR's snapshot by each server on the loopback, one after the other, each as it is installed and
started by its own documentation, and does the same to each.  `--peers` is a folder made by `pip` and `mvn`
(docs/reliability.md tells how); a peer that is not there is left out, saying so.  Prints a table in Markdown.  Ends by
itself, after about half an hour.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox
from service_process import DRAGOMAN, children

from kg.snapshot import Snapshot

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SORTED = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f"
# MB at which a server is ended: nobody's machine is to be filled by this.
_FILLED = 6000


@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs: where it takes queries, and where updates, if anywhere."""

    name: str
    process: subprocess.Popen[bytes]
    port: int
    query: str
    update: str
    wait: float

    def ask(
        self, text: str, *, seconds: float | None = None, accept: str = "application/sparql-results+json"
    ) -> tuple[int, str, bytes]:
        """Status, media type and content; status 0 if there is none in time.  By POST, as a form."""
        body = f"query={quote(text)}"
        return self.request("POST", self.query, body, accept, seconds or self.wait, "application/x-www-form-urlencoded")

    def request(
        self, method: str, path: str, body: str, accept: str, seconds: float, kind: str
    ) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, body.encode(), {"Accept": accept, "Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type", "") or "", answer.read()
        except (OSError, http.client.HTTPException):
            return 0, "", b""
        finally:
            connection.close()

    def answers(self, seconds: float = 5) -> bool:
        return self.ask("ASK {}", seconds=seconds)[0] == 200

    def processor(self) -> float:
        """Seconds of the processor that it and its children have taken."""
        ticks = 0
        for pid in (self.process.pid, *children(self.process.pid)):
            with contextlib.suppress(OSError):
                parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += int(parts[11]) + int(parts[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def memory(self) -> float:
        """MB of the process and its children."""
        total = 0.0
        for pid in (self.process.pid, *children(self.process.pid)):
            with contextlib.suppress(OSError):
                found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
                total += int(found[1]) / 1024 if found else 0
        return total

    def alive(self) -> str:
        if self.process.poll() is not None:
            return "**dead**"
        return "alive" if self.answers(10) else "**answers nobody**"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def commands(folder: Path, scratch: Path, peers: Path, port: int) -> dict[str, tuple[list[str], str, str]]:
    """Of each server: how it is started, the path of its queries and of its updates."""
    snapshot = Snapshot.open(folder)
    data = scratch / "data.nt"
    if not data.exists():
        with data.open("wb") as stream:
            quads = ox.parse(path=str(snapshot.data), format=ox.RdfFormat.N_QUADS)
            ox.serialize((quad.triple for quad in quads), stream, format=ox.RdfFormat.N_TRIPLES)
        shutil.copytree(snapshot.store, scratch / "store")
    address = f"127.0.0.1:{port}"
    bin_folder = peers / "venv" / "bin"
    jar = next(iter(sorted((peers / "lib").glob("jena-fuseki-server-*.jar"))), peers / "lib" / "jena-fuseki-server.jar")
    java = ["java", "-jar", str(jar)]
    return {
        "dragoman": ([DRAGOMAN, "serve", str(folder), "--port", str(port)], "/sparql", "/sparql"),
        "oxigraph": (
            [str(bin_folder / "oxigraph"), "serve-read-only", "--location", str(scratch / "store"), "--bind", address],
            "/query?union-default-graph",
            "/update",
        ),
        "fuseki": ([*java, f"--port={port}", "--localhost", f"--file={data}", "/ds"], "/ds/sparql", "/ds/update"),
        "rdflib": (
            [str(bin_folder / "rdflib-endpoint"), "serve", "--host", "127.0.0.1", "--port", str(port), str(data)],
            "/",
            "/",
        ),
    }


@contextlib.contextmanager
def started(name: str, command: list[str], port: int, query: str, update: str, wait: float) -> Iterator[Server]:
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, cwd=tempfile.gettempdir()
    )
    server = Server(name, process, port, query, update, wait)
    try:
        deadline = time.monotonic() + 180
        while not server.answers(2):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{name} does not start: {' '.join(command)}")
            time.sleep(0.3)
        yield server
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


# ---------------------------------------------------------------------------------------------------------- the abuse


def runaway(server: Server) -> str:
    """One query without an end; does another get an answer meanwhile?"""
    result: list[tuple[int, str, bytes]] = []
    began = time.monotonic()
    thread = threading.Thread(target=lambda: result.append(server.ask(ENDLESS, seconds=server.wait + 15)))
    thread.start()
    time.sleep(2)
    other = server.answers(5)
    thread.join()
    status, seconds = result[0][0], time.monotonic() - began
    end = f"ended with {status} after {seconds:.0f} s" if status else f"**no end in {server.wait + 15:.0f} s**"
    return f"{end}; others {'answered' if other else '**wait**'}"


def many_runaways(server: Server) -> str:
    threads = [threading.Thread(target=server.ask, args=(ENDLESS,), kwargs={"seconds": server.wait}) for _ in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(2)
    status = server.ask("ASK {}", seconds=server.wait)[0]
    for thread in threads:
        thread.join()
    later = "then answers" if server.answers(10) else "**then answers nobody**"
    return f"another gets {status or '**nothing**'}; {later}"


def client_gone(server: Server) -> str:
    """Does a query go on for whom nobody waits?"""
    server.ask(ENDLESS, seconds=2)
    time.sleep(3)
    before = server.processor()
    time.sleep(4)
    used = (server.processor() - before) / 4
    return f"**goes on** ({used:.0%} of a core)" if used > 0.1 else "stopped"


def deep(server: Server) -> str:
    depth = 100_000
    status = server.ask("SELECT * { FILTER(" + "(" * depth + "1" + ")" * depth + ") }")[0]
    return f"{status or '**no answer**'}, {server.alive()}"


def long_list(server: Server) -> str:
    values = ",".join(map(str, range(300_000)))
    status = server.ask("SELECT * { ?s ?p ?o FILTER(?o IN (" + values + ")) } LIMIT 1")[0]
    return f"{status or '**no answer**'}, {server.alive()}"


def memory(server: Server) -> str:
    """Sorting a product of all statements with all."""
    peak, stop = [server.memory()], threading.Event()

    def watch() -> None:
        while not stop.wait(0.2):
            peak.append(server.memory())
            if peak[-1] > _FILLED:
                server.process.kill()

    thread = threading.Thread(target=watch)
    thread.start()
    status = server.ask(SORTED, seconds=server.wait + 15)[0]
    stop.set()
    thread.join()
    if max(peak) > _FILLED:
        return f"{status or '**no answer**'}, ended here at {max(peak):,.0f} MB"
    return f"{status or '**no answer**'}, {max(peak):,.0f} MB at most, {server.alive()}"


def elsewhere(server: Server) -> str:
    """Does SERVICE or LOAD fetch from an address that the query names?"""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, _ = canary.accept()
                    connection.close()
                    asked.append("")

        thread = threading.Thread(target=listen)
        thread.start()
        address = f"http://127.0.0.1:{canary.getsockname()[1]}/"
        first = server.ask(f"SELECT * {{ SERVICE <{address}> {{ ?s ?p ?o }} }}", seconds=8)[0]
        service = "**fetched**" if asked else "not fetched"
        asked.clear()
        kind = "application/sparql-update"
        second = server.request("POST", server.update, f"LOAD <{address}>", "*/*", 8, kind)[0]
        load = "**fetched**" if asked else "not fetched"
        stop.set()
        thread.join()
    return f"SERVICE {first}, {service}; LOAD {second}, {load}"


def update(server: Server) -> str:
    kind = "application/sparql-update"
    status = server.request("POST", server.update, "INSERT DATA { <x:a> <x:b> <x:c> }", "*/*", 8, kind)[0]
    changed = b"true" in server.ask("ASK { <x:a> <x:b> <x:c> }")[2]
    return f"{status}, {'**the data changed**' if changed else 'nothing changed'}"


def slow_clients(server: Server) -> str:
    held: list[socket.socket] = []
    try:
        for _ in range(500):
            connection = socket.create_connection(("127.0.0.1", server.port), timeout=5)
            connection.sendall(
                b"POST " + server.query.encode() + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nq"
            )
            held.append(connection)
    except OSError:
        pass
    answered = server.answers(5)
    time.sleep(35)
    closed = 0
    for connection in held:
        connection.setblocking(False)
        try:
            connection.recv(1)
            closed += 1
        except BlockingIOError:
            pass
        except OSError:
            closed += 1
        connection.close()
    return f"others {'answered' if answered else '**wait**'}; {closed} of {len(held)} cut off after 35 s"


def raw(server: Server, data: bytes) -> str:
    with socket.create_connection(("127.0.0.1", server.port), timeout=10) as connection:
        answer = b""
        with contextlib.suppress(OSError):
            connection.sendall(data)
            while len(answer) < 100_000 and (more := connection.recv(65536)):
                answer += more
                if answer.count(b"HTTP/1.1 ") > 1:
                    break
    statuses = re.findall(rb"HTTP/1\.[01] (\d{3})", answer)
    return b" and ".join(statuses).decode() or "closed"


def smuggling(server: Server) -> str:
    path = server.query.encode()
    data = (
        b"POST " + path + b" HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    found = raw(server, data)
    return f"**{found}**" if " and " in found else found


def large_head(server: Server) -> str:
    found = raw(server, b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * (8 << 20) + b"\r\n\r\n")
    return f"{found}, {server.alive()}"


def errors(server: Server) -> str:
    """What an error says: the client's own words as a page, paths of the machine, a stack trace."""
    status, kind, body = server.ask("SELECT <script>alert(1)</script> {", accept="text/html")
    text = body.decode(errors="replace")
    faults = []
    if "html" in kind and "<script>alert(1)" in text:
        faults.append("**reflected as a page**")
    if re.search(r"Traceback|\bat [a-z]+\.[\w.]+\(|/home/|/usr/|\.py\b", text):
        faults.append("**tells of its inside**")
    return f"{status} {kind.partition(';')[0]}" + (", " + ", ".join(faults) if faults else ", nothing of either")


ABUSE: dict[str, Callable[[Server], str]] = {
    "a query without an end": runaway,
    "eight of them": many_runaways,
    "the client goes away": client_gone,
    "100,000 parentheses": deep,
    "300,000 values in IN": long_list,
    "a product sorted": memory,
    "SERVICE and LOAD": elsewhere,
    "INSERT DATA": update,
    "500 clients that stop": slow_clients,
    "a length and chunks": smuggling,
    "8 MB of head": large_head,
    "an error with a script": errors,
}


def main() -> int:
    cli = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    cli.add_argument("folder", type=Path)
    cli.add_argument("--peers", type=Path, default=Path(__file__).resolve().parent / "peers")
    cli.add_argument("--wait", type=float, default=20, help="seconds that a query is waited for")
    cli.add_argument("--only", default="dragoman,oxigraph,fuseki,rdflib")
    args = cli.parse_args()
    table: dict[str, dict[str, str]] = {}
    os.environ["DRAGOMAN_QUERY_SECONDS"] = "10"
    with tempfile.TemporaryDirectory() as scratch:
        for name in args.only.split(","):
            table[name] = {}
            for abuse, act in ABUSE.items():
                # A server of its own for each, so that one's harm is not another's.
                port = free_port()
                command, query, update_path = commands(args.folder, Path(scratch), args.peers, port)[name]
                if name != "dragoman" and not (args.peers / "venv").exists():
                    table[name][abuse] = "not installed"
                    continue
                try:
                    with started(name, command, port, query, update_path, args.wait) as server:
                        table[name][abuse] = act(server)
                except RuntimeError as error:
                    table[name][abuse] = str(error)[:80]
                print(f"{name}: {abuse}: {table[name][abuse]}", file=sys.stderr, flush=True)
    print(f"| abuse | {' | '.join(table)} |\n|---|{'---|' * len(table)}")
    for abuse in ABUSE:
        print(f"| {abuse} | {' | '.join(rows[abuse] for rows in table.values())} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
