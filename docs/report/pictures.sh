#!/usr/bin/env bash
# Makes the pictures of docs/report.md anew: docs/report/pictures.sh. Needs chromium.
set -euo pipefail
cd "$(dirname "$0")/../.."
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
go run ./examples/tox21 -q -report "$tmp/page.html" >"$tmp/log"
# shot FILE PICTURE WIDTH HEIGHT [FLAG]
shot() {
  chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$tmp/browser" ${5:+"$5"} \
    --window-size="$3,$4" --screenshot="$tmp/$2" "file://$tmp/$1" 2>"$tmp/browser.log"
}
# cut SHOT PICTURE X Y WIDTH HEIGHT
cut() { go -C tools run ./picture "$tmp/$1" "$PWD/docs/report/$2" "${@:3}"; }
shot page.html wide.png 1280 3400
cut wide.png results.png 0 177 1280 1085
cut wide.png layers.png 0 1660 1280 1180
# A window cannot be as narrow as a phone, so two frames of 390 pixels stand in one, the second one further down.
echo "<body style='margin:0;display:flex;overflow:hidden'><iframe src=page.html style='border:0;flex:none;width:390px;height:1300px'></iframe>
<iframe src=page.html style='border:0;flex:none;width:390px;height:5000px;margin-top:-1050px'></iframe>" >"$tmp/phone.html"
shot phone.html phone.png 780 1300 --blink-settings=preferredColorScheme=0
cut phone.png phone.png 0 0 780 1300
