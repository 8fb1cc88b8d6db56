#!/bin/sh
# Takes the README's picture of one page: docs/screenshot.sh PAGE.html [PICTURE.png]
# Needs Chromium; CHROMIUM names another one.
set -eu

page=$(realpath "${1:?usage: docs/screenshot.sh PAGE.html [PICTURE.png]}")
picture=$(realpath "${2:-$(dirname "$0")/marginalia.png}")

# Chromium refuses its sandbox to the superuser.
sandbox=
[ "$(id -u)" -ne 0 ] || sandbox=--no-sandbox

"${CHROMIUM:-chromium}" --headless=new $sandbox --hide-scrollbars --blink-settings=preferredColorScheme=1 \
    --force-device-scale-factor=1.5 --window-size=1200,1480 --screenshot="$picture" "file://$page"
