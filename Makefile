# Everything runs in .venv, made on first use: Python 3.11+ with venv, and make, are all that a machine needs.
PYTHON ?= python3
BIN := .venv/bin
MATRIX_WORKERS ?= 8

.PHONY: install demo test matrix full lint bench docs clean

install: .venv/installed

.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "ikeaudit needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

demo: install
	$(BIN)/ikeaudit demo

test: install
	$(BIN)/pytest -n auto

# Every fault in every phase, on virtual routers; they mostly wait, so that many go side by side on few processors.
# With RECORD=docs/fault-matrix.txt it is noted how each case ended, for the table in README.md.
matrix: install
	$(if $(RECORD),rm -f $(RECORD))
	IKEAUDIT_FULL_MATRIX=1 $(if $(RECORD),IKEAUDIT_MATRIX_RECORD=$(abspath $(RECORD))) \
		$(BIN)/pytest -n $(MATRIX_WORKERS) tests/change/test_fault_matrix.py tests/change/test_arming_lab.py
	$(if $(RECORD),LC_ALL=C sort -o $(RECORD) $(RECORD))
	$(if $(RECORD),$(BIN)/python docs/fault_matrix.py)

full: install
	IKEAUDIT_FULL=1 IKEAUDIT_FULL_MATRIX=1 $(BIN)/pytest -n auto

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# ciscoconfparse2 asks for an older hier-config than the one beside it in the table, so it lives apart.
bench: install .bench/installed
	IKEAUDIT_BENCH_PEERS=.bench/bin/python $(BIN)/python bench/run.py

.bench/installed: bench/peers.txt
	$(PYTHON) -m venv .bench
	.bench/bin/python -m pip install --quiet --disable-pip-version-check -r bench/peers.txt
	touch $@

docs: install
	$(BIN)/python docs/generate.py
	$(BIN)/python docs/fault_matrix.py

clean:
	rm -rf .venv .bench .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-output
