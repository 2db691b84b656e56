# Two commands: `make serve` runs Minxing, `make test` proves it. Python >= 3.11, git and make are all it needs.
PYTHON ?= python3
BIN := .venv/bin
SOURCES := agent api desk eval guardrails knowledge storage tools tests cli.py server.py settings.py

.PHONY: help serve test check bench lock clean

help: ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

.venv/run.stamp: requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit("Minxing needs Python 3.11 or newer; this is " + sys.version.split()[0]) if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing what Minxing needs from requirements.lock (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing test and bench tools from requirements-dev.lock ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.stamp

serve: .venv/run.stamp ## install if needed, then serve on http://127.0.0.1:8000
	@$(BIN)/minxing serve

check: .venv/dev.stamp ## format, lint, types
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy

test: check ## check, then every test
	$(BIN)/pytest -n auto --maxprocesses 4 --dist loadfile -m "not browser"
	@# Playwright keeps an event loop in its process, which asynchronous tests cannot share.
	$(BIN)/pytest -m browser

bench: .venv/dev.stamp ## measure against peers, print a table
	$(BIN)/minxing bench

lock: ## resolve the dependencies again
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes pyproject.toml -o requirements.lock
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --extra test --extra inspect --extra bench pyproject.toml -o requirements-dev.lock
	@# The extra [transformers] beside what the test lock holds. PyTorch is installed apart: which build is right depends on the machine.
	echo 'torch; sys_platform == "none"' | uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-annotate --no-header --override - --constraint requirements-dev.lock $$(sed -nE 's/^([a-z0-9][a-z0-9._-]*)==.*/--no-emit-package \1/p' requirements-dev.lock) $(foreach package,torch sympy mpmath,--no-emit-package $(package)) --extra transformers pyproject.toml | sed '/^#/d' > requirements-transformers.lock

clean: ## remove the environment and caches, keep data/
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache
