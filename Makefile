# `make demo` shows Segwright at work, `make test` proves it; both set themselves up in .venv.

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= python3 python3.13 python3.12 python3.11 python
DEMO := rules/personal_loans
DEMO_CUSTOMER ?= 1042
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt
DECLARED := pyproject.toml setup.py constraints.txt

.PHONY: help demo test lint type scale fuzz conformance bench clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-11s  %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.demo ## make a loan portfolio, check the rules, explain one customer, segment all, write the report
	$(BIN)/python $(DEMO)/generate.py
	$(BIN)/segwright check $(DEMO)
	$(BIN)/segwright explain $(DEMO) $(DEMO_CUSTOMER)
	$(BIN)/segwright run $(DEMO)
	$(BIN)/segwright report $(DEMO) latest -o $(DEMO)/report.html

# Files in the order of their names: otherwise those with few tests, which are the longest, come last.
test: lint type ## everything that must hold: lint, types, tests
	$(BIN)/pytest -n auto --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.dev ## style and layout of the code
	$(BIN)/ruff check
	$(BIN)/ruff format --check

type: $(VENV)/.dev ## types of the code
	$(BIN)/basedpyright

scale: $(VENV)/.dev ## tests over millions of rows
	$(BIN)/pytest -m scale

fuzz: $(VENV)/.dev ## long search for rules and data on which two engines differ
	$(BIN)/pytest -m fuzz --hypothesis-profile=long

conformance: $(VENV)/.dev ## thirty minutes of generated rules and data on every engine, counted (docs/conformance.md)
	$(BIN)/pytest -m fuzz tests/conformance/test_long_run.py

bench: $(VENV)/.dev ## speed and memory against queries written by hand
	$(BIN)/pytest -m benchmark -s tests/benchmarks

clean: ## remove what can be made again, except .venv
	rm -rf build dist *.egg-info .pytest_cache .ruff_cache .hypothesis .benchmarks
	rm -rf rules/*/data rules/*/runs rules/*/report.html examples/*/data examples/*/runs
	find $(wildcard dsl compiler runtime segwright rules examples tests) -name __pycache__ -prune -exec rm -rf {} +

$(VENV)/.demo: $(VENV)/pyvenv.cfg $(DECLARED)
	$(INSTALL) -e '.[report]'
	@touch $@

$(VENV)/.dev: $(VENV)/pyvenv.cfg $(DECLARED)
	$(INSTALL) -e '.[all,dev]'
	@touch $@ $(VENV)/.demo

$(VENV)/pyvenv.cfg:
	@for candidate in $(PYTHON); do \
	  if $$candidate -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    echo "$$candidate -m venv $(VENV)"; \
	    $$candidate -m venv $(VENV) && exit 0; \
	    rm -rf $(VENV); \
	    echo "$$candidate cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	    exit 1; \
	  fi; \
	done; \
	echo "no Python 3.11 or newer among: $(PYTHON); install one, or name it: make PYTHON=python3.12" >&2; \
	exit 1
