# Everything that is done with this checkout. Each target sets up by itself what it needs, in .venv, and as root
# the Debian packages of requirements/debian.txt. The second time that costs nothing.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test test-examples test-packages lint format generated site packages bench lock clean

PYTHON ?= /usr/bin/python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

help: ## say what there is to make
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.standfast ## .venv with standfastd and standfast in its bin; as root, what the tests need too
	@tools/debian-packages setup test

demo: $(VENV)/.standfast ## an address moves when its master is killed, a web service outlives its servers; you see when
	@tools/debian-packages demo
	@$(BIN)/python -m standfast.lab.demo

test: setup ## all tests; the last lines say how many of each kind ran, and what was skipped and why
	@$(BIN)/python tests/run.py

test-examples: setup ## only the tests that run the folders of examples/, with real nginx, HAProxy, PostgreSQL …
	@$(BIN)/python -m pytest -q -n 2 tests/examples tests/vm/inside/test_lvs_examples.py

test-packages: setup ## the packages, also in a clean Debian that is made for it: some minutes
	@STANDFAST_CLEAN_DEBIAN=1 $(BIN)/python -m pytest -q tests/packages

lint: $(VENV)/.standfast ## style, types, and the rules of the code base (who may import whom, sizes, links …)
	@failed=0; \
	$(BIN)/ruff check || failed=1; \
	$(BIN)/ruff format --check || failed=1; \
	$(BIN)/mypy || failed=1; \
	$(BIN)/python -m pytest -q tests/repo || failed=1; \
	exit $$failed

format: $(VENV)/.standfast ## put the code into its form
	@$(BIN)/ruff check --fix-only
	@$(BIN)/ruff format

generated: $(VENV)/.standfast ## write anew what follows from the code: manual, reference, completion, grammars, figures
	@$(BIN)/standfast manual --write .
	@PYTHONPATH=tools $(BIN)/python -m figures

site: $(VENV)/.standfast ## build/site: the pages of docs/ for a browser; a link that leads nowhere is an error
	@$(BIN)/zensical build --clean --strict

packages: $(VENV)/.standfast ## dist/: sdist, wheel, Debian package, and an RPM if rpmbuild is installed; KINDS=deb for one
	@$(BIN)/python packaging/make_packages.py $(KINDS)

bench: $(VENV)/.standfast ## Standfast and Keepalived on the same work in the same run; writes bench/RESULTS.md
	@tools/debian-packages bench
	@$(BIN)/python bench/run.py

lock: $(VENV)/lock/bin/uv ## pin what pyproject.toml asks for, with hashes; UPGRADE=1 takes the newest of everything
	@$(VENV)/lock/bin/uv pip compile --quiet $(if $(UPGRADE),--upgrade) --python-version 3.11 --python-platform linux \
		--group development --generate-hashes --no-emit-index-url --no-header --no-annotate \
		--output-file requirements/development.txt pyproject.toml

clean: ## remove what was made here: .venv, caches, results
	@rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .hypothesis bench/results
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- the steps of setup; each leaves a stamp

$(VENV)/.made:
	@tools/debian-packages setup
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Standfast needs Python 3.11 or later; make PYTHON=... says which")'
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.packages: requirements/development.txt | $(VENV)/.made
	@$(PIP) install --require-hashes -r $<
	@touch $@

$(VENV)/.standfast: pyproject.toml $(VENV)/.packages
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/lock/bin/uv: | $(VENV)/.made
	@$(PYTHON) -m venv $(VENV)/lock
	@$(VENV)/lock/bin/python -m pip --quiet --disable-pip-version-check install uv
