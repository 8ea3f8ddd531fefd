# Kostprobe. `make` lists the targets; each does its own set-up.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
REQUIREMENTS := requirements-dev.txt requirements-data.txt
STAMP := $(VENV)/.installed
UV := $(BIN)/uv
TUNING := .venv-tuning
STOCK := tests/playground/stock
TUNING_STAMP := $(TUNING)/.installed
# The one place for torch's version. Another build than pip's own choice: make tuning TORCH="torch==2.13.0+cpu --index-url <address>"
TORCH ?= torch==2.13.0
# twice as many as processors, since scenarios wait about half of their time
WORKERS ?= $(shell expr 2 '*' $$(getconf _NPROCESSORS_ONLN))

BROWSERS ?= 2
# What is tested by itself, watched for lines that no test runs; all other tests would take twice the processor for that.
RULES := bot/domain/*,bot/services/*
UI := bot/playground/ui
MODULES := $(UI)/node_modules/.package-lock.json

.DEFAULT_GOAL := help
.PHONY: help stock setup play smoke test check format lint types layers deps bench stats ci requirements clean tuning test-tuning demo-model taste ui test-ui test-ui-with-node test-browser coverage

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Kostprobe needs Python 3.11 or newer; this is $$($(PYTHON) --version). Try: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check uv

$(STAMP): $(UV) $(REQUIREMENTS) pyproject.toml
	$(UV) pip sync --quiet --python $(BIN)/python --require-hashes $(REQUIREMENTS)
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

setup: $(STAMP) ## Install everything into .venv (the other targets do this themselves)

$(TUNING_STAMP): $(UV) requirements-tuning.txt
	$(PYTHON) -m venv $(TUNING)
	$(TUNING)/bin/pip install --quiet --disable-pip-version-check $(TORCH)
	$(UV) pip install --quiet --python $(TUNING)/bin/python --no-deps --require-hashes -r requirements-tuning.txt
	@touch $@

tuning: $(TUNING_STAMP) ## Install what fine-tuning needs (torch, ...) into .venv-tuning, apart from the bot

demo-model: $(STAMP) $(TUNING_STAMP) ## Train the house model of the playground again, from its own data
	KOSTPROBE_DATA_DIR=data/house $(BIN)/kostprobe tune start --name pizzaiolo --base smollm2 --epochs 2 --again \
	  --data bot/playground/house/examples.jsonl --about bot/playground/house/about.md --out bot/playground/house
	$(BIN)/python -m tests.cook_tasting

taste: $(STAMP) ## Ask model, prompt, fine-tuned model and both the same questions: a table
	$(BIN)/kostprobe house

play: $(STAMP) ## Try Kostprobe on this machine: local Slack, local model, no accounts
	$(BIN)/kostprobe play

smoke: $(STAMP) ## Run the shipped conversation end to end, restart included
	$(BIN)/kostprobe play --script tests/smoke.yaml

$(STOCK)/node_modules/.package-lock.json: $(STOCK)/package-lock.json
	cd $(STOCK) && npm ci --silent

stock: $(STOCK)/node_modules/.package-lock.json ## Install Bolt for JavaScript, which the tests of stock apps run

test: $(STAMP) ## Run the tests
	@if command -v npm > /dev/null; then $(MAKE) --no-print-directory stock || true; fi
	$(BIN)/python -m pytest tests/domain tests/services -n $(WORKERS) --dist loadfile --cov --cov-report=
	@$(BIN)/coverage report --include='$(RULES)' --fail-under=100 > /dev/null || { echo "bot/domain and bot/services are to be covered fully by their own tests, branches included:"; $(BIN)/coverage report --include='$(RULES)' --skip-covered --show-missing; exit 1; }
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --ignore=tests/domain --ignore=tests/services

coverage: $(STAMP) ## Say which lines no test runs (all tests, watched: it takes half as long again)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --cov --cov-report=
	@$(BIN)/coverage report --skip-covered --sort=cover

test-tuning: $(STAMP) ## Run the tests that train models (installs .venv-tuning; says so loudly where it cannot)
	@$(MAKE) --no-print-directory tuning || { \
	  echo; echo "  ##############################################################################"; \
	  echo "  ##  THE TESTS OF FINE-TUNING DO NOT RUN: what they need cannot be installed  ##"; \
	  echo "  ##############################################################################"; echo; exit 0; }; \
	if [ -e $(TUNING_STAMP) ]; then $(BIN)/python -m pytest tests/tuning tests/playground_model tests/cli/test_house.py -m tuning -p no:randomly --timeout 600; fi

test-browser: $(STAMP) ## Run the tests that look at the page in a real Chromium; pictures go to screenshots/
	$(BIN)/python -m pytest tests/browser -m browser -n $(BROWSERS) --dist loadfile --timeout 120

$(MODULES): $(UI)/package.json $(UI)/package-lock.json
	cd $(UI) && npm ci --silent

ui: $(MODULES) ## Build the page of the local Slack anew, after a change of its source
	cd $(UI) && npm run --silent build

# Whoever has no Node may go on without: what they play with is built already. CI may not.
test-ui: ## Check the page's source: types, lint, tests, and that what is committed was built from it
	@if node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' 2> /dev/null; then \
	  $(MAKE) --no-print-directory test-ui-with-node; \
	else \
	  echo; echo "  #############################################################################"; \
	  echo "  ##  THE PAGE IS NOT CHECKED: that needs Node 20.19 or newer with its npm   ##"; \
	  echo "  #############################################################################"; echo; test -z "$$CI"; \
	fi

test-ui-with-node: $(MODULES)
	cd $(UI) && npm run --silent check
	cd $(UI) && npm run --silent build -- --outDir node_modules/.built --emptyOutDir --logLevel warn
	@diff -rq $(UI)/node_modules/.built bot/playground/slack/static || { echo "What is committed was not built from this source: run make ui, and commit bot/playground/slack/static."; exit 1; }

format: $(STAMP) ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: lint types layers deps ## Format, lint, types, layers, dependencies

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/codespell

types: $(STAMP)
	$(BIN)/mypy

layers: $(STAMP)
	$(BIN)/lint-imports

deps: $(STAMP)
	$(BIN)/deptry .

bench: $(STAMP) ## Measure speed and memory beside a floor taken in the same run
	$(BIN)/python -m tests.bench

stats: $(STAMP) ## Simulate how often verdicts are right, against what they are held to
	$(BIN)/python -m tests.stats

ci: check test smoke test-tuning test-ui test-browser ## Everything CI runs

requirements: $(UV) ## Compile the requirement sets again (hashes, no addresses)
	$(UV) pip compile pyproject.toml --extra fast --universal --generate-hashes --no-header --quiet -o requirements.txt
	$(UV) pip compile pyproject.toml --extra play --universal --generate-hashes --no-header --quiet -o requirements-play.txt
	$(UV) pip compile pyproject.toml --extra play --extra fast --group dev --universal --generate-hashes --no-header --quiet -o requirements-dev.txt
	$(UV) pip compile requirements-tuning.in --universal --generate-hashes --no-header --quiet -o requirements-tuning.txt
	$(UV) pip compile requirements-data.in --no-deps --universal --generate-hashes --no-header --quiet -o requirements-data.txt

clean: ## Remove what was built and what playing left behind
	rm -rf $(VENV) $(TUNING) data screenshots $(UI)/node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage
