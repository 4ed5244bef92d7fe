// Command elements generates the assembly below the activations, noise, optimizers, column statistics and losses,
// for one instruction set. With -set smooth or sparse it generates that of the further activations or of the sums of rows in a file of its own.
//
// The same operations in the same order make both instruction sets. Sums run along columns, or lane by lane.
package main

import (
	"flag"

	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
)

func main() {
	name := flag.String("isa", "avx512", "instruction set: avx512 or avx2")
	set := flag.String("set", "elements", "functions: elements, smooth or sparse")
	flag.Parse()
	ConstraintExpr("!purego")
	t := &isa{suffix: "AVX512", wide: true, data: map[string]Mem{}}
	if *name == "avx2" {
		t.suffix, t.wide = "AVX2", false
	}
	switch *set {
	case "smooth":
		t.smooth()
		t.parametric()
		t.hard()
		Generate()
		return
	case "sparse":
		t.sparse()
		Generate()
		return
	}
	t.activations()
	t.gates()
	t.drop()
	t.optimizers()
	t.statistics()
	t.losses()
	t.weightNorm()
	t.layerNorm()
	Generate()
}
