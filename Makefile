PYTHON ?= python3
# Another Python is tried beside the usual one: make test PYTHON=python3.13 has an environment of its own.
VENV := .venv$(if $(filter-out python3,$(PYTHON)),-$(notdir $(PYTHON)))
BIN := $(VENV)/bin
new_enough = $(1) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 eller senare behövs, men $(1) är %d.%d. $(2)" % sys.version_info[:2])'
.PHONY: run test test-both installed static suite test-postgresql walk pythons container node lock readme bench scale crash replicas

run: $(VENV)/.runtime node
	@$(BIN)/python -m bot serve --local

# Both are done to their end, side by side, and either that fails makes it fail.
test:
	@$(MAKE) --no-print-directory --jobs 2 installed
	@$(MAKE) --no-print-directory --keep-going --jobs 2 static suite

# And then on PostgreSQL so many of the tests that each statement that SQLite was sent, but by the long ones, is sent there too.
# Of the rest a twentieth goes with them, another one for each version of the files.
test-both:
	@sent=$$(mktemp -d) && trap 'rm -rf "$$sent"' EXIT && $(MAKE) --no-print-directory test STATEMENTS=$$sent && \
	  $(MAKE) --no-print-directory suite STATEMENTS=$$sent POSTGRESQL=noted DRAWN=$$(git rev-parse --verify --quiet 'HEAD^{tree}' 2>/dev/null)

installed: $(VENV)/.dev node

# What the checks say comes in one piece, when all of them are done.
static: $(VENV)/.dev
	@said=$$({ $(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports --no-cache; } 2>&1); \
	  code=$$?; echo "$$said"; exit $$code

suite: $(VENV)/.dev node
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal $(POSTGRESQL:%=--postgresql %) $(STATEMENTS:%=--statements=%) $(DRAWN:%=--version-drawn=%)

# Every case of every test with a database; make test POSTGRESQL=beside runs the first case of each beside the rest.
test-postgresql: $(VENV)/.dev node
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist worksteal --postgresql all

walk: $(VENV)/.dev
	WALK_REQUESTS=20000 $(BIN)/python -m pytest -n auto --dist loadfile tests/test_walk.py
	WALK_SHOWN_TOWNS=6 $(BIN)/python -m pytest tests/test_access_property.py
	WALK_WAKES=10 $(BIN)/python -m pytest -n auto tests/test_wake_property.py
	WALK_TOWNS=200 $(BIN)/python -m pytest -n auto tests/test_public_year.py tests/test_public_editions.py
	WALK_WORLDS=30 $(BIN)/python -m pytest -n auto tests/test_two_worlds.py
	WALK_SENTENCES=40 $(BIN)/python -m pytest tests/test_sentences.py

container: $(VENV)/.dev
	@$(BIN)/python -m tests.support.image

pythons:
	@for python in python3.11 python3.12 python3.13 python3.14; do \
	  if $$python --version >/dev/null 2>&1; then $(MAKE) test PYTHON=$$python || exit 1; \
	  else echo "$$python finns inte här och är inte prövad."; fi; done

$(BIN)/python:
	@$(call new_enough,$(PYTHON),Ange en annan: make PYTHON=python3.11 $(MAKECMDGOALS))
	@echo "Gör en egen miljö för Python i $(VENV)."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@$(call new_enough,$(BIN)/python,Ta bort $(VENV) och försök igen.)
	@echo "Installerar det som boten behöver i $(VENV). Första gången tar det en minut eller två."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Installerar det som testerna behöver i $(VENV)."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@touch $@

node:
	@if command -v npm >/dev/null; then \
	  if [ ! node_modules/.installed -nt package-lock.json ]; then \
	    echo "Installerar det som chattsidan ritar kort med."; \
	    npm ci --ignore-scripts --legacy-peer-deps --no-audit --no-fund --loglevel=error && touch node_modules/.installed; fi; \
	else echo "Node saknas: chattsidan ritar inga kort. Chatta i terminalen i stället: $(BIN)/python -m bot chat --as NAMN"; fi

lock: $(BIN)/python
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev -c requirements.lock pyproject.toml -o requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header bench/requirements.in -o bench/requirements.lock

readme: $(VENV)/.dev
	$(BIN)/python -m tests.support.readme_blocks

bench: $(VENV)/.dev .venv-bench/.installed
	@if command -v npm >/dev/null; then \
	  if [ ! bench/node_modules/.installed -nt bench/package-lock.json ]; then \
	    npm ci --prefix bench --ignore-scripts --no-audit --no-fund --loglevel=error && touch bench/node_modules/.installed; fi; \
	else echo "No Node here: botbuilder-js is skipped."; fi
	$(BIN)/python -m bench --date "$$(date +%F)"

scale: $(VENV)/.dev
	$(BIN)/python -m bench.scale

crash: $(VENV)/.dev
	$(BIN)/python -m bench.crash --kills 500
	$(BIN)/python -m bench.crash --kills 500 --postgresql

replicas: $(VENV)/.dev
	$(BIN)/python -m bench.replicas

.venv-bench/.installed: bench/requirements.lock | $(BIN)/python
	@$(BIN)/python -m venv .venv-bench
	@.venv-bench/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r bench/requirements.lock
	@touch $@
