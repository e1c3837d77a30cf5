# Case Coach. `make run` serves the site, `make test` runs the suite; both do all the set-up.
# Needs python3 (3.11 or later), python3-venv and make. Nothing else has to be installed or running.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export UV_NO_PROGRESS = 1
# The machine's own certificates, as pip uses them: a company's proxy is no reason to fail.
export UV_SYSTEM_CERTS = 1
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.DEFAULT_GOAL := help
.PHONY: help run test lint format requirements clean

help: ## Show what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

run: $(VENV)/.runtime ## Set up and serve the site on http://127.0.0.1:8000 (PORT=... for another)
	@exec $(BIN)/python -m config.run

# Byte code is kept whatever the shell says, or every process would compile every file again.
test: export PYTHONDONTWRITEBYTECODE =
test: $(VENV)/.dev ## Set up and run the whole suite (DATABASE_URL for PostgreSQL)
	@$(BIN)/python -m coach.interviewer.bank
	@$(BIN)/python -m pytest $(IN_PARALLEL) $(PYTEST_ARGS)

lint: $(VENV)/.dev ## Check style, types, the direction of imports, migrations and settings
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	@CASE_COACH_ENV=production SECRET_KEY=$$($(BIN)/python -c "import secrets; print(secrets.token_urlsafe(50))") \
	 ALLOWED_HOSTS=coach.example.org DATABASE_URL=postgres://u:p@127.0.0.1/d \
	 CELERY_BROKER_URL=redis://127.0.0.1:6379/0 EMAIL_URL=smtp+tls://u:p@mail.example.org:587 \
	 $(BIN)/python manage.py check --deploy --fail-level WARNING

format: $(VENV)/.dev ## Format the code and fix what can be fixed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

requirements: $(VENV)/.dev ## Compile requirements*.txt from pyproject.toml
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
	  --no-annotate --no-header --no-emit-index-url --no-emit-find-links --extra dev pyproject.toml -o requirements-dev.txt

clean: ## Remove the virtual environment; var/ with your data stays
	rm -rf $(VENV)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Case Coach needs Python 3.11 or later; set PYTHON=/path/to/python3.11."; exit 1; }
	@echo "Making a virtual environment in $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { echo "On Debian: apt install python3-venv"; rm -rf $(VENV); exit 1; }

# Two processes more than cores, for a browser test often waits; four at most. A file stays in one
# process, with its browser and its worker, and the files of browser tests, which take longest,
# come first (tests/browser.py).
PROCESSES = $$($(BIN)/python -c "import os; print(min(4, (os.cpu_count() or 1) + 2))")
IN_PARALLEL = --numprocesses $(PROCESSES) --dist loadfile --no-loadscope-reorder

# uv installs ten times faster; where it cannot be had or cannot reach what pip's own settings
# name (a mirror, a proxy), pip installs the same file with the same hashes. For the suite it
# compiles the packages, as pip does, or its processes would each do so.
define install
	@echo "Installing what $(1) lists (a minute or two the first time)"
	@[ -x $(BIN)/uv ] || $(BIN)/python -m pip install -q uv >/dev/null 2>&1 || true
	@{ [ -x $(BIN)/uv ] && $(BIN)/uv pip install -q $(2) --python $(BIN)/python --require-hashes -r $(1) 2>/dev/null; } || \
	 { echo "  with pip, which takes longer"; $(BIN)/python -m pip install -q --require-hashes -r $(1); }
endef

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	$(call install,requirements.txt)
	@touch $@

$(VENV)/.dev: requirements-dev.txt | $(VENV)/bin/python
	$(call install,requirements-dev.txt,--compile-bytecode)
	@touch $@ $(VENV)/.runtime
