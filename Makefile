# Everything a developer types. Nothing is needed but make, a shell and Python 3.11 or newer.
# Packages come from wherever the person's own pip configuration says; the locks pin them by hash.

ARGS ?=
TESTS ?= -n auto

VENV := .venv
PY := $(VENV)/bin/python
PIP := PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PIP_USER=0 $(PY) -m pip install -qq
RUNTIME := $(VENV)/.runtime
DEV := $(VENV)/.dev

# A .venv whose interpreter is gone (or that another tool made without pip) is made again.
$(shell test -e $(PY) || rm -f $(RUNTIME) $(DEV) $(VENV)/.pip)

.DEFAULT_GOAL := help
.PHONY: help run test check bench scorecard pictures lock clean
.DELETE_ON_ERROR:

help:
	@echo 'make run     install what is needed and open rfl1   (make run ARGS="doctor --json")'
	@echo 'make test    every check and every test, from nothing (make test TESTS="-k queue")'
	@echo 'make check   the fast part: lint, format, types, layers'
	@echo 'make bench   ratios to floors                         (make bench ARGS=...)'
	@echo 'make scorecard  how well the playbooks lead, as docs/scorecard.md'
	@echo 'make pictures  the pictures of the documentation and the snapshots of the tests, from the screens as they are'
	@echo 'make lock    resolve the dependencies again'
	@echo 'make clean   remove the environment and what tools leave behind'

run: $(RUNTIME)
	@$(PY) -m rfl1 $(ARGS)

test: check
	@$(PY) -m pytest $(TESTS)

check: $(DEV)
	@$(PY) -m ruff check --quiet --output-format concise .
	@$(PY) -m ruff format --check --quiet . || { echo 'Not formatted: run $(PY) -m ruff format .' >&2; exit 1; }
	@$(PY) -m mypy
	@$(VENV)/bin/lint-imports --no-logo >$(VENV)/.layers || { cat $(VENV)/.layers; exit 1; }

bench: $(DEV)
	@$(PY) -m benchmarks $(ARGS)

scorecard: $(RUNTIME)
	@RFL1_AI=off $(PY) -m rfl1 bench builder --markdown docs/scorecard.md $(ARGS)

pictures: $(DEV)
	@$(PY) -m tests.pictures
	@RENEW_SNAPSHOTS=1 $(PY) -m pytest $(TESTS) tests/screens/test_looks.py

# Any of these that really is 3.11 or newer and can make an environment; PYTHON=... goes first.
$(VENV)/.pip:
	@for python in $(PYTHON) python3 python3.13 python3.12 python3.11 python3.14 python; do \
		"$$python" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue; \
		echo "Making an environment in $(VENV) with $$("$$python" --version) ..."; \
		"$$python" -m venv --clear $(VENV) && touch $@; exit; \
	done; \
	echo 'rfl1 needs Python 3.11 or newer with its venv module, and found none.' >&2; \
	echo 'Install one (on Debian and Ubuntu: python3 and python3-venv), or name it: make PYTHON=/path/to/python3' >&2; \
	exit 1

$(RUNTIME): requirements.lock pyproject.toml | $(VENV)/.pip
	@echo 'Installing what rfl1 needs (once, less than a minute) ...'
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-index --no-deps --no-build-isolation --editable .
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo 'Installing what the tests need (once) ...'
	@$(PIP) --require-hashes --requirement requirements-dev.lock
	@touch $@

# The locks hold names, versions and hashes: no address, no path. Only this target needs uv.
COMPILE := $(PY) -m uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command 'make lock' $(ARGS) pyproject.toml

lock: | $(VENV)/.pip
	@$(PIP) 'uv>=0.13'
	@$(COMPILE) --group build --output-file requirements.lock
	@$(COMPILE) --group dev --constraint requirements.lock --output-file requirements-dev.lock
	@! grep -nE '://|^-|file:|^ *# +/' requirements.lock requirements-dev.lock \
		|| { echo 'An address or a path got into a lock.' >&2; exit 1; }

clean:
	@rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
