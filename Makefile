# Two commands: `make demo` diagnoses the example note; `make test` checks everything. Both make their own .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: demo test lint docs clean

demo: $(VENV)/.product
	$(BIN)/raredx diagnose src/raredxr1/assets/examples/rett_clinic.txt

test: $(VENV)/.develop lint
	$(BIN)/pytest

lint: $(VENV)/.develop
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/lint-imports --no-cache
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

clean:
	rm -rf $(VENV) build dist src/*.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
