# The two commands are `make run` and `make test`. Both do all the set-up they need.
PYTHON ?= python3.11
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test quick setup bench eval eval-interviewer lock clean goldens

help:  ## Show this.
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 20

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo "Viva needs Python 3.11: install it, or say PYTHON=/path/to/python3.11"; exit 1; }
	@echo "== creating $(VENV)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); exit 1; }

$(VENV)/.run: pyproject.toml constraints.txt | $(BIN)/python
	@echo "== installing Viva's packages (a few minutes the first time)"
	@$(BIN)/python -m pip install -q --progress-bar on -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	@echo "== installing the tools of the tests"
	@$(BIN)/python -m pip install -q --progress-bar on -c constraints.txt -e '.[dev]'
	@touch $@

setup: $(VENV)/.run  ## Install, fetch the weights, migrate, ingest.
	@$(BIN)/viva setup

run: $(VENV)/.run  ## Do all the set-up and serve on 127.0.0.1:8000.
	@$(BIN)/viva setup
	@$(BIN)/viva serve

quick: $(VENV)/.dev  ## The checks that take seconds: lint, types, imports, unit tests.
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/viva material check
	@$(BIN)/python -m pytest -q tests/unit

test: $(VENV)/.dev  ## Do all the set-up and run every check.
	@$(BIN)/viva setup
	@echo "== ruff" && $(BIN)/ruff check . && $(BIN)/ruff format --check .
	@echo "== mypy" && $(BIN)/mypy
	@echo "== imports" && $(BIN)/lint-imports
	@echo "== corpus" && $(BIN)/viva material check
	@echo "== tests" && $(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/.dev  ## Measure waiting and own time; see docs/evals.md.
	@$(BIN)/viva setup
	@$(BIN)/python -m evals.bench

eval: $(VENV)/.dev  ## Measure the judges: the figures of docs/evals.md. DATA=DIR adds the sets that people labelled.
	@$(BIN)/viva setup
	@$(BIN)/python -m evals.judging.battery
	@$(BIN)/python -m evals.judging.simulated
	@$(BIN)/python -m evals.judging.examples
	@$(BIN)/python -m evals.judging.plain
	@$(BIN)/python -m evals.judging.looking_back
	@$(BIN)/python -m evals.elsewhere
	@$(BIN)/python -m evals.appeals
	@$(BIN)/python -m evals.listening
	@$(BIN)/python -m evals.resumes --held-out
	@if [ -n "$(DATA)" ]; then $(BIN)/python -m evals.judging.labelled "$(DATA)"; fi

DRAWN = $(if $(SAMPLE),--sample $(SAMPLE) $(if $(SEED),--seed $(SEED)))

eval-interviewer: $(VENV)/.dev  ## Evaluate the interviewer: hours the first time, goes on where it stopped. MODEL=configured takes the settings' model, SAMPLE=20 a few drawn by SEED.
	@$(BIN)/viva setup
	@$(BIN)/python -m evals.interviewer hold --model $(or $(MODEL),scripted) $(if $(filter configured,$(MODEL)),--set sample) $(DRAWN)
	@$(if $(SAMPLE)$(filter configured,$(MODEL)),,$(BIN)/python -m evals.interviewer hold --set rivals)
	@$(BIN)/python -m evals.interviewer board $(DRAWN)

goldens: $(VENV)/.dev  ## Write the golden renders anew; read their diff before committing.
	@VIVA_TEST_WRITE_GOLDENS=1 $(BIN)/python -m pytest -q tests/golden

lock:  ## Resolve all packages anew with a new pip and pin them.
	@rm -rf .lock && $(PYTHON) -m venv .lock && .lock/bin/python -m pip install -q -U pip setuptools
	@.lock/bin/python -m pip install -q '.[dev]'
	@{ head -1 constraints.txt; .lock/bin/python -m pip freeze --all | grep -viE '^(pip|wheel|viva)' | sed -E 's/\+cpu//; /@ /d'; } > constraints.new
	@mv constraints.new constraints.txt && rm -rf .lock

clean:  ## Remove the environment and caches; keeps .viva, where interviews are.
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
