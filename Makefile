# Everything runs in .venv, which the first target that needs it sets up.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
CAMPAIGNS := khalkhin-gol-1939 manchuria-1945
REPLICATIONS := 200

.PHONY: demo test verify reference lint bench clean
.DEFAULT_GOAL := test

$(BIN)/python:
	$(PYTHON) -m venv .venv

.venv/installed: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e .
	@touch $@

.venv/installed-test: pyproject.toml constraints.txt | $(BIN)/python
	$(PIP) -e '.[test]'
	@touch $@ .venv/installed

demo: .venv/installed
	@for campaign in $(CAMPAIGNS); do \
	  $(BIN)/sandtable run $$campaign -n $(REPLICATIONS) --overwrite --out results/$$campaign/demo || exit; \
	done
	@for campaign in $(CAMPAIGNS); do \
	  echo "$$campaign: figures in results/$$campaign/demo/figures/," \
	       "table in results/$$campaign/demo/comparison.csv"; \
	done

test: .venv/installed-test
	$(BIN)/python -m pytest

verify: .venv/installed-test
	$(BIN)/python -m pytest -m verify

reference: .venv/installed
	@for campaign in $(CAMPAIGNS); do \
	  rm -rf results/reference/$$campaign && mkdir -p results/reference/$$campaign && \
	  $(BIN)/sandtable run $$campaign -n $(REPLICATIONS) --seed 1 --overwrite \
	    --out results/$$campaign/reference && \
	  cp -R results/$$campaign/reference/figures results/$$campaign/reference/comparison.csv \
	    results/reference/$$campaign/ || exit; \
	done

lint: .venv/installed-test
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy

bench: .venv/installed-test
	$(BIN)/python benchmarks/workbench.py
	$(BIN)/python benchmarks/budgets.py

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
