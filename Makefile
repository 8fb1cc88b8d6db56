# `make` sets up what is missing, builds, validates TEI/ and exports it to Exports/. `make test` runs all the tests.

PROGRAM := .build/release/marginalia
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: all setup build validate export schema test bench screenshot peers clean

all: validate export

# libxml2's development package is all that is needed besides the Swift toolchain.
setup:
	@command -v swift >/dev/null || { echo "The Swift toolchain (6.2 or later) is missing: see https://www.swift.org/install" >&2; exit 2; }
	@pkg-config --exists libxml-2.0 2>/dev/null || [ -f /usr/include/libxml2/libxml/parser.h ] || \
	if command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then \
		$(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q --no-install-recommends libxml2-dev pkg-config; \
	elif command -v brew >/dev/null; then brew install libxml2 pkgconf; \
	else echo "libxml2's headers are missing. Type: apt-get install libxml2-dev pkg-config (as root), or your system's like" >&2; exit 2; fi

build: setup
	swift build -c release --product marginalia

validate: build
	$(PROGRAM) validate TEI Tests/Everything.xml

export: build
	rm -rf Exports
	$(PROGRAM) export --to text --to json --to html --policy all -o Exports TEI

# The XML syntax is generated from the compact one, by Trang.
schema: peers
	trang Schemas/marginalia.rnc Schemas/marginalia.rng

# Other programs that the tests compare with; a test that misses one is reported as skipped, by name.
peers:
	@set -e; missing=; \
	for need in jing:jing trang:trang xmllint:libxml2-utils tidy:tidy; do \
		command -v $${need%%:*} >/dev/null || missing="$$missing $${need##*:}"; done; \
	/usr/bin/python3 -c 'import jsonschema' 2>/dev/null || missing="$$missing python3-jsonschema"; \
	if [ -n "$$missing" ]; then $(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q --no-install-recommends $$missing; fi

test: build
	swift build --build-tests
	swift test --skip-build

bench: build
	Benchmarks/bench.sh

# The README's picture; needs Chromium.
screenshot: export
	docs/screenshot.sh Exports/07-lake-memo-enlargement/reading.html

clean:
	rm -rf .build
