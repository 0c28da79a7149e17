# make demo: everything from nothing to an answer in the browser.  make test: all checks.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: demo install test explore lint types check clean bench-search bench-check bench-ingest bench-steps bench-scale bench-names \
        bench-signs bench-themes bench-round-trip bench-tune kills damage fuzz soak audit
.PHONY: name-finder

demo: .venv/installed
	@$(BIN)/heard demo

# pip, and no other installer, takes the versions in constraints.txt; torch's is the CPU build where there is one.
.venv/installed: pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Heard needs Python 3.11 or newer; try make PYTHON=python3.12") if sys.version_info < (3, 11) else None'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing into .venv (a few minutes the first time) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@touch $@

install: .venv/installed

test: .venv/installed lint types
	$(BIN)/pytest -n auto --dist loadgroup

# New examples for every rule that holds for all inputs, as often as one has time for.
explore: .venv/installed
	$(BIN)/pytest -n auto --dist loadgroup -m hypothesis --hypothesis-profile=explore

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: .venv/installed
	$(BIN)/mypy

# What Heard is measured against; HEARD_CORPORA says where the data sets are (docs/benchmarks.md).
.venv/bench: .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[bench]'
	@touch $@

bench-search: .venv/bench
	$(BIN)/python -m benchmarks.search

bench-check: .venv/installed
	$(BIN)/python -m benchmarks.check

bench-ingest: .venv/bench
	$(BIN)/python -m benchmarks.ingest

# Half an hour of building for the million, once; HEARD_CORPORA says where real interviews are.
bench-steps: .venv/installed
	$(BIN)/python -m benchmarks.steps

bench-scale: .venv/installed
	$(BIN)/python -m benchmarks.scale build/scale

# Themes beside BERTopic's, on 4,000 questions and on 100,000 sentences: a quarter of an hour or more.
bench-themes: .venv/bench
	$(BIN)/python -m benchmarks.themes

# Real notes out as a QDA project, and back.
bench-round-trip: .venv/installed
	$(BIN)/python -m benchmarks.round_trip

# Kills ingest, erasure, migration and reindex at 200 random points, and looks (docs/reliability.md).
kills: .venv/installed
	$(BIN)/python -m benchmarks.kills --points 200 --seed 1

# Damages every kind of file in every way, and counts what becomes of it (docs/reliability.md).
damage: .venv/installed
	$(BIN)/python -m benchmarks.damage --times 5 --seed 1

# What of the personal data in texts is found; HEARD_CORPORA says where the corpora are (docs/redaction.md).
bench-names: .venv/installed
	$(BIN)/python -m benchmarks.names

# Whether a machine can tell if a passage speaks for or against a claim (docs/insights.md).
bench-signs: .venv/installed
	$(BIN)/python -m benchmarks.signs

# What linked passages teach the ranking, shown on the findings of other studies (docs/tuning.md).
bench-tune: .venv/installed
	$(BIN)/python -m benchmarks.tune

# Twenty users and two ingests at once, for SECONDS (docs/many-at-once.md).
SECONDS := 300
soak: .venv/installed
	$(BIN)/python -m benchmarks.soak $(SECONDS)

# What Heard stands on and what is known to be wrong with it, into build/; the tools have a place of their own, so that
# they are not on the bill (SECURITY.md).
.venv/audit: constraints.txt .venv/installed
	@$(BIN)/python -m venv $@
	@$@/bin/pip install --quiet --disable-pip-version-check -c constraints.txt pip-audit cyclonedx-bom
	@touch $@

audit: .venv/audit
	@$(BIN)/python -m tools.audit .venv/audit/bin $(BIN)/python

# Every reader, the query syntax, the taxonomy and the roster on a million inputs nobody meant: an hour or two (SECURITY.md).
.venv/fuzz: .venv/installed
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[fuzz]'
	@touch $@

fuzz: .venv/fuzz
	$(BIN)/python -m fuzz

# Trains the name finder anew, in a quarter of an hour on one core, into ingest/personal (docs/redaction.md).
name-finder: .venv/installed
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/python -m training.name_finder

clean:
	rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
