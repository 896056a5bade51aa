# The two commands of the README, and what a change needs. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8080
BIN := .venv/bin
RUN := $(BIN)/python -m

.PHONY: help setup demo test test-long on-sqlite on-postgresql in-chromium check sbom format bench lock assets system-packages clean

help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: .venv/.run-ready assets ## virtual environment with the locked dependencies, and the front end's files

.venv/pyvenv.cfg:
	$(PYTHON) -m venv .venv

.venv/.run-ready: .venv/pyvenv.cfg requirements/run.txt requirements/build.txt pyproject.toml
	$(RUN) pip install --quiet --require-hashes -r requirements/run.txt
	$(RUN) pip install --quiet --require-hashes -r requirements/build.txt
	$(RUN) pip install --quiet --no-deps --no-build-isolation -e .
	touch $@

.venv/.dev-ready: .venv/.run-ready requirements/dev.txt
	$(RUN) pip install --quiet --require-hashes -r requirements/dev.txt
	touch $@

assets: src/felhom_hub/static/manifest.json ## the front end's files, joined and named by their content

FRONT_END := $(wildcard src/felhom_hub/base/styles/*.css src/felhom_hub/base/scripts/*.js src/felhom_hub/base/bundles/*/*.js src/felhom_hub/base/images/*)

src/felhom_hub/static/manifest.json: $(FRONT_END) tools/join_assets.py node_modules/.ready .venv/.run-ready
	$(BIN)/python tools/join_assets.py

# Without npm on the machine, PyPI's Node.js does the same in the virtual environment.
node_modules/.ready: package.json package-lock.json .venv/.run-ready
	@command -v npm >/dev/null || $(RUN) pip install --quiet --require-hashes -r requirements/node.txt
	PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	touch $@

demo: setup ## a hub with a real controller and a simulated fleet on 127.0.0.1:$(PORT)
	$(BIN)/felhom-hub demo --directory build/demo --port $(PORT)

system-packages:
	@tools/system-packages

# Two runs at a time, each on a processor of its own, the longest first; what a run says is printed when it has ended.
# Every test runs on SQLite, and those that use the run's database on PostgreSQL too (tests/conftest.py).
RUNS := $(MAKE) --jobs=2 --output-sync=target --no-print-directory on-sqlite in-chromium on-postgresql

test: setup .venv/.dev-ready system-packages ## every test that fits into a quarter of an hour; what uses the database on both kinds
	$(RUNS) BUT='and not long'

test-long: setup .venv/.dev-ready system-packages ## the long fault rounds as well, and each process started as for users
	$(RUNS) STARTS=--cold-starts

on-sqlite on-postgresql: on-%:
	$(RUN) pytest -m "not browser $(BUT)" --database=$* $(STARTS)

in-chromium:
	$(RUN) pytest -m "browser $(BUT)" --database=sqlite $(STARTS)

bench: setup .venv/.dev-ready system-packages ## a table of what is measured, and build/bench.json; about half an hour on a quiet machine
	$(RUN) bench

check: sbom ## format, lint, types, import contracts, missing migrations
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@mkdir -p build/check
	FELHOM_HUB_SERVER__DATA_DIR=build/check $(RUN) django makemigrations --check --dry-run --settings felhom_hub.project.settings

sbom: setup .venv/.dev-ready ## the software bill of materials as CycloneDX, in build/sbom.json
	$(BIN)/python tools/make_sbom.py build/sbom.json

format: .venv/.dev-ready ## format and mend what can be mended by a tool
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: .venv/.dev-ready ## compile requirements/*.txt anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements/run.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml requirements/dev.in -o requirements/dev.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements/build.in -c requirements/dev.txt -o requirements/build.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --extra apprise -c requirements/dev.txt -o requirements/apprise.txt

clean: ## what was built
	rm -rf build .venv node_modules src/felhom_hub/static
