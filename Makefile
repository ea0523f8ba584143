# Everything runs in .venv, made on first use: Python 3.11+ with venv, and make, are all that a machine needs.
PYTHON ?= python3
BIN := .venv/bin
LAB_WORKERS ?= $(shell $(PYTHON) tests/support/machine.py)
WORKERS ?= auto

# Modules are compiled once and kept, whatever the environment says: the tests start many processes, and each would do it again.
export PYTHONDONTWRITEBYTECODE :=

# Journals are written through to the disk, line by line: thousands of waits in the tests, none where the folder is memory.
ifneq ($(shell df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 && $$4 > 4000000'),)
export PYTEST_DEBUG_TEMPROOT ?= /dev/shm
endif

.PHONY: install demo test rest slow lab plugins rehearsals matrix full mutation lint bench ratios flames docs clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ikeaudit needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: install
	$(BIN)/ikeaudit demo

# Two tiers: what is marked `full` takes its time, and every test that boots routers is, but for a few marked `quick`.
test: install
	$(BIN)/pytest -n $(WORKERS) -m "not full"

# What `make test` leaves out. With WITHIN=600 no test begins after so many seconds, and the summary says how many were left out.
rest: slow lab

# The HTML report is tried in Debian's `chromium` where it is there.
slow: install .official/installed
	$(BIN)/pytest -n $(WORKERS) $(if $(WITHIN),--within $(WITHIN)) -m "full and not ssh"

# Tests on virtual routers mostly wait, so that many go side by side on few processors: as many as these carry, by a short measurement.
lab: install
	$(BIN)/pytest -n $(LAB_WORKERS) $(if $(WITHIN),--within $(WITHIN)) -m "full and ssh and not rehearsals"

# A rehearsal of every plan of the case folders; `lab` takes a sample of them.
rehearsals: install
	$(BIN)/pytest -n $(LAB_WORKERS) $(if $(WITHIN),--within $(WITHIN)) -m rehearsals

# The page of inventories with the plugins that it names, which need much that ikeaudit does not.
plugins: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,inventories]'
	$(BIN)/pytest tests/test_docs_inventory.py

# The laws of proved fixes, of which `rest` takes a sample, on every pair and example; those of verdicts on more pairs.
full: export IKEAUDIT_FIXES_SAMPLE := 1
full: export IKEAUDIT_LAW_EXAMPLES := 100
mutation: export IKEAUDIT_LAW_EXAMPLES := 60
full: test rest rehearsals mutation

# Changes one thing at a time in the packages that decide, and asks whether a test notices. MUTATION="--seed 1 --sample 300"
mutation: install
	$(BIN)/python mutation/run.py $(MUTATION)

# Every fault in every phase, on virtual routers.
# With RECORD=docs/fault-matrix.txt it is noted how each case ended, for the table in README.md.
matrix: install
	$(if $(RECORD),rm -f $(RECORD))
	$(BIN)/pytest -n $(LAB_WORKERS) -m matrix $(if $(RECORD),--record $(abspath $(RECORD)))
	$(if $(RECORD),LC_ALL=C sort -o $(RECORD) $(RECORD))
	$(if $(RECORD),$(BIN)/python docs/fault_matrix.py)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# ciscoconfparse2 asks for an older hier-config than the one beside it in the table, so it lives apart.
bench: install .bench/installed
	IKEAUDIT_BENCH_PEERS=.bench/bin/python $(BIN)/python bench/run.py

# A few ratios beside peers of the same run, in under a minute: what CI asks, so that none slips.
ratios: install .bench/installed
	IKEAUDIT_BENCH_PEERS=.bench/bin/python $(BIN)/python bench/run.py small

.bench/installed: bench/peers.txt
	$(PYTHON) -m venv .bench
	.bench/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers.txt
	touch $@

# Where the time goes: flame graphs of check, plan and collect, for docs/performance.md.
flames: install
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt py-spy
	$(BIN)/python bench/flames.py

# Schemas that others publish, against which tests check what is written for other programs: SARIF's and JUnit's.
.official/installed:
	mkdir -p .official
	cd .official && npm pack --silent @microsoft/jest-sarif@1.0.0-beta.0 && tar -xzf microsoft-jest-sarif-*.tgz
	$(PYTHON) -m pip download --quiet --disable-pip-version-check --no-deps --no-binary pytest -d .official pytest==9.2.0
	cd .official && tar -xzf pytest-9.2.0.tar.gz
	touch $@

docs: install
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/report_pictures.py
	$(BIN)/python docs/fault_matrix.py

clean:
	rm -rf .venv .bench .official .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-output
