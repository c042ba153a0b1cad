# Two commands are enough: `make serve` and `make test`. Both do their own set-up into .venv.
PYTHON ?= python3
HOST ?= 127.0.0.1
PORT ?= 8000
# Where `make serve` puts its snapshot.
OUT ?= build/samples
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# Where the clients of the tests are that pip does not install: tests/clients/README.md.
CLIENTS := tests/clients
INSTALLED := $(CLIENTS)/comunica/node_modules $(CLIENTS)/browser/node_modules $(CLIENTS)/jena/lib
# The editor of the SPARQL page, the land on maps; without Node the page keeps its plain form, maps their graticule.
EDITOR := service/static/editor.js
OUTLINE := service/static/land.svg

# What looks at the supply chain; nothing of it is needed to run.
TOOLS := build/tools

.PHONY: setup check test bench clients build serve lock wheel sbom audit clean help

help:  ## show what can be made
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) $(EDITOR) $(OUTLINE)  ## create .venv with the locked dependencies and the dragoman command

$(STAMP): pyproject.toml requirements.lock
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Dragoman needs Python 3.11 or newer: make PYTHON=python3.11 setup")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

$(EDITOR): $(wildcard service/editor/*.js service/editor/*.css service/editor/*.json)
	@if ! command -v npm >/dev/null; then echo "There is no Node: the SPARQL page keeps its plain form."; \
	elif ! (cd service/editor && npm ci --silent --no-audit --no-fund --ignore-scripts && npm run --silent build); then \
	  echo "The editor could not be built (see above): the SPARQL page keeps its plain form."; fi

$(OUTLINE): $(wildcard service/outline/*.js service/outline/*.json)
	@if ! command -v npm >/dev/null; then echo "There is no Node: maps have no land."; \
	elif ! (cd service/outline && npm ci --silent --no-audit --no-fund --ignore-scripts && npm run --silent build); then \
	  echo "The outline of the land could not be made (see above): maps have none."; fi

check: setup  ## lint, formatting, types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy benchmarks/*.py reliability/*.py

test: setup  ## the whole test suite
	$(BIN)/pytest

# QUICK=1 is a run over small data; BENCH takes other options of the script.
bench: setup  ## the benchmarks of speed, against peers (needs wrk, Java, mvn, Node; QUICK=1: small data)
	$(BIN)/python benchmarks/bench.py $(if $(QUICK),--quick) $(BENCH)

clients: $(INSTALLED:=/.installed)  ## the clients of the tests from npm and Maven (needs npm, Java and mvn)

# Nothing of a package is run when it is installed.
%/node_modules/.installed: %/package.json %/package-lock.json
	npm ci --prefix $* --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

$(CLIENTS)/jena/lib/.installed: $(CLIENTS)/jena/pom.xml
	rm -rf $(@D)
	mvn --quiet --batch-mode --file $< dependency:copy-dependencies
	touch $@

build: setup  ## a snapshot of the shipped samples
	$(BIN)/dragoman build samples --out $(OUT)

serve: build  ## build the samples and serve them on http://127.0.0.1:8000/
	$(BIN)/dragoman serve $(OUT) --host $(HOST) --port $(PORT)

COMPILE := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header

lock: setup  ## write the two locks anew from pyproject.toml: of this checkout, and of what is run (needs uv)
	$(COMPILE) --group dev --output-file requirements.lock pyproject.toml build-requirements.in
	$(COMPILE) --no-annotate --constraint requirements.lock --output-file requirements-runtime.lock pyproject.toml

wheel: setup  ## build the wheel twice and see that both are the same, byte by byte
	rm -rf dist build/wheel
	SOURCE_DATE_EPOCH=1700000000 $(BIN)/python -m hatchling build -t wheel -d dist >/dev/null
	SOURCE_DATE_EPOCH=1700000000 $(BIN)/python -m hatchling build -t wheel -d build/wheel >/dev/null
	cmp dist/*.whl build/wheel/*.whl && sha256sum dist/*.whl

$(TOOLS):
	$(PYTHON) -m venv $@
	$@/bin/pip install --quiet --disable-pip-version-check cyclonedx-bom pip-audit pip-licenses

sbom: setup $(TOOLS)  ## list all components with their licences (build/sbom*.cdx.json, build/licences.md)
	$(TOOLS)/bin/cyclonedx-py environment $(BIN)/python --pyproject pyproject.toml --output-reproducible -o build/sbom.cdx.json
	$(TOOLS)/bin/pip-licenses --python $(BIN)/python --format markdown --with-urls --output-file build/licences.md
	@for part in editor outline; do \
	  (cd service/$$part && npm sbom --package-lock-only --sbom-format cyclonedx) > build/sbom-$$part.cdx.json || \
	    { echo "There is no npm 10: what is taken from npm is not listed."; rm build/sbom-$$part.cdx.json; break; }; done

audit: setup $(TOOLS)  ## ask for known weaknesses of what the lock names (AUDIT="--vulnerability-service osv": of another)
	$(TOOLS)/bin/pip-audit -r requirements.lock --disable-pip --strict $(AUDIT)

clean:  ## remove what was made
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache $(INSTALLED) service/editor/node_modules service/outline/node_modules $(OUTLINE) service/static/editor.*
