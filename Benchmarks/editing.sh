#!/usr/bin/env bash
# Measures the language server as an editor waits for it, and the first list of Emacs' nXML mode beside it.
#
#   Benchmarks/editing.sh [CHANGES]
set -u
cd "$(dirname "$0")/.."
. Benchmarks/common.sh
program=$(dirname "$benchmark")/marginalia
export XDG_CACHE_HOME=$folder/cache
python3 Benchmarks/editing.py "$program" "${1:-100}"
if command -v chromium >/dev/null && .peers/python/bin/python -c 'import playwright' 2>/dev/null; then
    .peers/python/bin/python Benchmarks/previewing.py "$program"
fi
nxml=
if command -v emacs >/dev/null; then
    python3 Benchmarks/editing.py --memo 1000000 >"$folder/memo.xml"
    nxml=$(emacs --batch -Q -l Benchmarks/editing.el Schemas/marginalia.rnc "$folder/memo.xml" 2>/dev/null)
fi
echo "The first list of Emacs' nXML mode, 1 MB: ms of wall time"
row "nXML, with the start of Emacs' mode" "${nxml%% *}" "${nxml##* } elements are offered"
