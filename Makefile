# Everything starts here; `make` alone lists it. Needed: make, and Python 3.11 or later.

PYTHON ?= python3
PORT ?= 8000
PYTEST_ARGS ?=
SCALE_ARGS ?=

BIN := .venv/bin

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo setup test check lock words tour bench bench-scale quality audit clients fuzz clean environment python chromium firefox-esr redis-server fonts

help: ## List what make can do
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo "  make demo PORT=8123          another port than $(PORT)"
	@echo "  make setup PYTHON=python3.12 another Python than $(PYTHON)"

demo: setup ## Set everything up, load the sample network and serve it
	@KNOWWHO_HOME="$(CURDIR)/.knowwho" $(BIN)/knowwho demo --port $(PORT)

setup: environment ## Set everything up: .venv, the engine, the encoder, the page's assets
	@$(BIN)/knowwho setup

test: setup chromium firefox-esr redis-server ## Set everything up, then run every test
	@$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder --durations=15 $(PYTEST_ARGS)

check: environment ## Format, lint, types, import contracts, dead code; all run, whichever fails
	@failed=""; \
	for tool in "ruff format --check --quiet" "ruff check --quiet" mypy "lint-imports --no-logo" "python .ci/dead_code.py"; do \
	  echo "$$tool"; $(BIN)/$$tool || failed="$$failed, $$tool"; \
	done; \
	if [ -n "$$failed" ]; then echo "make check: failed:$${failed#,}" >&2; exit 1; fi

# uv keeps the versions that a lock already has; UPGRADE=1 asks for the newest ones. requirements.run.lock is what an
# image holds: everything but the tools of development.
RESOLVE = $(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-header \
  $(if $(UPGRADE),--upgrade)

lock: $(BIN)/uv ## Write the locks of packages, jars and the page again (UPGRADE=1: newest versions)
	@$(RESOLVE) pyproject.toml --all-extras --override requirements.overrides -o requirements.lock
	@$(RESOLVE) pyproject.toml --extra kit --override requirements.overrides --constraint requirements.lock \
	  --no-annotate -o requirements.run.lock
	@echo 'uv>=0.9' | $(RESOLVE) --python-version 3.11 --no-annotate - -o requirements.uv.lock
	@$(BIN)/python .ci/lock_engine.py
	@$(BIN)/python .ci/lock_web.py

words: environment ## Bring the catalogues of pages (api/pages/translations) in line with what pages say
	@$(BIN)/python .ci/words.py

tour: setup chromium fonts ## Take the pictures of docs/tour.md again, from the sample network
	@$(BIN)/python .ci/tour.py

bench: setup ## Measure engine, encoder, search and nested queries
	@$(BIN)/python -m bench

bench-scale: setup ## Measure searches of 1,000, 10,000 and 100,000 people (SCALE_ARGS="--people 1000": fewer)
	@$(BIN)/python -m bench.scale $(SCALE_ARGS)

quality: setup ## How well questions find people, beside full text, MiniLM and neo4j-graphrag
	@$(BIN)/python -m bench.quality

clients: setup ## Real clients against the real server: Relay, urql, graphql-codegen, gql
	@$(BIN)/pytest tests/e2e/clients tests/api/graphql/subscriptions $(PYTEST_ARGS)

fuzz: setup ## Schemathesis against the real server; prints what came of it (FUZZ_EXAMPLES=2000: more)
	@$(BIN)/pytest -s tests/api/graphql/test_fuzzed.py $(PYTEST_ARGS)

audit: setup ## Run the audit of GraphQL over HTTP against the server, and print its points
	@$(BIN)/pytest -q -s tests/api/graphql/http/test_audit.py $(PYTEST_ARGS)

clean: ## Remove what was built here; .knowwho (the demo's network) and the caches of this user stay
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/uv:
	@$(MAKE) --no-print-directory environment

environment: python
	@"$(PYTHON)" .ci/environment.py

python:
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "There is no '$(PYTHON)' on the path: install Python 3.11 or later, or name one: make PYTHON=/path/to/python3" >&2; \
	  exit 1; }

# Some tests need Debian's chromium, firefox-esr or redis-server. Elsewhere than on Debian as root, without them, they
# skip and say why; in CI they must not.
chromium firefox-esr redis-server:
	@command -v $@ >/dev/null && exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Debian's $@ for the tests that need it (apt-get install $@)"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends $@ >/dev/null && exit 0; \
	  [ "$(CI)" != true ] || { echo "$@ could not be installed, and CI must run the tests that need it." >&2; exit 1; }; \
	fi; \
	echo "No $@ here: the tests that need it will be skipped. Install it (Debian: apt-get install $@)."

# Pictures need the letters of all six languages.
fonts:
	@fc-list :lang=zh 2>/dev/null | grep -q . && exit 0; \
	if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
	  echo "Installing Debian's fonts of all six languages (apt-get install fonts-noto-core fonts-noto-cjk)"; \
	  export DEBIAN_FRONTEND=noninteractive; \
	  apt-get update -qq && apt-get install -y -qq --no-install-recommends fonts-noto-core fonts-noto-cjk >/dev/null && exit 0; \
	fi; \
	echo "No font with Chinese letters here, so pictures would show boxes (Debian: apt-get install fonts-noto-core fonts-noto-cjk)." >&2; exit 1
