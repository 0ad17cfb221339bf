# Everything runs in .venv, which the first target that needs it sets up.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet -c constraints.txt
CAMPAIGNS := khalkhin-gol-1939 lake-khasan-1938 manchuria-1945 mutanchiang-1945 \
  south-sakhalin-1945 kurils-1945
REPLICATIONS := 200
# A process need not compile what another has compiled.
unexport PYTHONDONTWRITEBYTECODE

# What a replication spends its time in. Left as it is what mypyc cannot compile, what works once
# a run, and what goes from one process to another.
COMPILED = $(filter-out %/__init__.py %/coefficients.py %/events.py %/fitted.py %/planning.py \
  %/operational.py %/planning_file.py, \
  $(wildcard src/sandtable/engine/*.py src/sandtable/laws/*.py) src/sandtable/streams.py)

.PHONY: demo test verify docs pages reference disputes moving-picture schemas lint lowest newest pythons bench compiled clean
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
	  echo "$$campaign: report in results/$$campaign/demo/report.html, figures in figures/ beside it," \
	       "tables in comparison.csv and score.csv"; \
	done

# The matrices of tests are small: to share one among threads takes longer than to work it out.
test: .venv/installed-test
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m pytest

# The tests of what runs, with the lowest versions that pyproject.toml allows and with the newest
# that there are. Libraries of another age warn otherwise, and the schemas that ship are those of
# the pinned pydantic.
lowest newest: %: .venv-%/installed
	.venv-$@/bin/python -m pytest -o filterwarnings=default -m "not processes and not verify" \
	  tests/laws tests/scenario tests/engine tests/runs tests/figures tests/studies/sensitivity \
	  tests/cli/test_run.py --ignore tests/scenario/test_json_schema.py

RUNS := .[calibrate,dask,sensitivity]
TESTED := hypothesis jsonschema lxml pytest

.venv-lowest/installed: pyproject.toml constraints-lowest.txt | $(BIN)/python
	rm -rf .venv-lowest && $(BIN)/python -m venv .venv-lowest
	.venv-lowest/bin/python -m pip --disable-pip-version-check install --quiet \
	  -c constraints-lowest.txt -e '$(RUNS)' $(TESTED)
	@touch $@

# Made anew each time: what is newest changes without a change here.
.PHONY: .venv-newest/installed
.venv-newest/installed:
	rm -rf .venv-newest && $(PYTHON) -m venv .venv-newest
	.venv-newest/bin/python -m pip --disable-pip-version-check install --quiet -e '$(RUNS)' $(TESTED)
	@.venv-newest/bin/python -m pip --disable-pip-version-check freeze --exclude-editable \
	  | grep -vxFf constraints.txt | sed 's/^/not as pinned: /' || true

# The same bytes on every Python that is here, each in an environment of its own.
pythons: .venv/installed-test
	$(BIN)/python -m pytest -m verify tests/test_pythons.py

.venv-3.%/installed: pyproject.toml constraints.txt
	rm -rf $(@D) && $(PYTHON) -m venv $(@D)
	$(@D)/bin/python -m pip --disable-pip-version-check install --quiet -c constraints.txt -e '$(RUNS)'
	@touch $@

# What the tests of a module share is made once: they stay together.
verify: .venv/installed-test
	$(BIN)/python -m pytest -m verify --numprocesses auto --dist loadfile $(DESELECT)

# The documentation site, in build/site: it opens by a double click, without a network.
docs: .venv/installed-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	@echo "the documentation is build/site/index.html"

# The pages of docs/ that are made from the code.
pages: .venv/installed-test
	$(BIN)/python documentation/generated.py

# Each campaign with what its variants change and what each mechanism is worth, then all together.
reference: .venv/installed
	@for campaign in $(CAMPAIGNS); do \
	  kept=results/reference/$$campaign; made=results/$$campaign; \
	  rm -rf $$kept && mkdir -p $$kept && \
	  $(BIN)/sandtable run $$campaign -n $(REPLICATIONS) --seed 1 --ablate --overwrite \
	    --out $$made/reference && \
	  $(BIN)/sandtable vary $$campaign variant=all -n $(REPLICATIONS) --seed 1 --overwrite \
	    --out $$made/reference-variants && \
	  cp -R $(addprefix $$made/reference/,figures comparison.csv score.csv score.json) $$kept/ && \
	  cp $$made/reference-variants/table.csv $$kept/variants.csv && \
	  for study in ablation variants; do \
	    cp $$made/reference-$$study/scores.csv $$kept/$$study-scores.csv && \
	    cp $$made/reference-$$study/figures/worth.png $$kept/figures/$$study.png || exit; \
	  done || exit; \
	done
	rm -rf results/reference/operations
	$(BIN)/sandtable operations validate --seed 1 --out results/reference/operations
	@rm -f results/reference/score*
	@$(BIN)/sandtable compare $(CAMPAIGNS:%=results/%/reference) --overwrite --out results/reference
	@$(MAKE) moving-picture

# What README shows: Manchuria evening by evening, from a run of its own.
moving-picture: .venv/installed
	$(BIN)/sandtable run manchuria-1945 -n $(REPLICATIONS) --seed 1 --no-figures --quiet --overwrite \
	  --out results/manchuria-1945/moving
	$(BIN)/python -c 'from sandtable import open_run; from sandtable.figures import draw_moving; \
	  draw_moving(open_run("results/manchuria-1945/moving"), "results/reference/moving.gif")'

# What the contradictions between sources do to outcomes: minutes.
disputes: .venv/installed-test
	$(BIN)/python documentation/disputes_page.py $(NAMES)
	$(BIN)/python documentation/generated.py

schemas: .venv/installed
	$(BIN)/sandtable schema --overwrite --out schemas

lint: .venv/installed-test
	$(BIN)/ruff check src tests benchmarks documentation
	$(BIN)/ruff format --check src tests benchmarks documentation
	$(BIN)/mypy

# The same source with the engine compiled, in an environment of its own: a compiled module stands
# in the way of edits to its source. Needs a C compiler and Python's headers. Products and sums are
# not to be contracted, on any processor, or the last bits of the results would differ.
compiled: .venv-compiled/installed

.venv-compiled/installed: Makefile pyproject.toml constraints.txt $(shell find src -name '*.py') | $(BIN)/python
	rm -rf .venv-compiled && $(BIN)/python -m venv .venv-compiled
	.venv-compiled/bin/python -m pip --disable-pip-version-check install --quiet -c constraints.txt \
	  . mypy setuptools types-networkx
	rm -rf build/compiled && mkdir -p build/compiled && cp -R src/sandtable build/compiled
	cd build/compiled && CFLAGS=-ffp-contract=off ../../.venv-compiled/bin/mypyc --follow-imports=silent \
	  --ignore-missing-imports $(COMPILED:src/%=%) >log 2>&1 || { cat log >&2; exit 1; }
	cd build/compiled && rm -rf build && find . -name '*.so' | tar -cf - -T - \
	  | tar -xf - -C ../../.venv-compiled/lib/python*/site-packages
	@touch $@

bench: .venv/installed-test .venv-compiled/installed
	$(BIN)/python benchmarks/workbench.py
	-$(BIN)/python benchmarks/budgets.py
	.venv-compiled/bin/python benchmarks/budgets.py

clean:
	rm -rf .venv .venv-* build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find src tests benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +
