"""Code that asks a query from elsewhere: for a shell, for Python, for R.

Each sample is complete and asks this service for the form that suits it: rows as CSV, yes or no as JSON, a graph as
Turtle.  The query stands in it as it is written, quoted so that the language reads back the same letters.
"""

from __future__ import annotations

import re
from typing import Final

LANGUAGES: Final = {"curl": "curl", "python": "Python", "r": "R"}

# A string without an end goes to the end of the line: it is looked at once, not from each quote in it.
_NOT_CODE = re.compile(r"""#[^\n]*|<[^<>"{}|^`\\\s]*>|"(?:[^"\\\n]|\\.)*+"?|'(?:[^'\\\n]|\\.)*+'?""")
_FORM = re.compile(r"(?<![\w:?$-])(SELECT|ASK|CONSTRUCT|DESCRIBE)(?![\w:-])", re.IGNORECASE)


def samples(query: str, endpoint: str) -> dict[str, str]:
    """Language → code that asks `query` of `endpoint`."""
    text = query.replace("\r\n", "\n").strip("\n")
    form = form_of(text)
    return {
        "curl": _curl(text, endpoint, _ACCEPT[form]),
        "python": _PYTHON[form].format(query=_python(text), endpoint=endpoint, accept=_ACCEPT[form]),
        "r": _R[form].format(query=_r(text), endpoint=endpoint, accept=_ACCEPT[form]),
    }


def form_of(query: str) -> str:
    """rows, graph or boolean: by the first word that names a form outside comments, IRIs and strings."""
    found = _FORM.search(_NOT_CODE.sub(" ", query))
    return {"CONSTRUCT": "graph", "DESCRIBE": "graph", "ASK": "boolean"}.get(found[1].upper() if found else "", "rows")


_ACCEPT: Final = {"rows": "text/csv", "graph": "text/turtle", "boolean": "application/sparql-results+json"}

_PYTHON_ASK: Final = '''# pip install {packages}
{imports}
import requests

QUERY = """
{{query}}
"""

answer = requests.post(
    "{{endpoint}}",
    data={{{{"query": QUERY}}}},
    headers={{{{"Accept": "{{accept}}"}}}},
    timeout=60,
)
answer.raise_for_status()
'''
_PYTHON: Final = {
    "rows": _PYTHON_ASK.format(packages="requests pandas", imports="import io\n\nimport pandas")
    + 'answer.encoding = "utf-8"\nrows = pandas.read_csv(io.StringIO(answer.text))\nprint(rows)\n',
    "graph": _PYTHON_ASK.format(packages="requests rdflib", imports="import rdflib")
    + 'graph = rdflib.Graph().parse(data=answer.content, format="turtle")\nprint(len(graph), "statements")\n',
    "boolean": _PYTHON_ASK.format(packages="requests", imports="") + 'print(answer.json()["boolean"])\n',
}

_R_ASK: Final = """# install.packages("httr2")
library(httr2)

query <- {query}

answer <- request("{endpoint}") |>
  req_headers(Accept = "{accept}") |>
  req_body_form(query = query) |>
  req_perform()
"""
_R: Final = {
    "rows": _R_ASK + "rows <- read.csv(text = resp_body_string(answer))\nhead(rows)\n",
    "graph": _R_ASK + 'writeLines(resp_body_string(answer), "answer.ttl")\n',
    "boolean": _R_ASK + "resp_body_json(answer, check_type = FALSE)$boolean\n",
}


def _curl(query: str, endpoint: str, accept: str) -> str:
    """The query is a here-document: nothing in it is special, but a line that is its end."""
    lines, end = set(query.split("\n")), "SPARQL"
    while end in lines:
        end += "_"
    return f"curl -sS {endpoint} -H 'Accept: {accept}' --data-urlencode query@- <<'{end}'\n{query}\n{end}\n"


def _python(query: str) -> str:
    return query.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _r(query: str) -> str:
    """A raw string (R 4.0 and later) with as many dashes as the query leaves free."""
    dashes = "---"
    while f'){dashes}"' in query:
        dashes += "-"
    return f'r"{dashes}({query}){dashes}"'
