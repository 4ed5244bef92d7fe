// Command elements generates the assembly below the activations, noise, optimizers, column statistics and losses,
// for one instruction set. With -set smooth or sparse it generates that of the further activations or of the sums of rows in a file of its own.
//
// The same operations in the same order make both instruction sets. Sums run along columns, or lane by lane.
package main

import (
	"flag"

	"github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"

	. "github.com/selfnorm/selfnorm/ops/kernel/_asm/machine"
)

func main() {
	name := flag.String("isa", "avx512", "instruction set: avx512, avx2 or neon")
	set := flag.String("set", "elements", "functions: elements, smooth or sparse")
	flag.Parse()
	build.ConstraintExpr("!purego")
	t := &isa{suffix: "AVX512", wide: true, data: map[string]Mem{}}
	switch *name {
	case "avx2":
		t.suffix, t.wide = "AVX2", false
	case "neon":
		t.suffix, t.wide, t.neon = "NEON", false, true
		UseNEON()
	}
	switch *set {
	case "smooth":
		t.smooth()
		t.parametric()
		t.hard()
		Generate("elements")
		return
	case "sparse":
		t.sparse()
		Generate("elements")
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
	Generate("elements")
}
