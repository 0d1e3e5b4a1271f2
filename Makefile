# Two commands: `make demo` diagnoses the example note; `make test` checks everything. Both make their own .venv.
# While at work: `make test-fast`, a minute and a half, leaves out training, other processes, the browser, and what took long when
# `make slow` last measured it (tests/slow.txt); `make lint`; `make coverage`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# a process more than there are cores, as some wait for a browser or another process, and at most four; a file's tests
# stay together, and the long files come first (tests/conftest.py)
WORKERS := $(shell n=$$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2); echo $$((n < 3 ? n + 1 : 4)))
PYTEST := $(BIN)/pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

# Compiled files are kept, whatever the environment asks for: to compile torch and trl anew costs each of the many
# processes that tests start 16 seconds, and installing compiles none of the files that only training has.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: demo test tests test-fast slow coverage lint docs clean

demo: $(VENV)/.product
	$(BIN)/raredx diagnose --full src/raredxr1/assets/examples/rett_clinic.txt

# side by side: a browser is fetched while packages are installed, and mypy keeps one core busy for a minute
test:
	$(MAKE) --jobs=2 lint tests

tests: $(VENV)/.develop $(VENV)/.browser
	$(PYTEST)

test-fast: $(VENV)/.develop
	$(BIN)/ruff check --quiet src tests benchmarks
	$(BIN)/lint-imports --no-cache --no-logo
	$(PYTEST) -m 'not slow'

# ten minutes; commit the list that it writes
slow: $(VENV)/.develop
	$(BIN)/python -m pytest -p tests.measuring -m 'not slow'

coverage: $(VENV)/.develop $(VENV)/.browser
	$(PYTEST) --cov=raredxr1 --cov-branch --cov-report=term:skip-covered

lint: $(VENV)/.develop
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/lint-imports --no-cache --no-logo
	$(BIN)/mypy

# the documentation as a site, in build/site
docs: $(VENV)/.develop
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --strict

# a newer pip resolves in seconds what an old one takes minutes for
$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "raredxr1 needs Python 3.11 or newer")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.product: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	touch $@

# not compiled: of the training packages' files only a part is ever imported
$(VENV)/.develop: pyproject.toml constraints.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable '.[train,dev]'
	touch $@ $(VENV)/.product

$(VENV)/.browser: .ci/browser | $(BIN)/python
	.ci/browser
	touch $@

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
