# Six ways in, each of them ready to run in a fresh clone.
PYTHON ?= python3
BIN = .venv/bin

demo: .venv/installed      # a graph, a trained XOR network and its decision boundary, as PNG
	$(BIN)/microgrAD demo

test: .venv/installed      # tests, doctests and README's examples
	$(BIN)/pytest

lint: .venv/installed      # what pre-commit runs: ruff, mypy --strict, the generated file, eslint
	npm --prefix .ci/javascript install --silent --no-audit --no-fund --no-package-lock
	PATH=$(CURDIR)/$(BIN):$$PATH $(BIN)/pre-commit run --all-files

notebooks: .venv/installed # the notebooks, from their scripts: executed, with outputs stored
	$(BIN)/python notebooks/_convert.py

ci:                        # all that a change must pass: a fresh environment, with and without `dot`
	bash .ci/run

docs: .venv/documenting     # the documentation, in docs/_build/html; a warning is an error
	$(BIN)/python -m sphinx -b html -W --keep-going -n docs docs/_build/html

.venv/documenting: setup.cfg
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -e ".[docs]"
	touch $@

.venv/installed: setup.cfg
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -e ".[test]"
	touch $@

.PHONY: demo test lint docs notebooks ci
