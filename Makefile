# Two commands on a fresh machine:  make run  |  make test
# They need python3 (3.11 or newer) and nothing else; uv is used when it is there.

PY ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
# To run is less than to develop: half the size, half the time. Who has .venv already uses that.
RUN_VENV := $(if $(wildcard $(READY)),$(VENV),.venv-run)
UV := $(shell command -v uv 2>/dev/null)
PYTEST := $(BIN)/python -m pytest --tb=short
LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --no-emit-index-url --no-emit-find-links --no-strip-extras

.DEFAULT_GOAL := help
.PHONY: help run test test-fast bench soak mutants messages lock clean
# Tests start hundreds of processes; each would compile every module anew without this.
unexport PYTHONDONTWRITEBYTECODE
# Tests and gates make their own key and database, not yours.
test test-fast bench soak mutants messages: export MIXWIJZER_HOME = $(CURDIR)/$(VENV)/home

help: ## say what can be made
	@sed -n 's/^\([a-z-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "make %-10s %s\n", $$1, $$2}'

run: $(RUN_VENV)/.ready ## start Mixwijzer on this machine with a made-up town
	@$(RUN_VENV)/bin/mixwijzer demo

test: $(READY) ## every gate and every test, on SQLite and on PostgreSQL
	@$(BIN)/python tools/bring_services.py
	@$(BIN)/python check
	@$(BIN)/python tools/with_postgres.py $(PYTEST) -q -n 2 --dist worksteal -m "not e2e" tests/web
	@$(PYTEST) -q -n 2 --dist worksteal --ignore tests/web --ignore tests/journeys --cov=mixwijzer.engine --cov-fail-under=100
	@$(PYTEST) -q -n 2 --dist worksteal tests/web tests/journeys

test-fast: $(READY) ## tests without a browser, on SQLite, without gates
	@$(PYTEST) -q -n 2 --dist worksteal -m "not e2e and not soak"

bench: $(READY) ## measure speed; prints a table
	@$(BIN)/python -m benchmarks

soak: $(READY) ## the long forms: many rounds, many random cases, both databases
	@$(PYTEST) -q -m soak --hypothesis-profile=soak
	@$(BIN)/python tools/with_postgres.py $(PYTEST) -q -m soak --hypothesis-profile=soak tests/web

mutants: $(READY) ## break the engine on purpose; the tests must notice each time
	@$(BIN)/python tools/mutants.py

messages: $(READY) ## gather messages into the Dutch catalogue and compile it
	@$(BIN)/python tools/catalogues.py update

lock: ## pin every dependency anew, with hashes (needs uv)
	$(LOCK) --upgrade --extra web --extra pdf pyproject.toml -o requirements/prod.txt
	$(LOCK) --upgrade --group build -c requirements/prod.txt -o requirements/build.txt
	$(LOCK) --upgrade --extra web --extra pdf --group dev pyproject.toml -c requirements/prod.txt -c requirements/build.txt -o requirements/dev.txt

clean: ## remove the environment and what the tools left
	rm -rf $(VENV) .venv-run build dist htmlcov test-results .coverage .coverage.* .*_cache .hypothesis .benchmarks
	find . -name __pycache__ -not -path './.venv*' -prune -exec rm -rf {} +

.venv/.ready: requirements/dev.txt pyproject.toml
	$(call environment,.venv,-r requirements/dev.txt)

.venv-run/.ready: requirements/prod.txt requirements/build.txt pyproject.toml
	$(call environment,.venv-run,-r requirements/prod.txt -r requirements/build.txt)

define environment
@$(PY) -c 'import sys; sys.exit("Mixwijzer needs Python 3.11 or newer" if sys.version_info < (3, 11) else 0)'
@echo "Preparing $(1): about a minute on a quick line"
@$(if $(UV),test -x $(1)/bin/python || $(UV) venv --quiet --python $(PY) $(1),\
            test -x $(1)/bin/pip || $(PY) -m venv --clear $(1))
@$(INSTALL) --require-hashes $(2)
@$(INSTALL) --no-deps --no-build-isolation -e .
@touch $(1)/.ready
endef
INSTALL = $(if $(UV),$(UV) pip install --quiet --python $(1)/bin/python,$(1)/bin/pip install -qq --disable-pip-version-check)
