"""The peers of the benchmarks: each installed from its registry into a cache folder, and served on the loopback.

    Oxigraph's server       PyPI, oxigraph
    rdflib-endpoint         PyPI, over its Oxigraph store
    Fuseki, tdb2 loader     Maven, org.apache.jena
    Virtuoso                Debian's packages, unpacked, its cap of 10,000 rows raised
    Trifid                  npm; Prez, which it stands for, is not on PyPI

One that cannot be installed is told and left out of the tables.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from measure import free_port, process, wait_for

CACHE = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "dragoman-benchmarks"
_JENA = "5.6.0"
_POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>bench</groupId><artifactId>bench</artifactId><version>1</version><dependencies>
<dependency><groupId>org.apache.jena</groupId><artifactId>jena-fuseki-main</artifactId><version>{0}</version></dependency>
<dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j2-impl</artifactId><version>2.24.3</version></dependency>
</dependencies><build><plugins><plugin><groupId>org.apache.maven.plugins</groupId>
<artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>
<configuration><outputDirectory>${{project.basedir}}/lib</outputDirectory></configuration>
</plugin></plugins></build></project>
"""
_INI = """[Database]
DatabaseFile={0}/v.db
ErrorLogFile={0}/v.log
LockFile={0}/v.lck
TransactionFile={0}/v.trx
xa_persistent_file={0}/v.pxa
MaxCheckpointRemap=2000
[TempDatabase]
DatabaseFile={0}/t.db
TransactionFile={0}/t.trx
[Parameters]
ServerPort=127.0.0.1:{1}
DirsAllowed={2}
NumberOfBuffers=170000
MaxDirtyBuffers=130000
ThreadsPerQuery=2
ServerThreads=20
[HTTPServer]
ServerPort=127.0.0.1:{3}
ServerThreads=18
[SPARQL]
ResultSetMaxRows=10000000
MaxQueryCostEstimationTime=0
MaxQueryExecutionTime=0
"""


_ASSEMBLER = """@prefix fuseki: <http://jena.apache.org/fuseki#> . @prefix tdb2: <http://jena.apache.org/2016/tdb#> .
[] a fuseki:Service ; fuseki:name "ds" ; fuseki:endpoint [ fuseki:operation fuseki:query ; fuseki:name "sparql" ] ;
  fuseki:dataset [ a tdb2:DatasetTDB2 ; tdb2:location "{0}" ; tdb2:unionDefaultGraph true ] .
"""


@dataclass(frozen=True, slots=True)
class Peer:
    """A SPARQL server: `serve(folder, nquads)` loads the file, yields the endpoint's address and ends the server."""

    name: str
    version: str
    serve: Callable[[Path, Path], AbstractContextManager[str]]


def _run(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Raises RuntimeError with the end of what the command said."""
    parts = [str(part) for part in command]
    done = subprocess.run(parts, cwd=cwd, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(parts[:4])}: {(done.stdout + done.stderr)[-600:]}")
    return done.stdout


def _pip(name: str, *packages: str) -> Path:
    """The folder of the commands of a virtual environment with these packages."""
    home = CACHE / name
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        _run(sys.executable, "-m", "venv", home)
        _run(home / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *packages)
        (home / "done").touch()
    return home / "bin"


def oxigraph() -> Path:
    """The command of Oxigraph's server."""
    return _pip("oxigraph", "oxigraph") / "oxigraph"


def jena() -> str:
    """Jena's class path."""
    home = CACHE / "jena"
    if not (home / "done").exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / "pom.xml").write_text(_POM.format(_JENA))
        _run("mvn", "-q", "-B", "-f", home / "pom.xml", "dependency:copy-dependencies")
        (home / "done").touch()
    return f"{home}/lib/*"


def virtuoso() -> Path:
    """The root of Virtuoso's files, with the one library that Debian's image may lack."""
    home = CACHE / "virtuoso"
    if not (home / "done").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        _run("apt-get", "download", "virtuoso-opensource-7-bin", "libpcre3", cwd=home)
        for package in home.glob("*.deb"):
            _run("dpkg-deb", "-x", package, home)
        (home / "done").touch()
    return home


def trifid() -> Path:
    """The folder of Trifid's packages."""
    home = CACHE / "trifid"
    if not (home / "done").exists():
        home.mkdir(parents=True, exist_ok=True)
        (home / "package.json").write_text('{"private": true}\n')
        packages = ("trifid@5", "@zazuko/trifid-entity-renderer")
        _run("npm", "install", "--no-audit", "--no-fund", "--loglevel=error", *packages, cwd=home)
        (home / "done").touch()
    return home


@contextmanager
def serve_oxigraph(folder: Path, nquads: Path) -> Iterator[str]:
    """Oxigraph's own server; its default graph is the union of all."""
    _run(oxigraph(), "load", "--location", folder / "ox", "--file", nquads)
    port = free_port()
    command: list[str | Path] = [
        oxigraph(),
        "serve-read-only",
        "--location",
        folder / "ox",
        "--bind",
        f"127.0.0.1:{port}",
    ]
    with process([*command, "--union-default-graph"], folder / "oxigraph.log") as running:
        wait_for(f"http://127.0.0.1:{port}/", running)
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def serve_fuseki(folder: Path, nquads: Path) -> Iterator[str]:
    """Fuseki on TDB2, its default graph set to the union of all."""
    load_tdb2(folder / "tdb2", nquads)
    port = free_port()
    command = ["java", "-Xmx4G", "-cp", jena(), "org.apache.jena.fuseki.main.cmds.FusekiMainCmd", "--localhost"]
    (folder / "fuseki.ttl").write_text(_ASSEMBLER.format(folder / "tdb2"))
    command += [f"--port={port}", f"--config={folder / 'fuseki.ttl'}"]
    with process(command, folder / "fuseki.log", cwd=folder) as running:
        wait_for(f"http://127.0.0.1:{port}/ds/sparql?query=ASK%7B%7D", running)
        yield f"http://127.0.0.1:{port}/ds/sparql"


def load_tdb2(where: Path, nquads: Path) -> None:
    _run("java", "-Xmx4G", "-cp", jena(), "tdb2.tdbloader", f"--loc={where}", nquads)


@contextmanager
def serve_rdflib(folder: Path, nquads: Path) -> Iterator[str]:
    """rdflib-endpoint over the Oxigraph store of oxrdflib, in the process of its own command."""
    triples = folder / "union.nt"
    with nquads.open() as source, triples.open("w") as target:
        target.writelines(sorted({line[: line.rindex(" <")] + " .\n" for line in source}))
    home, port = _pip("rdflib-endpoint", "rdflib-endpoint[web,cli,oxigraph]"), free_port()
    command: list[str | Path] = [home / "rdflib-endpoint", "serve", "--host", "127.0.0.1", "--port", str(port)]
    with process([*command, "--store", "Oxigraph", triples], folder / "rdflib.log", cwd=folder) as running:
        wait_for(f"http://127.0.0.1:{port}/?query=ASK%7B%7D", running, limit=300)
        yield f"http://127.0.0.1:{port}/"


@contextmanager
def serve_virtuoso(folder: Path, nquads: Path) -> Iterator[str]:
    """Virtuoso, loaded by its bulk loader; its default graph is the union of all."""
    home, where = virtuoso(), folder / "virtuoso"
    where.mkdir()
    ports = free_port(), free_port()
    (where / "v.ini").write_text(_INI.format(where, ports[0], nquads.parent, ports[1]))
    libraries = ":".join(str(home / part / "x86_64-linux-gnu") for part in ("usr/lib", "lib"))
    environment: list[str | Path] = ["env", f"LD_LIBRARY_PATH={libraries}"]
    command = [*environment, home / "usr/bin/virtuoso-t", "-f", "-c", where / "v.ini"]
    with process(command, folder / "virtuoso.log", cwd=where) as running:
        wait_for(f"http://127.0.0.1:{ports[1]}/sparql?query=ASK%7B%7D", running)
        load = f"ld_dir('{nquads.parent}', '{nquads.name}', 'urn:g'); rdf_loader_run(); checkpoint;"
        _run(*environment, home / "usr/bin/isql-vt", f"127.0.0.1:{ports[0]}", "dba", "dba", f"exec={load}")
        yield f"http://127.0.0.1:{ports[1]}/sparql"


@contextmanager
def serve_trifid(folder: Path, endpoint: str, base: str) -> Iterator[str]:
    """Trifid over a SPARQL endpoint; yields its own root."""
    home, port = trifid(), free_port()
    config = folder / "trifid.yaml"
    config.write_text(
        f"extends:\n  - {home}/node_modules/trifid/instances/docker-sparql/config.yaml\n"
        f"server:\n  listener:\n    port: {port}\n    host: 127.0.0.1\n  logLevel: error\n"
    )
    settings = [f"DATASET_BASE_URL={base}", f"SPARQL_ENDPOINT_URL={endpoint}"]
    settings += ["SPARQL_ENDPOINT_USERNAME=", "SPARQL_ENDPOINT_PASSWORD=", "NODE_ENV=production"]
    command: list[str | Path] = ["env", *settings, "node", home / "node_modules/trifid/server.js", "--config", config]
    with process(command, folder / "trifid.log", cwd=home) as running:
        wait_for(f"http://127.0.0.1:{port}/healthz", running)
        yield f"http://127.0.0.1:{port}/"


def peers(log: Callable[[str], None]) -> list[Peer]:
    """Those that can be had here, with their versions; the others are told."""
    wanted: list[tuple[str, Callable[[], str], Callable[[Path, Path], AbstractContextManager[str]]]] = [
        ("Oxigraph's server", lambda: _run(oxigraph(), "--version"), serve_oxigraph),
        ("Fuseki", lambda: jena() and _JENA, serve_fuseki),
        ("Virtuoso", _virtuoso_version, serve_virtuoso),
        ("rdflib-endpoint", _rdflib_version, serve_rdflib),
    ]
    found = []
    for name, install, serve in wanted:
        try:
            found.append(Peer(name, install().split()[-1], serve))
        except (RuntimeError, OSError) as error:
            log(f"{name} cannot be had here: {error}")
    return found


def _virtuoso_version() -> str:
    name = next(virtuoso().glob("virtuoso*.deb")).name
    return re.split("[_+]", name)[1]


def _rdflib_version() -> str:
    shown = _run(_pip("rdflib-endpoint", "rdflib-endpoint[web,cli,oxigraph]") / "pip", "show", "rdflib-endpoint")
    return next(line.split()[1] for line in shown.splitlines() if line.startswith("Version"))
