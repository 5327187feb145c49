# Two commands on a fresh machine: `make demo` and `make test`. They need Python >= 3.11 with venv, and make.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
# uv makes environments faster where it is installed; pip does the same work elsewhere.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL = VIRTUAL_ENV=$(VENV) $(UV) pip install -q
else
INSTALL = $(BIN)/python -m pip install -q --disable-pip-version-check
endif

# Some containers set this. Every process of a test would then compile the program anew: half of the time that it takes.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check slow bench docs wheel requirements clean help

help:
	@echo "make demo   code the sample charts, check them, write their claims"
	@echo "make test   run every test (skips, with the reason, what needs data that is absent)"
	@echo "make check  format, lint, types, import floors"
	@echo "make slow   fuzzing, kills, load      make bench  measure against the peers"
	@echo "make docs   the documentation as HTML in docs/_build"

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Leadterm needs Python 3.11 or newer; set PYTHON=...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run: $(BIN)/python requirements/run.txt pyproject.toml
	$(INSTALL) --require-hashes -r requirements/run.txt
	@test -f $(VENV)/dev || { $(INSTALL) --require-hashes -r requirements/build.txt && $(INSTALL) --no-deps --no-build-isolation -e .; }
	@touch $@

$(VENV)/dev: $(BIN)/python requirements/dev.txt pyproject.toml
	$(INSTALL) --require-hashes -r requirements/dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run

demo: $(VENV)/run
	$(BIN)/leadterm demo --out leadterm-demo

test: $(VENV)/dev
	$(BIN)/python -m pytest -n 2 -m "not slow"

slow: $(VENV)/dev
	$(BIN)/python -m pytest -m slow

check: $(VENV)/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks.run

docs: $(VENV)/dev
	$(BIN)/python -m docs.generate
	$(BIN)/sphinx-build -q -W -b html docs docs/_build/html

wheel: $(VENV)/dev
	$(BIN)/python -m build --no-isolation --wheel

# Needs uv; the files name no index and no address.
requirements:
	for name in run dev build; do \
	  input="pyproject.toml --extra x12 --extra web --extra grouping --extra pdf"; \
	  [ $$name = dev ] && input="$$input requirements/dev.in"; \
	  [ $$name = build ] && input="requirements/build.in"; \
	  uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 $$input -o requirements/$$name.txt; \
	done

clean:
	rm -rf $(VENV) leadterm-demo docs/_build dist
