# make run     open the board and write (ARGS="--help" for what can be passed on)
# make test    the tests
# make check   ruff, mypy, the import layers, and the tests
# Each first makes this computer ready (packaging/setup.sh), which takes no time when it already is.

PYTHON := .venv/bin/python

.PHONY: run test check check-static strings

run:
	@packaging/setup.sh run
	@$(PYTHON) -P -m assistive run $(ARGS)

test:
	@packaging/setup.sh test
	$(PYTHON) -P -m pytest $(ARGS)

check: check-static test

check-static:
	@packaging/setup.sh check
	$(PYTHON) -m ruff check
	$(PYTHON) -m ruff format --check
	$(PYTHON) -P -m mypy
	PYTHONPATH=. .venv/bin/lint-imports

# Collect what the person reads and update the translations.
strings:
	$(PYTHON) -P packaging/extract_strings.py
