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
.PHONY: help demo test quick proof bench docs lint style types mypy basedpyright workflows generate
.PHONY: check-generated contract api-surface update-contract check-wheel format clean
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

lint: style types workflows  ## Check style, format, types with two type checkers, and the workflows

style: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: mypy basedpyright

mypy: $(VENV)/.dev
	$(BIN)/python scripts/docs_site/snippets.py build/snippets
	$(BIN)/mypy mijnklantportaal_client benchmarks examples scripts tests build/snippets

basedpyright: $(VENV)/.dev
	$(BIN)/basedpyright --pythonpath $(BIN)/python

docs: $(VENV)/.dev  ## Build the documentation into site/; any warning is an error
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

check-wheel: $(VENV)/.dev  ## Build sdist and wheel, and do the main job with the wheel alone; PYTHONS names more Pythons
	$(BIN)/python scripts/check_wheel.py $(BIN)/python $(PYTHONS)

workflows: $(VENV)/.dev
	$(BIN)/zizmor --offline --quiet --persona=pedantic --no-progress .github

generate: $(VENV)/.dev  ## Make mijnklantportaal_client/_generated and docs/contract.md anew from openapi.yaml
	$(BIN)/python scripts/generate.py
	$(BIN)/python scripts/contract_page.py

check-generated: $(VENV)/.dev  ## Fail where `make generate` would change anything
	$(BIN)/python scripts/generate.py --check
	$(BIN)/python scripts/contract_page.py --check

contract: $(VENV)/.dev  ## Check that contract, overlay, generated code, public names and sandbox fit together
	@$(BIN)/python scripts/check_contract.py

api-surface: $(VENV)/.dev  ## Agree to the public names as they are now: api-surface.json
	@$(BIN)/python scripts/check_contract.py --agree

update-contract: $(VENV)/.dev  ## Take in a newer document of the vendor: SPEC=file, with PRUNE=1 also out of the overlay
	@$(BIN)/python scripts/update_contract.py $(if $(PRUNE),--prune) $(if $(SPEC),"$(SPEC)")

format: $(VENV)/.dev  ## Sort imports, mend what can be mended, format
	$(BIN)/ruff check --fix-only --quiet .
	$(BIN)/ruff format .

clean:  ## Remove environments, builds and caches
	rm -rf .venv .venv-* build dist site htmlcov .coverage .coverage.* coverage.xml
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
