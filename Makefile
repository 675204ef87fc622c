# Thin: every target is a command of scripts/project.py, which needs nothing but Python 3.11 or newer.
# Another Python: make PYTHON=python3.12 check

PYTHON ?= python3

COMMANDS = demo check bench setup lint types test requirements clean

.PHONY: help $(COMMANDS)

help:
	@$(PYTHON) -m scripts.project --help

$(COMMANDS):
	@$(PYTHON) -m scripts.project $@
