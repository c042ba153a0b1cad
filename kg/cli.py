"""The command `dragoman`.

Exit codes: 0 all published, 3 published with some left out, 1 nothing published or nothing found, 2 usage.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import TYPE_CHECKING, Literal

import click
import pyoxigraph as ox
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from kg import __version__
from kg.errors import DragomanError, SnapshotError, SourceError
from kg.iris import DEFAULT_BASE, Iris

if TYPE_CHECKING:
    from kg.answers import Answer
    from kg.build import Built
    from kg.history import Change
    from kg.snapshot import Snapshot
    from kg.validation import Validator

PARTIAL, NOTHING = 3, 1
# The engine's parser is recursive and has no limit of its own.
_DEEPEST = 256
_ERRORS_SHOWN = 20
_FOLDER = click.Path(path_type=Path, file_okay=False)
# Whether it can be read is told by the reader, source by source, so that the others go through.
_SOURCE = click.Path(path_type=Path, readable=False)


def _console(stderr: bool = True) -> Console:
    return Console(stderr=stderr, highlight=False, soft_wrap=True)


@contextmanager
def _told(*, processes: bool = False) -> Iterator[None]:
    """An error raised on purpose is one line on standard error, never a stack trace.

    What starts `processes` needs a current folder that they can enter, too.
    """
    try:
        if processes:
            _enter_here()
        yield
    except DragomanError as error:
        _console().print(f"[red]error:[/] {escape(str(error))}")
        sys.exit(NOTHING)
    except PermissionError as error:
        told = f"{error.filename}: {error.strerror}; check its permissions and those of the folders above it"
        _console().print(f"[red]error:[/] {escape(told)}")
        sys.exit(NOTHING)
    except MemoryError:
        _console().print("[red]error:[/] there is not enough memory; nothing was published")
        sys.exit(NOTHING)


def _enter_here() -> None:
    """Raises DragomanError if the current folder cannot be entered by its name, as a process started here does.

    It is so for `sudo -u builder` in somebody's home.
    """
    try:
        os.chdir(Path.cwd())
    except OSError as error:
        where = f", {error.filename}," if error.filename else ""
        raise DragomanError(
            f"the current folder{where} cannot be entered ({error.strerror}); start from one that can, such as /"
        ) from error


def _base(_context: click.Context, _option: click.Parameter, value: str) -> str:
    try:
        return Iris(value).base
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _existing(_context: click.Context, _option: click.Parameter, value: Path) -> Path:
    """click's own check says of what may not be reached that it does not exist."""
    try:
        value.stat()
    except OSError as error:
        raise click.BadParameter(f"{value}: {error.strerror}") from error
    return value


def _volume(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    if value is not None and not re.fullmatch(r"[A-Za-z0-9][\w.-]{0,79}", value, re.ASCII):
        raise click.BadParameter(f"{value!r}: expected letters, digits, dots and hyphens, such as frus1943v03")
    return value


# An option of those verbs that validate.
_REFEREE = click.option(
    "--referee",
    type=click.Choice(["pyshacl"]),
    help="Have every verdict of the SHACL engine confirmed, and stop if one is not.  Takes far longer, and 1 GB a job.",
)


def _validator(referee: str | None) -> Validator:
    if referee:
        from kg.referee import refereed

        return refereed
    from kg.validation import validate

    return validate


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="dragoman")
def main() -> None:
    """Diplomatic documents in, linked data out.

    \b
    dragoman build samples --out build/samples      read, map, check, publish
    dragoman serve build/samples                    SPARQL, linked data and pages on 127.0.0.1:8000
    dragoman query build/samples documents          ask a competency question

    `dragoman VERB --help` shows an example for each verb.
    """


@main.command()
@click.argument("sources", nargs=-1, required=True, type=_SOURCE, metavar="SOURCE...")
@click.option("--out", required=True, type=_FOLDER, help="Folder of the snapshots; made if absent.")
@click.option(
    "--base-iri", callback=_base, default=DEFAULT_BASE, show_default=True, help="What every IRI minted begins with."
)
@click.option(
    "--authorities",
    multiple=True,
    type=_SOURCE,
    metavar="PATH",
    help="Archive of a register (pocom.tar.gz), in place of its tables that ship with Dragoman.  May be repeated.",
)
@click.option("--without-registers", is_flag=True, help="Leave the registers themselves out of the snapshot.")
@click.option(
    "--jobs", type=click.IntRange(1), help="Worker processes, of up to 0.55 GB each.  [default: one a core, 2 at most]"
)
@click.option("--volume", callback=_volume, help="Volume of the plain texts whose names tell none, such as letter.txt.")
@click.option(
    "--fresh", is_flag=True, help="Map every source again, also those that have not changed since the last build."
)
@click.option("--strict", is_flag=True, help="Publish nothing unless every document can be published.")
@_REFEREE
@click.option(
    "--explain", is_flag=True, help="List every doubt: what could not be read as it stood, and what was kept."
)
def build(
    sources: tuple[Path, ...],
    out: Path,
    base_iri: str,
    authorities: tuple[Path, ...],
    without_registers: bool,
    jobs: int | None,
    volume: str | None,
    fresh: bool,
    strict: bool,
    referee: str | None,
    explain: bool,
) -> None:
    """Read SOURCES, map them to RDF, check them with SHACL and publish a snapshot.

    A SOURCE is a TEI volume (.xml, .xml.gz), a plain text named VOLUME-dN.txt (one document) or VOLUME.txt
    (several, parted by form feeds: d1, d2 and so on, or as the first line of each says), or a folder of them.  A
    document that cannot be published is left out and listed; the others go through.  Exit codes: 0 all
    published, 3 published with some left out, 1 nothing published, 2 usage.

    \b
    Example:
      dragoman build frus1934v04.xml.gz texts/ --out data --base-iri https://example.org/
    """
    from kg.build import BuildConfig
    from kg.build import build as run

    started = monotonic()
    config = BuildConfig(
        sources=sources,
        out=out,
        base_iri=base_iri,
        authorities=authorities,
        registers=not without_registers,
        jobs=jobs or 0,
        strict=strict,
        volume=volume,
        # What was kept has not been before the referee.
        fresh=fresh or referee is not None,
        validator=_validator(referee),
    )
    with _told(processes=True), _progress() as progress:
        task = progress.add_task("reading", total=None)
        built = run(
            config,
            lambda what, done, total: progress.update(task, description=what, completed=done, total=total),
        )
    _print_built(built, monotonic() - started, explain=explain)
    if built.snapshot is None:
        sys.exit(NOTHING)
    sys.exit(PARTIAL if built.errors else 0)


def _print_built(built: Built, seconds: float, *, explain: bool) -> None:
    console = _console()
    _print_errors(console, built.errors, listed=built.snapshot is not None)
    for change in built.changes:
        console.print(escape(change))
    if explain:
        _print_doubts(console, built)
    _print_table(console, built, seconds)


def _print_doubts(console: Console, built: Built) -> None:
    for source, fault in built.faults:
        console.print(escape(f"{source}:{fault.line or ''}: {fault.document or ''}: {fault.fact}; kept {fault.kept}"))


def _print_table(console: Console, built: Built, seconds: float) -> None:
    """How many documents of each kind, so that every source document is accounted for."""
    doubts = Counter(fault.kind for _, fault in built.faults)
    table = Table(show_header=False)
    table.add_column()
    table.add_column(overflow="fold")
    rows = {
        "sources reused": built.reused,
        "documents read": built.read,
        "documents published": built.published,
        "left out": len(built.errors),
        "doubts noted": ", ".join(f"{kind}: {number}" for kind, number in sorted(doubts.items())) or 0,
        "passages re-read": built.anchors,
        "passages that failed": built.misplaced,
        "statements": built.statements,
        "seconds": f"{seconds:.1f}",
        "snapshot": built.snapshot.path if built.snapshot else "none: nothing was published",
    }
    for name, value in rows.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    console.print(table)


def _print_errors(console: Console, errors: Sequence[SourceError], *, listed: bool) -> None:
    """The first errors; all, if no manifest lists them."""
    for error in errors[:_ERRORS_SHOWN] if listed else errors:
        console.print(f"[red]left out:[/] {escape(str(error))}")
    if listed and len(errors) > _ERRORS_SHOWN:
        console.print(
            f"[red]left out:[/] {len(errors) - _ERRORS_SHOWN:,} more; manifest.json in the snapshot lists all"
        )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=_console(),
        transient=True,
    )


@main.command()
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port.")
@click.option("--workers", type=click.IntRange(1), help="Query processes.  [default: one a core]")
@click.option("--check", "thorough", is_flag=True, help="Read every byte of a snapshot before it is served.")
@click.option("--metrics/--no-metrics", default=None, help="/metrics for Prometheus.  [default: on loopback addresses]")
@click.option("--proxy", "proxies", multiple=True, metavar="IP", help="A proxy whose X-Forwarded-For is believed.")
@click.option("--log-format", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--log-requests", is_flag=True, help="A line of the log for each request.")
def serve(
    folder: Path,
    host: str,
    port: int,
    workers: int | None,
    thorough: bool,
    metrics: bool | None,
    proxies: tuple[str, ...],
    log_format: Literal["text", "json"],
    log_requests: bool,
) -> None:
    """Serve the snapshot that `dragoman build --out DIR` published.

    SPARQL at /sparql, every IRI of the dataset at its own address, downloads and pages.  The README lists the
    environment variables that set limits.  A new snapshot is taken up within a second, without a restart.

    \b
    Examples:
      dragoman serve data --port 8080
      dragoman serve data --proxy 127.0.0.1 --log-format json --log-requests --no-metrics
    """
    from service.app import Listening, ServiceConfig
    from service.app import serve as run

    shown = _is_loopback(host) if metrics is None else metrics
    with _told():
        try:
            config = ServiceConfig.from_environ(
                os.environ, folder=folder, workers=workers, thorough=thorough, metrics=shown
            )
        except ValueError as error:
            raise click.UsageError(str(error)) from error
        proxy = ",".join(proxies)
        run(config, Listening(host=host, port=port, proxies=proxy, log_format=log_format, log_requests=log_requests))


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


_RESULTS = {
    "csv": ox.QueryResultsFormat.CSV,
    "tsv": ox.QueryResultsFormat.TSV,
    "json": ox.QueryResultsFormat.JSON,
    "xml": ox.QueryResultsFormat.XML,
}


@main.command()
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.argument("query", metavar="FILE.rq|NAME")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", *_RESULTS]),
    default="table",
    show_default=True,
    help="Form of the answer; a CONSTRUCT or DESCRIBE answers in Turtle.",
)
def query(folder: Path, query: str, form: str) -> None:
    """Answer a SPARQL query, from a file or a competency question by its NAME.

    The default graph is the union of all named graphs.  Without a NAME that exists, the error lists them.

    \b
    Examples:
      dragoman query data documents --format csv > documents.csv
      dragoman query data my-question.rq
    """
    from kg.snapshot import Snapshot
    from service.scan import scan

    with _told():
        snapshot = Snapshot.open(folder)
        text = _query_text(query)
        scanned = scan(text)
        if scanned.service:
            raise click.UsageError(f"{query}: SERVICE is refused; a query here never leaves the machine")
        if scanned.depth > _DEEPEST:
            raise click.UsageError(f"{query}: brackets are nested more than {_DEEPEST} deep")
        try:
            store = ox.Store.read_only(str(snapshot.store))
        except (OSError, RuntimeError) as error:
            raise SnapshotError(f"{folder}: the store is damaged; build the snapshot again") from error
        try:
            results = store.query(text, use_default_graph_as_union=not scanned.dataset)
        except SyntaxError as error:
            raise click.UsageError(f"{query}: {' '.join(str(error).split())}") from error
    _print_results(results, form)


def _query_text(query: str) -> str:
    from kg.vocabulary import COMPETENCY_FOLDER

    named = {path.stem: path for path in sorted(COMPETENCY_FOLDER.glob("*.rq"))}
    path = named.get(query, Path(query))
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise click.UsageError(
            f"{query}: neither a file nor a competency question; those are {', '.join(named)}"
        ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise click.UsageError(f"{query}: cannot be read ({error})") from error


def _print_results(results: ox.QuerySolutions | ox.QueryBoolean | ox.QueryTriples, form: str) -> None:
    from kg.vocabulary import PREFIXES

    out = sys.stdout.buffer
    if isinstance(results, ox.QueryTriples):
        ox.serialize(results, out, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES)
    elif form != "table":
        results.serialize(out, format=_RESULTS[form])
    elif isinstance(results, ox.QueryBoolean):
        click.echo("yes" if results else "no")
    else:
        table = Table(*(variable.value for variable in results.variables))
        for row in results:
            table.add_row(*("" if term is None else escape(_cell(term)) for term in row))
        # A file or a pipe has no width to fold to.
        Console(highlight=False, width=None if sys.stdout.isatty() else 1 << 16).print(table)
    out.flush()


def _cell(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    return str(term) if isinstance(term, ox.Triple) else term.value


_EXPORTS = {
    "nq": ox.RdfFormat.N_QUADS,
    "nt": ox.RdfFormat.N_TRIPLES,
    "ttl": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "jsonld": ox.RdfFormat.JSON_LD,
    "rdfxml": ox.RdfFormat.RDF_XML,
}


@main.command()
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--format", "form", type=click.Choice(list(_EXPORTS)), required=True, help="RDF format.")
@click.option("--volume", help="Only the graphs of this volume, such as frus1934v04.")
def export(folder: Path, form: str, volume: str | None) -> None:
    """Write the data to standard output, straight from the snapshot's statements of record.

    nq, trig and jsonld keep the named graphs; nt, ttl and rdfxml have the triples of all.

    \b
    Example:
      dragoman export data --format ttl --volume frus1934v04 > frus1934v04.ttl
    """
    from kg.snapshot import Snapshot
    from kg.vocabulary import PREFIXES

    with _told():
        snapshot = Snapshot.open(folder)
    known = {entry.id for entry in snapshot.manifest.volumes}
    if volume is not None and volume not in known:
        raise click.BadParameter(f"{volume} is not in the snapshot, which has {', '.join(sorted(known))}")
    graphs = {source.graph for source in snapshot.manifest.sources if volume in (None, source.volume)}
    target = _EXPORTS[form]
    quads = (
        quad
        for quad in ox.parse(path=str(snapshot.data), format=ox.RdfFormat.N_QUADS)
        if volume is None or getattr(quad.graph_name, "value", None) in graphs
    )
    rows = quads if target.supports_datasets else (quad.triple for quad in quads)
    ox.serialize(rows, sys.stdout.buffer, format=target, prefixes=PREFIXES)
    sys.stdout.buffer.flush()


@main.command()
@click.argument("target", type=click.Path(path_type=Path), callback=_existing, metavar="DIR|FILE")
@click.option(
    "--base-iri", callback=_base, default=DEFAULT_BASE, show_default=True, help="For a source document: its IRIs."
)
@click.option("--volume", callback=_volume, help="For a plain text whose name does not tell it.")
@_REFEREE
def validate(target: Path, base_iri: str, volume: str | None, referee: str | None) -> None:
    """Check a snapshot, a source document or an RDF file against the shapes.

    Exit codes: 0 conforms, 3 something breaks a shape, 1 it could not be read, or the referee differs.

    \b
    Examples:
      dragoman validate data
      dragoman validate frus1943v03-d549.txt
      dragoman validate graph.ttl
    """
    from kg.check import check

    with _told(processes=True):
        results = check(target, base_iri, volume, _validator(referee))
    console = Console(highlight=False, soft_wrap=True)
    for result in results:
        console.print(escape(f"{result.focus}: {result.message}" + (f" ({result.value})" if result.value else "")))
    console.print(f"{len(results)} results" if results else "conforms")
    sys.exit(PARTIAL if results else 0)


@main.command()
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--all", "every", is_flag=True, help="Every snapshot that is kept, not only the current one.")
def check(folder: Path, every: bool) -> None:
    """Verify the snapshot byte by byte: every file against its size and SHA-256.

    What is gone, has another size or other bytes, or was never written by a build is listed, a line each.  Exit
    codes: 0 all is as it was published, 3 something is not, 1 there is no snapshot.

    \b
    Example:
      dragoman check data && rsync -a data/ backup/
    """
    from kg.pruning import kept
    from kg.snapshot import Snapshot

    whole = True
    with _told():
        paths = [one.path for one in kept(folder)] if every else [folder]
        if not paths:
            raise SnapshotError(f"{folder}: no snapshot here; make one with `dragoman build`")
        for path in paths:
            try:
                snapshot = Snapshot.open(path)
            except SnapshotError as error:
                if not every:
                    raise
                click.echo(str(error))
                whole = False
                continue
            whole = _check(snapshot) and whole
    sys.exit(0 if whole else PARTIAL)


def _check(snapshot: Snapshot) -> bool:
    """Whether a snapshot is whole; lists what is not."""
    columns = TextColumn("checking"), BarColumn(), DownloadColumn(), TimeElapsedColumn()
    with Progress(*columns, console=_console(), transient=True) as progress:
        task = progress.add_task("checking", total=None)
        damage = snapshot.damage(progress=lambda done, total: progress.update(task, completed=done, total=total))
    for one in damage:
        click.echo(f"{snapshot.path.name}: {one}")
    if not damage:
        click.echo(f"{snapshot.path.name}: whole")
    return not damage


@main.command()
@click.argument("folder", type=_FOLDER, metavar="DIR")
def snapshots(folder: Path) -> None:
    """List the snapshots that are kept, the last published first: when, how large, which is current.

    \b
    Example:
      dragoman snapshots data
    """
    from kg.pruning import kept

    with _told():
        found = kept(folder)
    if not found:
        _console().print(f"[red]error:[/] {escape(str(folder))}: no snapshot here; make one with `dragoman build`")
        sys.exit(NOTHING)
    table = Table("published (UTC)", "snapshot", "MB", "")
    for one in found:
        time = f"{one.published.time:%Y-%m-%d %H:%M:%S}" if one.published else "never"
        table.add_row(time, one.path.name, f"{one.bytes / 1e6:,.1f}", "current" if one.current else "")
    _console(stderr=False).print(table)


@main.command()
@click.argument("folder", type=_FOLDER, metavar="DIR")
@click.option("--keep", required=True, type=click.IntRange(1), help="How many of the last published stay.")
def prune(folder: Path, keep: int) -> None:
    """Remove old snapshots; the current one always stays, and so does the record of what changed.

    Earlier states at /memento/ and downloads by a snapshot's name go with it.

    \b
    Example:
      dragoman prune data --keep 5
    """
    from kg.pruning import prune as run

    with _told():
        freed = 0
        for one in run(folder, keep):
            click.echo(f"removed {one.path.name}")
            freed += one.bytes
    click.echo(f"{freed / 1e6:,.1f} MB freed")


@main.command()
@click.argument("older", metavar="A")
@click.argument("newer", metavar="B")
@click.option("--in", "folder", type=_FOLDER, metavar="DIR", help="Where A and B are, if they are names of snapshots.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["summary", "patch", "jsonld"]),
    default="summary",
    show_default=True,
    help="Numbers and the first things; N-Quads lines with - and +; or ActivityStreams.",
)
@click.option(
    "--lines", type=click.IntRange(0), default=20, show_default=True, help="How many things a summary lists of a kind."
)
def diff(older: str, newer: str, folder: Path | None, form: str, lines: int) -> None:
    """Tell what differs between two snapshots: what B has created, updated and deleted since A.

    A and B are folders (DIR, whose current snapshot is meant, or DIR/snapshots/NAME) or, with --in DIR, names of
    snapshots or beginnings of such.  A thing is updated if its statements in all graphs together are not the same;
    what only tells how a graph was made is not listed as updated.

    Exit codes: 0 no difference, 3 there are some, 1 a snapshot could not be read, 2 usage.

    \b
    Examples:
      dragoman diff data/snapshots/4c1f... data
      dragoman diff --in data 4c1f 9a72 --format patch > changes.patch
    """
    from kg import diff as differences

    with _told():
        a, b = (_snapshot(name, folder) for name in (older, newer))
        if form == "patch":
            for sign, line in differences.statements(a, b):
                sys.stdout.buffer.write(sign.encode() + b" " + line)
            sys.stdout.buffer.flush()
        with TemporaryDirectory() as scratch:
            changes = differences.things(a, b, Path(scratch) / "touched.sqlite")
            if form == "jsonld":
                _print_activities(changes)
            elif form == "summary":
                _print_changes(changes, Counter(str(sign) for sign, _ in differences.statements(a, b)), lines)
        # Statements that moved between graphs, and what tells how a graph was made, are differences, too.
        differ = any(True for _ in differences.statements(a, b))
    sys.exit(PARTIAL if differ else 0)


def _snapshot(name: str, folder: Path | None) -> Snapshot:
    """A snapshot by its folder or, in `folder`, by its name or the beginning of it."""
    from kg.snapshot import SNAPSHOTS, Snapshot

    if folder is None:
        return Snapshot.open(name)
    found = sorted(path for path in (folder / SNAPSHOTS).glob("*") if path.name.startswith(name))
    if len(found) != 1:
        raise click.UsageError(f"{name}: {len(found) or 'no'} snapshots in {folder} have this name")
    return Snapshot.open(found[0])


def _print_changes(changes: Iterable[Change], statements: Mapping[str, int], lines: int) -> None:
    """Numbers, then the first things of each kind."""
    counts: Counter[str] = Counter()
    first: dict[str, list[str]] = {"created": [], "updated": [], "deleted": []}
    for change in changes:
        counts[change.kind] += 1
        if len(first[change.kind]) < lines:
            first[change.kind].append(change.iri)
    for kind, iris in first.items():
        click.echo(f"{kind}: {counts[kind]:,}")
        for iri in iris:
            click.echo(f"  {iri}")
        if iris and counts[kind] > len(iris):
            click.echo(f"  and {counts[kind] - len(iris):,} more")
    click.echo(f"statements: {statements['+']:,} added, {statements['-']:,} removed")


def _print_activities(changes: Iterable[Change]) -> None:
    """One collection, an activity a line."""
    types = {"created": "Create", "updated": "Update", "deleted": "Delete"}
    head = {"@context": "https://www.w3.org/ns/activitystreams", "type": "OrderedCollection"}
    click.echo(json.dumps(head)[:-1] + ', "orderedItems": [', nl=False)
    separator = "\n"
    for change in changes:
        activity = {"type": types[change.kind], "object": {"id": change.iri}}
        click.echo(separator + json.dumps(activity, ensure_ascii=False), nl=False)
        separator = ",\n"
    click.echo("\n]}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("items", nargs=-1, required=True, type=click.UNPROCESSED, metavar="[--graph IRI] RDFFILE...")
@click.option("--out", required=True, type=_FOLDER, help="Folder of the snapshots; made if absent.")
@click.option(
    "--base-iri", callback=_base, default=DEFAULT_BASE, show_default=True, help="What every IRI minted begins with."
)
def load(items: tuple[str, ...], out: Path, base_iri: str) -> None:
    """Publish any RDF as a snapshot: Turtle, TriG, N-Triples, N-Quads, RDF/XML or JSON-LD, by suffix.

    Triples go into the graph that --graph names, for the files after it; before any --graph, into one graph
    a file, {base}id/graph/FILE.  Blank nodes get IRIs.  A file that breaks a shape is left out.

    \b
    Example:
      dragoman load a.ttl --graph https://example.org/g b.ttl c.ttl --out data
    """
    from kg.load import load as run
    from kg.load import pair_graphs

    try:
        pairs = pair_graphs(items)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    with _told(processes=True):
        loaded = run(pairs, out, base_iri)
    console = _console()
    _print_errors(console, loaded.errors, listed=loaded.snapshot is not None)
    if loaded.snapshot is None:
        console.print("nothing was published")
        sys.exit(NOTHING)
    console.print(f"{loaded.statements:,} statements published in {escape(str(loaded.snapshot.path))}")
    sys.exit(PARTIAL if loaded.errors else 0)


@main.command()
@click.argument("office")
@click.option("--on", required=True, metavar="DATE", help="A day, a month or a year: 1934-03-01, 1934-03, 1934.")
@click.option("--name", help="The name that is printed with the office.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="Form of the answer.",
)
def resolve(office: str, on: str, name: str | None, form: str) -> None:
    """Tell who held an OFFICE on a date, by the registers, with its evidence and rivals.

    Exit codes: 0 somebody was found, 1 nobody, 2 usage.

    \b
    Examples:
      dragoman resolve "Ambassador in Japan" --on 1934-03-01
      dragoman resolve "Minister in Norway" --on 1917-06-01 --name Schmedeman
      dragoman resolve "Secretary of State" --on 1925-03 --format json
    """
    from kg.answers import BadQuestion, answer
    from kg.authorities import authorities

    try:
        found = answer(authorities(), office, on, name)
    except BadQuestion as error:
        raise click.UsageError(str(error)) from error
    if form == "json":
        click.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        _print_answer(_console(stderr=False), found)
    sys.exit(0 if found["candidates"] else NOTHING)


def _print_answer(console: Console, found: Answer) -> None:
    console.print(f"[bold]{found['certainty']}[/]: {escape(found['message'])}")
    for number, candidate in enumerate(found["candidates"], 1):
        console.print(f"\n{number}. {escape(candidate['person'])} ({candidate['id']})")
        for term in candidate["terms"]:
            console.print(f"   {escape(term['title'])}: {escape(term['office'])}")
            for date in term["dates"]:
                note = f" ({date['note']})" if date["note"] else ""
                console.print(f"     {date['meaning']}: {escape((date['date'] or 'no date') + note)}")
            for words in filter(None, (term["note"], term["doubt"] and f"in doubt: {term['doubt']}")):
                console.print(f"     {escape(words)}")
    for rule in found["rules"]:
        console.print(f"\nby the rule “{escape(rule['label'])}”: {escape(rule['definition'])}")
    console.print(f"on the evidence: {escape(found['evidence'])}")


if __name__ == "__main__":
    main()
