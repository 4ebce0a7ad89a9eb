# The targets, from their own comments: make help
SHELL := /bin/bash
.DEFAULT_GOAL := help
VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
TOOLS := $(abspath bin/tools)
MODULES := api api/client pkg services
export PASSERELLE_DEMO ?= on
# Two test binaries at a time: each may start a Postgres and a NATS of its own.
# Their data folders lie in memory where there is room for them: processes are killed there as anywhere else.
IN_MEMORY := $(shell [ "$$(df --output=avail -k /dev/shm 2>/dev/null | tail -1)" -gt 8000000 ] 2>/dev/null && echo TMPDIR=/dev/shm)
TEST := $(TOOLS)/gotestsum --format pkgname-and-test-fails --hide-summary=skipped --jsonfile .test/last.json -- -p 2 -timeout 40m

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

build: ## build bin/passerelle
	@mkdir -p bin
	go build -trimpath -ldflags "-X example.org/passerelle/services/platform.Version=$(VERSION)" -o bin/passerelle ./services/platform/passerelle

run: need build ## find or install what is missing, build, start everything on http://localhost:8080
	@bin/passerelle run

need:
	@tools/need.sh

need-test:
	@tools/need.sh test

test: need-test build $(TOOLS)/stamp ## everything that must pass before a commit
	@rm -rf .test/logs && mkdir -p .test/logs
	@$(IN_MEMORY) PASSERELLE_LOGS=$(abspath .test/logs) $(TEST) work
	@$(MAKE) --no-print-directory logs

logs: ## look for social security numbers in all that the last tests printed
	@cd tools && GOWORK=off go test ./nirscan >/dev/null && GOWORK=off go run ./nirscan $(wildcard $(abspath .test)/*.json $(abspath .test/logs)/*.log)

soak: need-test build $(TOOLS)/stamp ## the long form: all kills, seeds and damages
	@mkdir -p .test
	@$(IN_MEMORY) PASSERELLE_SOAK=1 $(TOOLS)/gotestsum --format testname --jsonfile .test/soak.json -- -p 1 -count 1 -timeout 80m work

bench: need ## the performance table: ours beside the peers, in one run
	@go run ./services/bench

lint: $(TOOLS)/stamp ## style and mistakes
	@$(TOOLS)/golangci-lint run $(addsuffix /...,$(MODULES))

fmt: ## format all Go code
	@gofmt -w $(shell git ls-files '*.go')

communes: ## fetch the communes of France again
	@cd tools && GOWORK=off go run ./communes

outlines: ## fetch the outlines of the departments again
	@cd tools && GOWORK=off go run ./outlines

generate: $(TOOLS)/stamp ## make generated code again
	@PATH="$(TOOLS):$$PATH" tools/generate.sh

assets: ## make the portal's stylesheet and script again (needs node; building and running do not)
	@cd services/portal/assets/src && npm ci --no-audit --no-fund && npm run build

verify: lint $(TOOLS)/stamp ## lint, fresh generated code, tidy modules, architecture
	@tools/verify.sh

tools: $(TOOLS)/stamp ## build the pinned tools into bin/tools

$(TOOLS)/stamp: tools/go.mod tools/go.sum
	@mkdir -p $(TOOLS)
	@echo "building the tools (once)"
	@cd tools && GOWORK=off GOBIN=$(TOOLS) go install tool
	@touch $@

clean: ## remove what was built and the demo's data
	rm -rf bin .test .passerelle

.PHONY: help build run need need-test test logs soak bench lint fmt communes outlines generate assets verify tools clean
