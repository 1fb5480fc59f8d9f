# extraeye needs Go and Node; "make all" needs Python, Java, Maven and Chromium, too.
# For variables of the go command, see "go help environment".

FUZZTIME ?= 2m

## make        format, lint, and run the fast tests
.PHONY: check
check: fmt lint short

## make fmt    format the code and go.mod
.PHONY: fmt
fmt:
	.ci/golangci-lint fmt
	go mod tidy

## make lint   look for mistakes
.PHONY: lint
lint:
	.ci/golangci-lint run

## make short  run the tests that neither compile nor synthesize
.PHONY: short
short:
	go test -short ./...

## make test   run all tests
.PHONY: test
test:
	go test ./...

## make all    do what CI does
.PHONY: all
all:
	.ci/run

## make bench  measure start-up, deliveries and synthesis side by side, for docs/performance.md
.PHONY: bench
bench:
	go test -run '^$$' -bench . -timeout 2h ./bench -write

## make fuzz   fuzz every target for two minutes, or as long as you say: make fuzz FUZZTIME=1m
.PHONY: fuzz
fuzz:
	.ci/fuzz $(FUZZTIME)

## make baseline  keep today's golden templates as those of a release: make baseline RELEASE=v0.1.0
RELEASE ?= unreleased
releases := constructs/extraeye/testdata/releases
.PHONY: baseline
baseline:
	mkdir -p $(releases)/$(RELEASE)
	cp constructs/extraeye/testdata/*.template.json $(releases)/$(RELEASE)
	for t in $(releases)/$(RELEASE)/*.template.json; do : >> $${t%.template.json}.changes.txt; done
	go test ./constructs/extraeye -run Upgrades -update

## make mutation  change the code in many ways, and see whether a test fails; hours for all packages
MUTATED ?= internal/eventpattern lambda/event lambda/evidence constructs
.PHONY: mutation
mutation:
	for dir in $(MUTATED); do GOFLAGS=-count=1 go run github.com/go-gremlins/gremlins/cmd/gremlins@v0.6.0 unleash --timeout-coefficient 20 ./$$dir; done

## make help   print this
.PHONY: help
help:
	@sed -n 's/^## //p' Makefile
