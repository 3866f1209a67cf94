# casework: `make help` lists what there is. Written for GNU make 3.81 and later, as macOS ships it.

SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := .venv/bin
RUNTIME := .venv/.runtime-installed
TOOLS := .venv/.tools-installed
CATALOGUES := $(wildcard casework/translations/*/LC_MESSAGES/messages.po)
COMPILED := $(CATALOGUES:.po=.mo)
TEMPLATE := build/messages.pot
# Asked when it is needed: every language of casework/domain/languages.py but English.
LANGUAGES = $(shell $(BIN)/python -m tools.check_translations)
LOCK_PYTHON ?= python3.11
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input --require-hashes
SERVER_ARGS = $(if $(PORT),--port "$(PORT)") $(if $(INSTANCE),--instance "$(INSTANCE)")
# With INSTANCE the same folder as run's, else what config.py or the environment says.
COMMAND = $(if $(INSTANCE),CASEWORK_INSTANCE_PATH="$(abspath $(INSTANCE))") $(if $(PORT),CASEWORK_PORT="$(PORT)") $(BIN)/flask --app run
CASEWORK_DATA ?= ../shared/data
export CASEWORK_DATA

# A .venv whose Python has gone (an upgrade, a moved folder) is made anew.
ifneq ($(shell $(BIN)/python -c 'print("sound")' 2>/dev/null),sound)
$(shell rm -f $(RUNTIME) $(TOOLS))
endif

.DELETE_ON_ERROR:
.PHONY: help install run demo upgrade dist audit backup verify doctor drill recover restore move-attachments move-database test check compare lock messages pictures clean FORCE

help: ## This list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' Makefile
	@echo
	@echo '  INSTANCE=folder goes with run, demo and the commands on records, PORT=8001 with run, demo and doctor,'
	@echo '  ARGS="-k vault" with test, PYTHON=python3.12 with all.'

install: $(RUNTIME) $(COMPILED) ## Make .venv with what running needs, from requirements.lock

run: install ## Start casework on this machine: http://127.0.0.1:8000
	@exec $(BIN)/python run.py $(SERVER_ARGS)

demo: install ## Start the demonstration: a fictional organisation in instance-demo
	@exec $(BIN)/python run.py --demo $(SERVER_ARGS)

upgrade: ## Bring an installed server to a release, or back: ARGS=casework-0.2.0.tar.gz
	@$(BIN)/python -m tools.upgrade $(ARGS)

backup: install ## Write a backup, sealed to the recovery shares; for a timer too
	@$(COMMAND) backup $(ARGS)

verify: install ## Open every record and name what is hurt; ARGS=FILE.age does so for a backup
	@$(COMMAND) verify $(ARGS)

move-attachments: install ## Move files of cases to where ATTACHMENTS_URL says now: ARGS="--from folder"
	@$(COMMAND) move-attachments $(ARGS)

doctor: install ## Look whether anything is wrong with this server; ARGS=--json
	@$(COMMAND) doctor $(ARGS)

drill: install ## Try whether the recovery shares open everything
	@$(COMMAND) drill $(ARGS)

recover: install ## Open the records again with enough recovery shares; stop casework first
	@$(COMMAND) recover $(ARGS)

restore: install ## Bring a backup back into an empty folder: ARGS="FILE.age --ledger LEDGER.age"
	@$(COMMAND) restore $(ARGS)

move-database: install ## Move the database into another one, SQLite to PostgreSQL or back; stop casework first
	@$(COMMAND) move-database $(ARGS)

test: $(TOOLS) $(COMPILED) ## Run every test, on SQLite, PostgreSQL and Chromium
	@$(BIN)/python -m tools.system_parts
	@# Every server and command that the tests start would compile the code anew where bytecode is not kept.
	@# One more of them than cores: each waits at times for a browser or a server.
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest --dist worksteal \
		-n $$($(BIN)/python -c "import os; print((os.cpu_count() or 1) + 1)") $(ARGS)

check: $(TOOLS) $(TEMPLATE) ## Ruff, mypy, the layers, the translations
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --cache-dir .import_linter_cache
	$(BIN)/python -m tools.check_translations $(TEMPLATE)

compare: $(TOOLS) ## Protect tables beside τ-Argus: minutes; ARGS="known two-way"
	@$(PIP_INSTALL) -r requirements-benchmarks.lock
	$(BIN)/python -m benchmarks.suppression $(ARGS)

dist: $(TOOLS) ## Pack a release into build/dist: archive, wheel, SBOM, checksums
	@$(BIN)/python -m tools.dist

audit: $(RUNTIME) ## Ask whether a published fault is known in what the lock pins
	@mkdir -p build
	@BIN=$(BIN) tools/audit.sh

lock: ## Write the lock files anew with Python 3.11; ARGS=--upgrade takes newer versions
	PYTHON="$(LOCK_PYTHON)" tools/lock.sh $(ARGS)

messages: $(TEMPLATE) ## Bring the texts of code and templates into the translations
	@for language in $(LANGUAGES); do \
		po=casework/translations/$$language/LC_MESSAGES/messages.po; \
		if [ -f $$po ]; then \
			$(BIN)/pybabel -q update --ignore-obsolete -i $< -o $$po -l $$language -w 110 -N --ignore-pot-creation-date; \
		else \
			$(BIN)/pybabel -q init -i $< -o $$po -l $$language -w 110; \
		fi || exit 1; \
		echo "$$po is up to date; \`make check\` names what is not translated"; \
	done

pictures: $(TOOLS) $(COMPILED) ## Take the pictures of README and docs/guides anew, in the demonstration
	@$(BIN)/python -m tools.system_parts
	$(BIN)/python -m tools.pictures

clean: ## Remove .venv, caches and what was built; data folders stay
	rm -rf .venv build .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache $(COMPILED)
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): requirements.lock
	@PYTHON="$(PYTHON)" tools/venv.sh
	@echo "Installing what casework runs on…"
	@$(PIP_INSTALL) -r requirements.lock
	@touch $@

$(TOOLS): $(RUNTIME) requirements-dev.lock
	@echo "Installing what the tests and checks need…"
	@$(PIP_INSTALL) -r requirements.lock -r requirements-dev.lock
	@touch $@

%.mo: %.po | $(RUNTIME)
	@$(BIN)/pybabel -q compile --use-fuzzy -i $< -o $@

# Every time anew: the texts may be anywhere. Babel leaves out folders that begin with _ unless told otherwise.
$(TEMPLATE): FORCE | $(RUNTIME)
	@mkdir -p build
	@$(BIN)/pybabel -q extract -F pyproject.toml --ignore-dirs ".* __pycache__ build instance*" \
		--project casework --copyright-holder "" --add-location file -w 110 -k _l -o $@ .
