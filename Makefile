# Two commands: `make demo` to see it, `make test` to check it. The rest is for those who build it.
SHELL := /bin/bash
VENV := .venv
PYTHON ?= python3
BIN := $(VENV)/bin
PORT ?= 8000
CASES ?= 20000
export LINLI_VAR ?= $(CURDIR)/var
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: demo demo-reset test check lint types floors architecture test-sqlite test-postgres \
	browser frontend translations screenshots bench wheel lock chromium clean

demo: $(VENV)/.installed
	@$(MAKE) --no-print-directory frontend translations
	@LINLI_DEMO=1 exec linli demo --port $(PORT) --cases $(CASES)

demo-reset:
	rm -rf $(LINLI_VAR)/linli.sqlite3* $(LINLI_VAR)/files $(LINLI_VAR)/tiles $(LINLI_VAR)/demo
	@$(MAKE) --no-print-directory demo

# python3-venv is a package of its own on Debian and Ubuntu.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Python 3.11 or later is needed. If it has another name: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv >/dev/null && $(PYTHON) -m venv $(VENV); \
		else echo "Python's venv module is missing: apt install python3-venv, and run make again."; exit 1; fi; }

$(VENV)/.installed: requirements.lock pyproject.toml | $(BIN)/python
	@echo "Installing from the lock ..."
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tested: requirements-test.lock $(VENV)/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

frontend: $(VENV)/.installed
	@$(BIN)/python pwa/build.py

translations: $(VENV)/.installed
	@$(BIN)/python -m linli.web.translations

# A browser for the tests: the one named by CHROMIUM, or Debian's, installed where that is possible.
chromium:
	@if [ -z "$$CHROMIUM" ] && ! command -v chromium >/dev/null; then \
		if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
		else echo "Install the package chromium, or name a browser: CHROMIUM=/path make test"; exit 1; fi; fi

ready: $(VENV)/.tested
	@$(MAKE) --no-print-directory frontend translations

# ---------------------------------------------------------------- checks
check: ready lint types floors
	python -m pytest -q -n 2 --dist loadfile -m "not browser and not slow" tests/architecture src

lint: $(VENV)/.tested
	ruff check src tests benchmarks
	ruff format --check -q src tests benchmarks
	djlint --quiet --lint src

types: $(VENV)/.tested
	mypy src

floors: $(VENV)/.tested
	lint-imports --no-cache

architecture: floors
	python -m pytest -q tests/architecture

# The first three beside each other; `architecture` is part of test-sqlite.
test: ready chromium
	@$(MAKE) --no-print-directory -j 2 -O lint types floors
	@$(MAKE) --no-print-directory test-sqlite test-postgres browser

test-sqlite: $(VENV)/.tested
	python -m pytest -q -n 2 --dist loadfile -m "not browser" src tests

test-postgres: $(VENV)/.tested
	python tests/postgres.py python -m pytest -q -n 2 --dist loadfile -m "not browser" src tests

browser: ready chromium
	python -m pytest -q -n 2 --dist worksteal -m browser src tests

screenshots: ready chromium
	python tests/screenshots.py

$(VENV)/.benched: requirements-bench.lock $(VENV)/.installed
	@$(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements-bench.lock
	@touch $@

bench: ready $(VENV)/.benched
	python -m benchmarks

# dist/linli-*.whl, for a server without the sources: docs/operate.md
wheel: frontend translations
	@rm -rf build dist
	@$(BIN)/python -m pip wheel -q --disable-pip-version-check --no-deps --no-build-isolation -w dist .

# ---------------------------------------------------------------- locks, without addresses
lock: # needs uv on the path
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra build pyproject.toml -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra build --extra test -c requirements.lock pyproject.toml -o requirements-test.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
		--no-header --no-annotate --extra bench -c requirements-test.lock pyproject.toml -o requirements-bench.lock

clean:
	rm -rf $(VENV) build dist node_modules pwa/node_modules src/linli/*/static/built
