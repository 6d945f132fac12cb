# Two doors: `make run` starts IWAS with a simulated café; `make test` runs every test.
# Both install what is missing (tools/packages.txt, package-lock.json) on a fresh Debian 12.

SHELL := /bin/bash
JOBS ?= $(shell nproc)
.DEFAULT_GOAL := help

.PHONY: help run build test install-build install-test format format-check lint clean

help: ## Show what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

run: build ## Start IWAS and a simulated café on 127.0.0.1; Ctrl-C stops everything
	build/release/iwas demo $(ARGS)

build: install-build ## Build the release: build/release/iwas
	@test -f build/release/build.ninja || cmake --preset release >/dev/null
	cmake --build --preset release -j$(JOBS) --target iwas

test: install-test ## Install, build and run every test; the last line counts them
	tools/run_tests

install-build:
	@tools/install build

install-test:
	@tools/install test

web/portal/node_modules/.package-lock.json: web/portal/package-lock.json
	@tools/npm_install web/portal

format: ## Format all C++ sources
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

format-check: ## Fail where a C++ source is not formatted
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 --dry-run -Werror

lint: format-check web/portal/node_modules/.package-lock.json ## Formats (the end-to-end tests' too), layers, and the types of the front end
	tools/check_layers.py
	cd web/portal && npm run --silent check && npm run --silent lint && npm run --silent fresh

clean: ## Remove everything that was built
	rm -rf build
