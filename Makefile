# Alita. `make` lists the targets.

# One set of build flags for everything: another set compiles the dependencies
# again. A C compiler adds hardware wallets and the faster signature library.
ifneq ($(shell command -v gcc 2>/dev/null),)
BUILD_TAGS := ledger,libsecp256k1_sdk
endif
export GOFLAGS := -buildvcs=false -trimpath$(if $(BUILD_TAGS), -tags=$(BUILD_TAGS))

VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT  := $(shell git rev-parse HEAD 2>/dev/null)
APP_VERSION := github.com/alita-network/alita/internal/version
SDK_VERSION := github.com/cosmos/cosmos-sdk/version
LDFLAGS := -w -s \
	-X $(APP_VERSION).Version=$(VERSION) \
	-X $(APP_VERSION).Commit=$(COMMIT) \
	-X $(SDK_VERSION).Name=alita \
	-X $(SDK_VERSION).AppName=alitad \
	-X $(SDK_VERSION).Version=$(VERSION) \
	-X $(SDK_VERSION).Commit=$(COMMIT) \
	-X $(SDK_VERSION).BuildTags=$(BUILD_TAGS)

FUZZTIME ?= 10s
BENCHTIME ?= 1s
# Blocks for each row, transactions of a block, and the page for the tables: empty
# prints them only.
BENCHRUNS ?= 7
BENCHTXS ?= 5000
BENCHOUT ?= docs/benchmarks.md
PRIVACYOUT ?= docs/security/hostile-suite.md
GO_FILES = $(shell git ls-files --cached --others --exclude-standard '*.go' ':!:*.pb.go' ':!:*.pb.gw.go')

.DEFAULT_GOAL := help

## help: list the targets
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST) | awk -F': ' '{ printf "  %-15s %s\n", $$1, $$2 }'

## build: compile alitad and alita-worker to build/
build:
	@mkdir -p build
	go build -ldflags '$(LDFLAGS)' -o build/ ./cmd/...

## install: compile both binaries to the Go bin directory
install:
	go install -ldflags '$(LDFLAGS)' ./cmd/...

# The packages that link no node, and the rules of the tree: what most changes break first.
CHECK_PACKAGES := ./terms/... ./crypto/... ./light/... ./metering ./rows/... ./sandbox/... ./analysis/... ./programs/... \
	./node/... ./x/datapool/amm ./internal/... ./tests/layout

## check: formatting, vet and short tests of the packages without a node; under a minute once compiled
check: fmt-check
	go vet $(CHECK_PACKAGES)
	go test -short $(CHECK_PACKAGES)

## test: unit, property, integration and end-to-end tests
test: build
	ALITA_BINARIES=$(CURDIR)/build go test -timeout 20m ./...

# The newest Go, under which chain, worker and payer must judge as under the oldest. It is named
# here, and raised by hand when another comes out, so that a build is the same tomorrow as today.
NEWEST_GO ?= go1.27.4
NEWEST_PACKAGES ?= ./terms/... ./x/compute/types ./x/datapool/types ./x/metadata/types

## test-newest-go: tests of terms and types (NEWEST_PACKAGES) under the newest Go, which is downloaded
test-newest-go:
	GOTOOLCHAIN=$(NEWEST_GO) go test $(NEWEST_PACKAGES)

RACE_PACKAGES ?= ./node/... ./sandbox/... ./client/... ./devnet/...

## test-race: tests of what runs concurrently outside of consensus (RACE_PACKAGES), with the race detector; needs a C compiler
test-race:
	go test -race -short -timeout 30m $(RACE_PACKAGES)

## test-e2e: the end-to-end tests and the Go Example on a network, in full
test-e2e: build
	ALITA_BINARIES=$(CURDIR)/build ALITA_E2E=full go test -count=1 -timeout 30m ./tests/e2e/... ./client/consumer

## test-privacy: 1,000 trials of each attack of the hostile suite; its table to PRIVACYOUT (docs/security/hostile-suite.md)
test-privacy:
	ALITA_PRIVACY=full go test -count=1 -v -timeout 120m ./tests/privacy -args $(if $(PRIVACYOUT),-write $(CURDIR)/$(PRIVACYOUT))

## test-tour: play docs/tour.md on the network that the demonstration leaves running
test-tour: build
	ALITA_BINARIES=$(CURDIR)/build ALITA_E2E=full go test -count=1 -v -timeout 20m -run TestTour ./tests/e2e

## picture: draw docs/architecture.svg from its text source (needs Graphviz)
picture:
	dot -Tsvg docs/architecture.dot -o docs/architecture.svg

## test-sim: random transactions of all modules over many blocks
test-sim:
	ALITA_SIM=full go test -count=1 -timeout 60m -run 'Simulation|RandomBlocks|RandomOperations' ./app/ ./tests/integration/ ./x/datapool/amm/

## test-oracle: compare the metering with another WebAssembly engine (downloads it), light with CometBFT and ICS-23
test-oracle:
	cd tests/oracle && go test -count=1 ./...
	cd tests/oracle/light && go test -count=1 ./...

## test-shacl: check exported documents against the shapes of Google and science-on-schema.org (needs Node)
test-shacl:
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	go test ./x/metadata/jsonld -count=1 -run TestWriteExports -args -exports "$$dir" && \
	cd tests/shacl && npm ci --no-audit --no-fund && npm test && node check.mjs "$$dir"

## test-signing: sign every message from Node with CosmJS, direct and amino, and verify on the chain (needs Node)
test-signing:
	cd tests/signing/node && npm ci --no-audit --no-fund --ignore-scripts
	ALITA_NODE=1 go test -count=1 ./tests/signing

## test-ts: types and unit tests of the TypeScript client (needs Node)
test-ts: client/ts/node_modules
	cd client/ts && npm run --silent check && npm test --silent

## fuzz: run every fuzz target for FUZZTIME (10s)
fuzz:
	@./scripts/fuzz.sh $(FUZZTIME)

## bench: the market's messages against a bank send, full blocks, secure sums, prices of instructions, compiling; tables to BENCHOUT (docs/benchmarks.md)
bench:
	go run ./scripts/benchtable -machine $(if $(BENCHOUT),-write $(BENCHOUT) -section machine)
	@out=$$(mktemp) && trap 'rm -f "$$out"' EXIT && \
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) -count 5 ./x/datapool/keeper ./x/datapool/amm > "$$out" && \
	go run ./scripts/benchtable -base Keeper/bank_send $(if $(BENCHOUT),-write $(BENCHOUT)) < "$$out"
	go test -run '^$$' -bench 'Blocks|Pools|SecureSums|BadCommitments|Prices' -benchtime 1x -timeout 60m ./tests/bench \
		-args -runs $(BENCHRUNS) -txs $(BENCHTXS) $(if $(BENCHOUT),-write $(CURDIR)/$(BENCHOUT))
	go test -run '^$$' -bench CompileBomb -benchtime 1x -timeout 60m ./metering $(if $(BENCHOUT),-args -page $(CURDIR)/$(BENCHOUT))

## bench-network: secure sums of 200 owners over four validators' processes; table to BENCHOUT (docs/benchmarks.md)
bench-network: build
	ALITA_BINARIES=$(CURDIR)/build ALITA_E2E=full go test -count=1 -v -timeout 30m -run TestCrowd ./tests/e2e \
		-args $(if $(BENCHOUT),-write $(CURDIR)/$(BENCHOUT))

## bench-all: every benchmark of every package, as Go prints them
bench-all:
	go test -run '^$$' -bench . -benchmem -benchtime $(BENCHTIME) ./...

## vet: report suspicious Go code
vet:
	go vet ./...

## lint: formatting, go vet, the rules of the tree, golangci-lint
lint: fmt-check vet
	go test ./tests/layout
	go tool -modfile=tools/lint/go.mod golangci-lint run

## fmt: format the Go code
fmt:
	go tool -modfile=tools/lint/go.mod golangci-lint fmt

## fmt-check: fail when Go code is not formatted
fmt-check:
	@out=$$(gofmt -l $(GO_FILES)); [ -z "$$out" ] || { echo "not formatted (run make fmt):"; echo "$$out"; exit 1; }

node_modules: package-lock.json
	npm ci --no-audit --no-fund
	@touch node_modules

client/ts/node_modules: client/ts/package-lock.json
	cd client/ts && npm ci --no-audit --no-fund --ignore-scripts
	@touch client/ts/node_modules

third_party/proto: go.mod scripts/proto-deps.sh
	./scripts/proto-deps.sh
	@touch third_party/proto

## proto: format and lint the protobuf files, generate code and the OpenAPI document
proto: node_modules client/ts/node_modules third_party/proto
	npx buf format -w proto
	npx buf lint
	./scripts/protocgen.sh

## proto-check: fail when generated code is not current, or on a breaking change
proto-check: node_modules client/ts/node_modules third_party/proto
	./scripts/proto-check.sh

## proto-baseline: record the interfaces that later changes must not break
proto-baseline: node_modules third_party/proto
	npx buf build proto -o proto/baseline.binpb

## demo: play the life of three data collections on a local network (KEEP=1 leaves it running)
demo: build
	go run ./devnet/demo --build build $(if $(KEEP),--keep) $(DEMO_FLAGS)

## localnet: start a network on this machine (N=1 validators)
localnet: build
	./scripts/localnet.sh

## localnet-stop: end the network that localnet started
localnet-stop:
	./scripts/localnet-stop.sh

CROSS ?= linux/amd64 linux/arm64 android/arm64 darwin/arm64

## cross: compile alita-worker in pure Go for owners' devices (CROSS) to build/
cross:
	@for target in $(CROSS); do \
		echo "alita-worker for $$target"; \
		CGO_ENABLED=0 GOFLAGS="-buildvcs=false -trimpath" GOOS=$${target%/*} GOARCH=$${target#*/} \
			go build -ldflags '$(LDFLAGS)' -o build/alita-worker-$${target%/*}-$${target#*/} ./cmd/alita-worker || exit 1; \
	done

## release: reproducible archives of alitad and, for CROSS, of alita-worker in build/release (SIGN="gpg --detach-sign" signs)
release:
	SIGN='$(SIGN)' ./scripts/release.sh '$(VERSION)' '$(LDFLAGS)' $(CROSS)

## reproducible: make the release in two folders and compare (ONLY=alita-worker leaves the node out)
reproducible:
	ONLY='$(ONLY)' ./scripts/reproducible.sh '$(VERSION)' '$(LDFLAGS)' $(CROSS)

## vuln: known vulnerabilities in what the programs call; asks databases on the network
vuln:
	./scripts/vuln.sh

## clean: remove everything that was made here
clean: localnet-stop
	rm -rf build .gen .localnet .demo third_party

.PHONY: help build install check test test-newest-go test-race test-e2e test-privacy test-tour picture test-sim test-oracle test-shacl test-signing test-ts fuzz bench bench-network bench-all vet lint fmt fmt-check \
	proto proto-check proto-baseline demo localnet localnet-stop release reproducible vuln cross clean
