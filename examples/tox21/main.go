// Command tox21 trains self-normalizing networks on the Tox21 Data Challenge: twelve toxicity assays of 12,707 compounds,
// with the challenge's own test set. The compounds are part of the program: it needs no files and no network.
//
//	go run ./examples/tox21
//	go run ./examples/tox21 -out model.safetensors -json r.json
//	go run ./examples/tox21 -ensemble seeds:5
//	go run ./examples/tox21 -features ecfp-sparse            # 38,281 substructures as sparse rows
//	go run ./examples/tox21 -data DIR                        # the published files instead, from a folder
//	go run ./examples/tox21 -explain "O=[N+]([O-])c1ccc(Cl)cc1" -task SR.ATAD5 -drawing atoms.svg -model model.safetensors
//	go run ./examples/tox21 -predict "CC(=O)Oc1ccccc1C(=O)O" -model model.safetensors
package main

import (
	"context"
	"io"

	"github.com/selfnorm/selfnorm/examples/internal/program"
)

func main() { program.Main(run) }

// run runs the program and returns its exit code; see program.Main.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	o, code := parseFlags(args, stderr)
	if code >= 0 {
		return code
	}
	return program.Exit("tox21", o.action(ctx, o, stdout), stderr)
}
