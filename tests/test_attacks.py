"""Attacks, each with its outcome: what hostile sources, data and requests get."""

from __future__ import annotations

import gzip
import io
import re
import socket
import subprocess
import sys
import tarfile
import threading
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote, urljoin, urlsplit

import httpx
import pytest
from service_fixtures import folder, serving  # noqa: F401

from kg import markup, registers
from kg.build import BuildConfig, build
from kg.errors import SourceError, UnreadableSource, UnsafeXML
from kg.load import load
from kg.snapshot import Snapshot
from kg.tei import read
from service.app import ServiceConfig

ROOT = Path(__file__).resolve().parent.parent
TEI = (
    '<TEI xmlns="http://www.tei-c.org/ns/1.0"><text><body><div type="document" xml:id="d1">{}</div></body></text></TEI>'
)
RDF_XML = (
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:x="http://x.example/">'
    '<rdf:Description rdf:about="http://x.example/a"><x:p>{}</x:p></rdf:Description></rdf:RDF>'
)
LAUGHS = (
    '<!DOCTYPE r [<!ENTITY a0 "ha">'
    + "".join(f'<!ENTITY a{number} "{f"&a{number - 1};" * 10}">' for number in range(1, 10))
    + "]>"
)


# ------------------------------------------------------------------------------------------ XML: XXE, billion laughs


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.txt"
    path.write_text("the-secret")
    return path


def test_xxe_in_a_volume_is_refused(tmp_path: Path, secret: Path) -> None:
    path = tmp_path / "v.xml"
    path.write_text(f'<!DOCTYPE TEI [<!ENTITY x SYSTEM "{secret.as_uri()}">]>' + TEI.format("&x;"))
    with pytest.raises(UnsafeXML):
        read(path)


@pytest.mark.parametrize("external", ['SYSTEM "{}"', 'PUBLIC "-//x" "{}"'])
def test_xxe_in_rdf_xml_is_refused(tmp_path: Path, secret: Path, external: str) -> None:
    path = tmp_path / "a.rdf"
    path.write_text(f"<!DOCTYPE r [<!ENTITY x {external.format(secret.as_uri())}>]>" + RDF_XML.format("&x;"))
    built = load([(path, None)], tmp_path / "out", "http://x.example/")
    assert built.snapshot is None
    assert "the-secret" not in str(built.errors[0])


def test_billion_laughs_in_a_volume_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "v.xml"
    path.write_text(LAUGHS + TEI.format("&a9;"))
    began = time.monotonic()
    with pytest.raises(UnsafeXML):
        read(path)
    assert time.monotonic() - began < 1


def test_billion_laughs_in_rdf_xml_are_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.rdf"
    path.write_text(LAUGHS + RDF_XML.format("&a9;"))
    began = time.monotonic()
    built = load([(path, None)], tmp_path / "out", "http://x.example/")
    assert time.monotonic() - began < 2
    assert isinstance(built.errors[0], UnsafeXML)


def test_entities_that_abbreviate_namespaces_are_read(tmp_path: Path) -> None:
    """As many ontologies have them."""
    path = tmp_path / "a.rdf"
    path.write_text('<!DOCTYPE r [<!ENTITY x "http://x.example/">]>' + RDF_XML.format("&x;b"))
    built = load([(path, None)], tmp_path / "out", "http://x.example/")
    assert built.snapshot is not None
    assert '"http://x.example/b"' in built.snapshot.data.read_text()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("deep.rdf", RDF_XML.format("") + "<a>" * 100_000 + "</a>" * 100_000),
        ("deep.rdf", RDF_XML.format("<rdf:Description><x:p>" * 50_000 + "</x:p></rdf:Description>" * 50_000)),
        ("deep.ttl", "<http://a/> <http://p/> " + "<<( <http://a/> <http://p/> " * 50_000 + "1" + ")>>" * 50_000 + "."),
        ("deep.jsonld", '{"http://p/":' * 200_000 + "1" + "}" * 200_000),
        ("deep.jsonld", '{"http://p/":' + "[" * 200_000 + "]" * 200_000 + "}"),
    ],
)  # fmt: skip
def test_deep_nesting_is_refused_and_kills_no_process(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    command = [str(Path(sys.executable).with_name("dragoman")), "load", name, "--out", "out"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60)
    assert result.returncode == 1, result.stderr[-300:]
    assert "left out" in result.stderr
    assert "Traceback" not in result.stderr


def test_entities_of_a_register_are_not_followed(tmp_path: Path, secret: Path) -> None:
    record = f'<!DOCTYPE p [<!ENTITY x SYSTEM "{secret.as_uri()}">]><person><id>a</id><surname>&x;</surname></person>'
    with pytest.raises(SourceError) as told:
        registers.read(archive(tmp_path, {"people/a/a.xml": (LAUGHS + record).encode()}))
    assert "the-secret" not in str(told.value)


# ------------------------------------------------------------------------------------------------------------- bombs


def archive(folder: Path, files: dict[str, bytes], *, size: int | None = None) -> Path:  # noqa: F811
    """A .tar.gz; `size` is what the header of each file says."""
    path = folder / "register.tar.gz"
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content) if size is None else size
            tar.addfile(member, io.BytesIO(content))
    return path


def test_a_zip_bomb_is_cut_off(tmp_path: Path) -> None:
    """Half a gigabyte of spaces in half a megabyte."""
    path = tmp_path / "v.xml.gz"
    with gzip.open(path, "wb", compresslevel=9) as stream:
        for _ in range(512):
            stream.write(b" " * (1 << 20))
    assert path.stat().st_size < 1 << 20
    began = time.monotonic()
    with pytest.raises(UnreadableSource, match="more than 256 MB"):
        markup.load(path)
    assert time.monotonic() - began < 10


def test_an_archive_that_explodes_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registers, "_ARCHIVE_LIMIT", 10 << 20)
    files = {f"people/a/{number}.bin": b"\0" * (1 << 20) for number in range(12)}
    with pytest.raises(UnreadableSource, match="more than 10 MB"):
        registers.read(archive(tmp_path, files))


def test_an_archive_unpacks_nothing_outside(tmp_path: Path) -> None:
    names = ["../../people/evil.xml", "/people/evil.xml", "people/../../../evil.xml"]
    with pytest.raises(SourceError):
        registers.read(archive(tmp_path, dict.fromkeys(names, b"<person/>")))
    assert not list(tmp_path.parent.rglob("evil.xml"))
    assert not Path("/people").exists()


# -------------------------------------------------------------------------------------------------------------- SSRF


@pytest.fixture
def canary() -> Iterator[tuple[str, list[bytes]]]:
    """An address that must not be asked, and what asked it."""
    asked: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, _ = server.accept()
                except TimeoutError:
                    continue
                with connection:
                    connection.settimeout(1)
                    asked.append(connection.recv(1000))

        thread = threading.Thread(target=listen)
        thread.start()
        yield f"http://127.0.0.1:{server.getsockname()[1]}/canary", asked
        stop.set()
        thread.join()


@pytest.fixture(scope="module")
def http(folder: Path) -> Iterator[httpx.Client]:  # noqa: F811
    with (
        serving(ServiceConfig(folder=folder, workers=1, query_seconds=10)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}", 403),
        ("SELECT * {{ SERVICE SILENT <{0}> {{ ?s ?p ?o }} }}", 403),
        ("SELECT * {{ BIND(<{0}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}", 403),
        ("SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}", (400, 403)),
        ("PREFIX x: <{0}> SELECT * {{ {{ SELECT * {{ SERVICE x: {{ ?s ?p ?o }} }} }} }}", 403),
        ("LOAD <{0}>", 403),
        ("LOAD SILENT <{0}> INTO GRAPH <http://x.example/>", 403),
        ("SELECT * FROM <{0}> {{ ?s ?p ?o }}", 200),
        ("SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}", 200),
        ("DESCRIBE <{0}>", 200),
        ("SELECT * {{ BIND(<{0}>(1) AS ?x) }}", 400),
    ],
)
def test_no_query_leaves_the_machine(
    http: httpx.Client, canary: tuple[str, list[bytes]], query: str, status: int | tuple[int, ...]
) -> None:
    answer = http.post("/sparql", data={"query": query.format(canary[0])})
    assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.text
    assert not canary[1]


@pytest.mark.parametrize(
    ("address", "headers"),
    [
        ("/sparql?query=ASK%7B%7D&default-graph-uri={0}", {}),
        ("/sparql?query=ASK%7B%7D&named-graph-uri={0}", {}),
        ("/graph-store?graph={0}", {}),
        ("/doc/document/v1/d1?_profile={0}", {}),
        ("/doc/document/v1/d1", {"Accept-Profile": "<{0}>"}),
        ("/doc/document/v1/d1", {"Accept": 'application/ld+json;profile="{0}"'}),
        ("/doc/{0}", {}),
        ("/id/{0}", {}),
        ("/linkset/{0}", {}),
        ("/resolve?office={0}&on=1900", {}),
        ("/search?q={0}", {}),
        ("/nothing", {"Referer": "{0}", "Origin": "{0}", "Link": "<{0}>"}),
    ],
)
def test_no_address_or_field_is_fetched(
    http: httpx.Client, canary: tuple[str, list[bytes]], address: str, headers: dict[str, str]
) -> None:
    sent = {name: value.format(canary[0]) for name, value in headers.items()}
    answer = http.get(address.format(quote(canary[0], safe="")), headers=sent)
    assert answer.status_code < 500
    assert not canary[1]


def test_a_context_elsewhere_is_not_fetched_when_data_are_loaded(
    tmp_path: Path, canary: tuple[str, list[bytes]]
) -> None:
    path = tmp_path / "a.jsonld"
    path.write_text(f'{{"@context": "{canary[0]}", "@id": "http://x.example/a", "p": "o"}}')
    built = load([(path, None)], tmp_path / "out", "http://x.example/")
    assert built.snapshot is None
    path.write_text(
        f'{{"@context": {{"@import": "{canary[0]}", "p": "http://p/"}}, "@id": "http://x.example/a", "p": "o"}}'
    )
    load([(path, None)], tmp_path / "out", "http://x.example/")
    owl = tmp_path / "a.ttl"
    owl.write_text(f"<http://x.example/> <http://www.w3.org/2002/07/owl#imports> <{canary[0]}> .")
    assert load([(owl, None)], tmp_path / "out", "http://x.example/").snapshot is not None
    assert not canary[1]


def test_the_command_line_asks_no_other_endpoint(folder: Path, tmp_path: Path, canary: tuple[str, list[bytes]]) -> None:  # noqa: F811
    (tmp_path / "q.rq").write_text(f"SELECT * {{ SERVICE <{canary[0]}> {{ ?s ?p ?o }} }}")
    command = [str(Path(sys.executable).with_name("dragoman")), "query", str(folder), str(tmp_path / "q.rq")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 2
    assert not canary[1]


# ---------------------------------------------------------------------------------------------------- path traversal


UP = [
    "..",
    "%2e%2e",
    "..%2f..%2f..",
    "%2e%2e%2f%2e%2e",
    "..%5c..",
    "%252e%252e",
    "....//",
    "%c0%ae%c0%ae",
    "..%00",
    "/",
]


@pytest.mark.parametrize("up", UP)
@pytest.mark.parametrize(
    "place",
    [
        "/static/{}/app.py", "/download/{}/manifest.json", "/download/volume/{}/secret.txt",
        "/download/document/{}/x.nq",
        "/download/00000000000000000000000000000000/{}/x.nq", "/sparql/examples/{}/x.rq", "/problems/{}/x",
        "/catalogue/{}/x", "/doc/{}/etc/passwd", "/ontology{}/x", "/memento/20200101000000/doc/{}/x", "/{}/etc/passwd",
        "/cite/document/{}/d1.bib", "/changes/{}/1",
    ],
)  # fmt: skip
def test_no_address_leads_out_of_its_folder(http: httpx.Client, place: str, up: str) -> None:
    host, port = http.base_url.host, http.base_url.port
    with socket.create_connection((host, port), timeout=20) as connection:
        path = place.format(up).encode()
        connection.sendall(b"GET " + path + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        answer = b""
        while more := connection.recv(65536):
            answer += more
    assert answer.split(b" ", 2)[1] in (b"400", b"404", b"308", b"303"), answer[:200]
    for word in (b"root:", b"create_app", b"data_sha256", b"not listed"):
        assert word not in answer


LONG = ["a/" * 32_000, "a" * 64_000, "ab/cd-ef_" * 7_000, "%41" * 21_000, "x%2F" * 16_000, "1" * 64_000, "a." * 32_000]


@pytest.mark.parametrize("long", LONG, ids=[long[:9] for long in LONG])
@pytest.mark.parametrize(
    "place", ["/{}", "/id/{}", "/doc/{}", "/id/document/{}", "/doc/person/v1/{}.ttl", "/memento/20200101000000/doc/{}"]
)
def test_no_long_address_keeps_the_service_busy(http: httpx.Client, place: str, long: str) -> None:
    """What may have been meant by it was looked for in the square of its parts, while everybody waited."""
    began = time.monotonic()
    answer = http.get(place.format(long))
    assert answer.status_code in (303, 404)
    assert time.monotonic() - began < 3


FIELDS = [
    "Accept", "Accept-Encoding", "Accept-Profile", "Accept-Datetime", "If-Match", "If-None-Match", "If-Modified-Since",
    "If-Unmodified-Since", "If-Range", "Range", "Content-Type", "Cookie", "Forwarded", "X-Forwarded-For",
    "X-Request-Id", "Prefer", "Connection", "Expect",
]  # fmt: skip
# How a value begins, and what then is repeated in it.
SHAPES = [
    *(("", repeated) for repeated in [
        '"', '\\"', ",", ";", "=", "a", "1", "<a", "<a>", "W/", "a/b;", "a/b,", ";q=1", "(", "-", ":", '"a', "*,",
    ]),
    ('a/b;x="', '\\"'), ('a/b;x="', "a"), ('a/b;x="', '",'), ("a/b", " x"), ("<a>;q=", "1"), ('"', '\\"'),
    ("gzip;q=", "0."), ("bytes=", "1-"), ("bytes=", "1-2,"), ("bytes=", " 1"), ("Mon, ", "0"),
]  # fmt: skip


@pytest.mark.parametrize("field", FIELDS)
def test_no_long_field_keeps_the_service_busy(http: httpx.Client, field: str) -> None:
    """A quoted string of escapes without an end in Accept took 47 s in the loop that serves all."""
    for path in ("/doc/document/v1/d1", "/download/dragoman.nt.gz", "/sparql?query=ASK%7B%7D", "/nowhere"):
        for before, repeated in SHAPES:
            value = before + repeated * ((60_000 - len(before)) // len(repeated))
            began = time.monotonic()
            answer = http.head(path, headers={field: value})
            assert answer.status_code < 500
            assert time.monotonic() - began < 3, (path, before, repeated)


@pytest.mark.parametrize("unit", ['\\"', "\\'", '"\\', '"""\\', '"a\n', '"""', "<", "#\n", '""'])
def test_no_long_query_is_looked_through_in_the_square_of_its_length(http: httpx.Client, unit: str) -> None:
    """80 kB of escaped quotes took half a minute, a megabyte an hour, while nobody else was answered."""
    text = "ASK {} " + unit * (1_000_000 // len(unit))
    began = time.monotonic()
    answer = http.post("/sparql", content=text, headers={"Content-Type": "application/sparql-query"})
    assert answer.status_code in (200, 400, 403)
    assert time.monotonic() - began < 8
    began = time.monotonic()
    assert http.get("/sparql/code", params={"query": text[:20_000]}).status_code == 200
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("name", ["..", ".", "../../evil", "a/b", "C:\\x", "%2e%2e", "evil\n"])
def test_ids_of_a_hostile_volume_stay_in_their_folder(tmp_path: Path, name: str) -> None:
    source = tmp_path / "sources" / "vol.xml"
    source.parent.mkdir()
    document = f'<div type="document" xml:id="{name}"><head>The Secretary to Mr. Stone</head><p>Sir.</p></div>'
    source.write_text(
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="{name}"><text><body>{document}</body></text></TEI>'
    )
    before = {path for path in tmp_path.rglob("*") if "out" not in path.parts}
    built = build(BuildConfig(sources=(source,), out=tmp_path / "out", jobs=1, registers=False))
    assert {path for path in tmp_path.rglob("*") if "out" not in path.parts} == before
    if built.snapshot is not None:
        names = {path.parent.name for path in built.snapshot.downloads.rglob("*") if path.is_file()}
        assert names <= {"downloads", "volume"}


# ---------------------------------------------------------------------------------------------------------------- XSS


PAYLOAD = "&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;{{7*7}}"
BROWSER = "text/html,application/xhtml+xml"


class Page(HTMLParser):
    """What of a page could run: scripts, handlers, addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.links: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "script" and not (
            "src" in values or values.get("type") in ("application/ld+json", "application/json")
        ):
            self.dangers.append(f"script {values}")
        if tag in ("iframe", "object", "embed", "base", "style") or (tag == "img" and values.get("src") == "x"):
            self.dangers.append(tag)
        self.dangers += [f"{tag} {name}" for name in values if name.startswith("on") or name == "style"]
        for name in ("href", "src", "action", "formaction", "xlink:href"):
            if re.match(r"(?i)[\x00-\x20]*(javascript|data|vbscript):", values.get(name, "")):
                self.dangers.append(f"{tag} {name}={values[name]}")
        if tag == "a" and "href" in values:
            self.links.append(values["href"])


@pytest.fixture(scope="module")
def poisoned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A service on a volume and a text that say the payload wherever they can."""
    sources = tmp_path_factory.mktemp("poisoned")
    people = f'<list type="persons"><item><persName xml:id="p_X1">{PAYLOAD}</persName>, {PAYLOAD}</item></list>'
    document = (
        f'<div type="document" xml:id="d{{0}}" n="{PAYLOAD}"><pb n="{PAYLOAD}" xml:id="pg_{{0}}"/>'
        f'<head>The Minister in Norway (<persName corresp="#p_X1">{PAYLOAD}</persName>) to the Secretary of State'
        f'<note n="{PAYLOAD}" xml:id="d{{0}}fn1">{PAYLOAD} see '
        f'<ref target="javascript:alert(1)">this {PAYLOAD}</ref> and '
        f'<ref target="#d1">ante</ref>.</note></head><opener><dateline><placeName>{PAYLOAD}</placeName>, '
        f'<date when="1934-01-0{{0}}">January {{0}}, 1934</date></dateline></opener>'
        f'<p>711.00/{{0}}: {PAYLOAD} <gloss target="#t_X">{PAYLOAD}</gloss> <hi rend="italic">{PAYLOAD}</hi></p>'
        f"<table><row><cell>{PAYLOAD}</cell></row></table><closer><signed>{PAYLOAD}</signed></closer></div>"
    )
    header = (
        f'<teiHeader><fileDesc><titleStmt><title type="complete">{PAYLOAD}</title></titleStmt><publicationStmt>'
        f"<publisher>{PAYLOAD}</publisher><date>1950 {PAYLOAD}</date></publicationStmt></fileDesc></teiHeader>"
    )
    body = f'<div type="chapter" xml:id="ch1"><head>{PAYLOAD}</head>{document.format(1)}{document.format(2)}</div>'
    (sources / "xss1934v01.xml").write_text(
        f'<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="xss1934v01">{header}<text><front><div xml:id="persons" '
        f'type="section"><head>Persons</head>{people}</div></front><body>{body}</body></text></TEI>'
    )
    (sources / "xss1934v02-d1.txt").write_text(
        f"711.00/5: Telegram\nThe Minister in {PAYLOAD} (Stone) to the Secretary of State\nOslo, March 1, 1934.\n"
        f"{PAYLOAD}\n[Page 5]\n{PAYLOAD}\n- {PAYLOAD}↩\n".replace("&quot;", '"')
        .replace("&gt;", ">")
        .replace("&lt;", "<")
    )
    out = tmp_path_factory.mktemp("poisoned-out")
    built = build(BuildConfig(sources=(sources,), out=out, jobs=1, registers=False))
    assert built.snapshot is not None
    assert built.published == 3, built.errors
    with (
        serving(ServiceConfig(folder=out, workers=1, query_seconds=10)) as (address, _),
        httpx.Client(base_url=f"http://{address}", trust_env=False, timeout=30) as client,
    ):
        yield client


MIRRORS = [
    "/search?q={}", "/search?q=x&sender={}", "/search?q=x&view={}", "/sparql?query={}", "/sparql?format={}&query=ASK",
    "/sparql/examples?q={}", "/resolve?office={}&on=1900&name={}", "/resolve?office=x&on={}",
    "/doc/{}", "/id/{}", "/{}",
    "/doc/thing/{}.html", "/ontology{}", "/catalogue/{}", "/download/{}", "/problems/{}", "/graph-store?graph={}",
    "/doc/document/xss1934v01/d1?page={}", "/doc/document/xss1934v01/d1?_profile={}", "/memento/{}/doc/x",
    "/changes/{}/1",
]  # fmt: skip


def test_no_text_of_a_document_and_no_parameter_runs_in_any_page(poisoned: httpx.Client) -> None:
    """All pages that can be reached by links, and those that repeat what they are asked."""
    hostile = quote("\"'><script>alert(1)</script><img src=x onerror=alert(1)>", safe="")
    waiting = ["/", "/help", "/sparql", "/search?q=alert", "/report", "/changes", "/download/", "/shapes", "/ontology"]
    waiting += [place.format(hostile, hostile) for place in MIRRORS]
    seen: set[str] = set(waiting)
    kinds: set[str] = set()
    carrying = 0
    while waiting and len(kinds) < 400:
        address = waiting.pop(0)
        answer = poisoned.get(address, headers={"Accept": BROWSER}, follow_redirects=True)
        assert answer.status_code < 500, address
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "<script>alert" not in answer.text or "text/html" not in answer.headers["content-type"], address
        if not answer.headers["content-type"].startswith("text/html"):
            continue
        kinds.add(address)
        page = Page(answer.text)
        assert not page.dangers, (address, page.dangers)
        assert "49" not in re.findall(r"onerror=alert\(1\)(?:&gt;|>)(\d+)", answer.text), "a template ran the text"
        carrying += "&lt;script&gt;alert" in answer.text
        for link in page.links:
            path = urlsplit(urljoin(str(answer.url), link))
            local = path.path + (f"?{path.query}" if path.query else "")
            if path.netloc == urlsplit(str(poisoned.base_url)).netloc and local not in seen:
                seen.add(local)
                waiting.append(local)
    assert carrying >= 20
    assert "/doc/document/xss1934v01/d1" in {page.partition("?")[0] for page in kinds}


# ------------------------------------------------------------------------------------------- caches, patterns, paths


POISON = {
    "Host": "evil.example", "X-Forwarded-Host": "evil.example", "X-Forwarded-Scheme": "nothttps",
    "X-Forwarded-Proto": "ftp", "X-Forwarded-Port": "1234", "X-Host": "evil.example", "X-Original-URL": "/evil",
    "X-Rewrite-URL": "/evil", "X-Forwarded-Prefix": "/evil", "Forwarded": "host=evil.example",
    "X-HTTP-Method-Override": "POST", "X-Real-IP": "evil.example", "True-Client-IP": "evil.example",
}  # fmt: skip


@pytest.mark.parametrize(
    "address", ["/", "/doc/document/v1/d1", "/id/document/v1/d1", "/catalogue", "/download/", "/sparql"]
)
def test_no_field_that_a_cache_does_not_know_changes_what_it_keeps(http: httpx.Client, address: str) -> None:
    for accept in (BROWSER, "text/turtle", "*/*"):
        usual = http.get(address, headers={"Accept": accept})
        for name, value in POISON.items():
            answer = http.get(address, headers={"Accept": accept, name: value})
            assert answer.content == usual.content, name
            assert "evil" not in str(answer.headers), name
            assert answer.status_code == usual.status_code


def test_no_regular_expression_can_be_kept_busy() -> None:
    command = [sys.executable, str(ROOT / "benchmarks" / "patterns.py"), "--length", "1000", "--seconds", "1"]
    try:
        result = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    except subprocess.TimeoutExpired as error:
        pytest.fail(f"a pattern does not end; see benchmarks/patterns.py --verbose ({error})")
    assert result.returncode == 0, result.stdout
    assert int(re.findall(r"(\d+) patterns", result.stdout)[0]) > 300


def test_a_snapshot_tells_nothing_of_where_it_was_made(samples_snapshot: Snapshot) -> None:
    """Paths of the machine are in no file that is served."""
    place = str(samples_snapshot.path.parent.parent).encode()
    for path in samples_snapshot.path.rglob("*"):
        if path.is_file() and "store" not in path.relative_to(samples_snapshot.path).parts:
            assert place not in path.read_bytes(), path
