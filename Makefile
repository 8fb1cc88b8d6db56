# `make` sets up what is missing, builds, validates TEI/ and exports it to Exports/. `make test` runs all the tests.

# One release build serves everything: what `make` builds is what is tested and measured. The tests reach what is internal, and no time is spent on
# debug information, which the debug build has.
OPTIONS := -c release -Xswiftc -enable-testing -Xswiftc -gnone
RELEASE := swift build $(OPTIONS)
PROGRAM := .build/release/marginalia
PYTHON := .peers/python
# Where `make install` puts things; DESTDIR goes before it, for packagers.
PREFIX ?= /usr/local
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)

.PHONY: all setup build benchmark validate export exports install uninstall dist schema test qt3 oracle fuzz bench bench-corpus \
	format lint messages screenshot peers clean

all: validate export

# The development packages of libxml2, SQLite, toml++ and civetweb are all that is needed besides the Swift toolchain; curl is for `marginalia schema add` alone.
setup:
	@command -v swift >/dev/null || { echo "The Swift toolchain (6.2 or later) is missing: see https://www.swift.org/install" >&2; exit 2; }
	@{ pkg-config --exists libxml-2.0 sqlite3 tomlplusplus && [ -f /usr/include/civetweb.h ]; } 2>/dev/null || \
	{ [ -f /usr/include/libxml2/libxml/parser.h ] && [ -f /usr/include/sqlite3.h ] && [ -f /usr/include/toml++/toml.h ] && [ -f /usr/include/civetweb.h ]; } || \
	if command -v apt-get >/dev/null && { [ "$$(id -u)" = 0 ] || command -v sudo >/dev/null; }; then \
		$(SUDO) apt-get update -q && $(SUDO) apt-get install -y -q --no-install-recommends libxml2-dev libsqlite3-dev libtomlplusplus-dev libcivetweb-dev pkg-config curl; \
	elif command -v brew >/dev/null; then brew install libxml2 sqlite tomlplusplus civetweb pkgconf; \
	else echo "Headers of libxml2, SQLite, toml++ or civetweb are missing. Type: apt-get install libxml2-dev libsqlite3-dev libtomlplusplus-dev libcivetweb-dev pkg-config (as root), or your system's like" >&2; exit 2; fi

build: setup
	$(RELEASE) --product marginalia

validate: build
	$(PROGRAM) validate TEI Tests/Everything.xml

export: build
	rm -rf Exports
	@$(MAKE) --no-print-directory exports

# The exports of the documents in TEI/, to Exports/ in the working folder. Annotations and tables are much the same for each policy, and are made for
# two; an apparatus is for texts with witnesses.
exports:
	$(PROGRAM) export $$($(PROGRAM) formats export | cut -f 1 | grep -vxE 'annotations|marks|variants|apparatus' | sed 's/^/--to /') \
		--policy all -o Exports TEI
	$(PROGRAM) export --to annotations --to marks --to variants --policy reading --policy diplomatic -o Exports TEI
	@$(PROGRAM) formats compare | while read as ending; do \
		$(PROGRAM) compare TEI/03-*.xml TEI/06-*.xml --siglum paper-3 --siglum paper-6 --to $$as -o Exports/collations/papers-3-and-6.$$ending && \
		$(PROGRAM) compare TEI/14-*.xml --policy witnesses --to $$as -o Exports/collations/quotations-in-14.$$ending || exit; done

$(PROGRAM):
	$(MAKE) build

# The program, its man page, completions for bash, zsh and fish, and the documentation. `make` first, then `sudo make install`.
install: $(PROGRAM)
	Packaging/stage.sh $(PROGRAM) "$(DESTDIR)$(PREFIX)"

uninstall:
	rm -f "$(DESTDIR)$(PREFIX)/bin/marginalia" "$(DESTDIR)$(PREFIX)/share/man/man1/marginalia.1" \
		"$(DESTDIR)$(PREFIX)/share/bash-completion/completions/marginalia" \
		"$(DESTDIR)$(PREFIX)/share/zsh/site-functions/_marginalia" \
		"$(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/marginalia.fish"
	rm -rf "$(DESTDIR)$(PREFIX)/share/doc/marginalia"

# For machines without Swift: a tar and a Debian package, in .build/dist.
dist: build
	Packaging/dist.sh $(PROGRAM) .build/dist

# The XML syntax is generated from the compact one, by Trang.
schema: peers
	trang Schemas/marginalia.rnc Schemas/marginalia.rng

# Other programs that the tests compare with; a test that misses one is reported as skipped, by name.
peers:
	Tests/peers.sh

# All tests run in the release build. The debug build checks how memory is read by hand: it repeats the tests of the libraries that do so (up to
# Validation), with damaged input, and names each test that it skips (`.inRelease`). It has its own folder, since it leaves parts of the package out.
test: build
	Tests/run.sh release $(OPTIONS)
	MARGINALIA_UNITS=1 Tests/run.sh debug --scratch-path .build/units
	@command -v python3 >/dev/null || exit 0; python3 Tests/slowest.py .build/release-tests*.jsonl; python3 Tests/slowest.py .build/debug-tests*.jsonl

# The W3C's test suite for XPath: figures for each test set, and what fails.
qt3:
	$(RELEASE) --product qt3
	.build/release/qt3 --failures

# 10,000 mutants of real documents: what Jing says of each, and what we say; and TEI's schema in both syntaxes.
oracle:
	$(RELEASE) --product jing-oracle
	.build/release/jing-oracle
	.build/release/jing-oracle --same ../shared/data/tei/tei_all-3.1.0.rnc ../shared/data/tei/tei_all-3.1.0.rng

# Ten minutes of each reader, guided by coverage; the inputs that took new ways are kept as tests.
fuzz:
	Tests/Fuzz/fuzz.sh $(FUZZ_TIME)

benchmark: setup
	$(RELEASE) --product benchmark

# All benches as one report: docs/performance.md. It takes ten minutes, and 3 GB of disk.
bench: build
	Benchmarks/report.py $(addprefix Benchmarks/,bench.sh whole.sh validation.sh xpath.sh export.sh collation.sh editing.sh huge.sh)

# Whole runs over 80,000 files, which are made for it.
bench-corpus: build
	Benchmarks/corpus.sh

# All Swift sources are formatted as .swift-format says; .ci/run fails where they are not.
SOURCES := Sources Tests Benchmarks Package.swift
format:
	swift format --in-place --recursive --parallel $(SOURCES)

lint:
	swift format lint --strict --recursive --parallel $(SOURCES)

# The messages of encoders' mistakes, beside those of Jing and xmllint.
messages: build
	docs/messages.sh

# The README's pictures; needs Chromium.
screenshot: peers export
	$(PYTHON)/bin/python docs/screenshot.py Exports/07-lake-memo-enlargement.html docs/marginalia.png
	$(PROGRAM) export --to html -o .build/screenshot Tests/Everything.xml
	$(PYTHON)/bin/python docs/screenshot.py '.build/screenshot/Everything.html#beside=diplomatic' docs/beside.png p-invented

clean:
	rm -rf .build
