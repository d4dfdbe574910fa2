# Needs only Python 3.11 or newer, make and a package index: every target sets up what it uses.
PYTHON ?= $(shell for each in python3 python3.13 python3.12 python3.11; do \
	$$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; done)
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
# Each worker goes through files in order, so that tests share what is slow to make; who is done takes from the other.
PARALLEL ?= --numprocesses=auto --dist=worksteal
# TRANSPORT=fast runs tests and proofs on the other transport.
TRANSPORT ?= httpx
export TRANSPORT
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help demo test quick proof bench lint style types generate check-generated format clean
.DELETE_ON_ERROR:

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-16s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.package  ## Run the quickstart against a sandbox, over HTTP
	@$(BIN)/python examples/demo.py

test: $(VENV)/.dev  ## Run every test, with coverage; PYTEST_ARGS is passed on
	$(BIN)/python -m pytest $(PARALLEL) --cov $(PYTEST_ARGS)

quick: $(VENV)/.test  ## Run the fast tests only, as on the other Pythons
	$(BIN)/python -m pytest $(PARALLEL) -m "not slow" $(PYTEST_ARGS)

proof: $(VENV)/.dev  ## Run the long proofs in full and write docs/proof.md; takes some ten minutes
	$(BIN)/python scripts/prove.py --output docs/proof.md

bench: $(VENV)/.bench  ## Measure against other clients, and write benchmarks/results.md; takes some minutes
	$(BIN)/python -m benchmarks --output benchmarks/results.md

lint: style types  ## Check style, format and types, with two type checkers

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy
	$(BIN)/basedpyright --pythonpath $(BIN)/python

generate: $(VENV)/.dev  ## Make mijnklantportaal_client/_generated anew from openapi.yaml
	$(BIN)/python scripts/generate.py

check-generated: $(VENV)/.dev  ## Fail where `make generate` would change anything
	$(BIN)/python scripts/generate.py --check

format: $(VENV)/.dev  ## Sort imports, mend what can be mended, format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean:  ## Remove environments, builds and caches
	rm -rf .venv .venv-* build dist htmlcov .coverage .coverage.* coverage.xml
	rm -rf .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, and $(PYTHON) is not; say where it is: make PYTHON=/path/to/python3" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "$(PYTHON) can't make a virtual environment; on Debian and Ubuntu its package is python3-venv" >&2; exit 1; }

# One stamp for each size of installation: the package with its sandbox, what tests need, and everything.
$(VENV)/.package: pyproject.toml | $(BIN)/python
	@echo "Installing the package into $(VENV)"
	@$(BIN)/python -m pip install --quiet --editable ".[testing]"
	@touch $@

# Dependency groups came with pip 25.1; the pip that a Python brings is often older.
$(VENV)/.test $(VENV)/.dev $(VENV)/.bench: $(VENV)/.%: $(VENV)/.package
	@echo "Installing the $* dependencies into $(VENV)"
	@$(BIN)/python -m pip install --quiet --upgrade "pip>=25.1"
	@$(BIN)/python -m pip install --quiet --group $*
	@touch $@
