# A rule by its id, a family, one that covers others, and no rule; all rules are many lines.
$M explain pointer-hand
$M explain encoding
$M explain XPST0003 | head -n 3
$M explain hand; echo "exit code $?"
$M explain pointr-hand; echo "exit code $?"
$M explain | head -n 14
