#!/usr/bin/env bash
# Makes the pictures of docs/explanations.md and docs/serving.md anew: docs/explanations/pictures.sh MODEL, a file of examples/tox21. Needs chromium.
set -euo pipefail
model=$(realpath "${1:?pictures.sh MODEL}")
cd "$(dirname "$0")/../.."
to=docs/explanations
explain() { go run ./examples/tox21 -explain "$1" -task "$2" -model "$model" -drawing "$to/$3.svg"; }
explain "O=[N+]([O-])c1ccc2c(c1)-c1ccccc1C2" SR.MMP nitroaromatic
explain "CC12CCC3C(CCC4=CC(=O)CCC34C)C1CCC2O" NR.AR steroid
explain "CCCCCCCCCCCCCCCC[n+]1ccccc1.[Cl-]" SR.MMP salt
work=$(mktemp -d)
go build -o "$work" ./examples/serve
"$work/serve" -model "$model" -listen 127.0.0.1:8095 &
service=$!
trap 'kill $service; rm -r "$work"' EXIT
ask() { curl -sf --retry 5 --retry-connrefused http://127.0.0.1:8095/explain -d '{"smiles": "C"}'; }
while answer=$(ask) && [[ $answer == *'"pending"'* ]]; do :; done # an answer waits some seconds for the training compounds
chromium --headless --no-sandbox --hide-scrollbars --virtual-time-budget=20000 --window-size=1000,1110 --screenshot="$to/page.png" \
  "http://127.0.0.1:8095/#smiles=O%3D%5BN%2B%5D(%5BO-%5D)c1ccc2c(c1)-c1ccccc1C2"
