package neon

import (
	"strings"
	"testing"
)

// TestWords compares instructions with words that GNU's assembler makes of them.
func TestWords(t *testing.T) {
	for _, c := range []struct {
		word    word
		d, n, m int
		want    string
	}{
		{wordFADD[0], 0, 1, 2, "WORD $0x4e22d420 // FADD V0.4S, V1.4S, V2.4S"},
		{wordFADD[1], 31, 30, 29, "WORD $0x4e7dd7df // FADD V31.2D, V30.2D, V29.2D"},
		{wordFSUB[0], 3, 4, 5, "WORD $0x4ea5d483 // FSUB V3.4S, V4.4S, V5.4S"},
		{wordFMUL[1], 3, 4, 5, "WORD $0x6e65dc83 // FMUL V3.2D, V4.2D, V5.2D"},
		{wordFDIV[0], 3, 4, 5, "WORD $0x6e25fc83 // FDIV V3.4S, V4.4S, V5.4S"},
		{wordFMAX[0], 3, 4, 5, "WORD $0x4e25f483 // FMAX V3.4S, V4.4S, V5.4S"},
		{wordFMIN[0], 3, 4, 5, "WORD $0x4ea5f483 // FMIN V3.4S, V4.4S, V5.4S"},
		{wordFCMEQ[0], 3, 4, 5, "WORD $0x4e25e483 // FCMEQ V3.4S, V4.4S, V5.4S"},
		{wordFCMGE[0], 3, 4, 5, "WORD $0x6e25e483 // FCMGE V3.4S, V4.4S, V5.4S"},
		{wordFCMGT[0], 3, 4, 5, "WORD $0x6ea5e483 // FCMGT V3.4S, V4.4S, V5.4S"},
		{wordFSQRT[1], 3, 4, 0, "WORD $0x6ee1f883 // FSQRT V3.2D, V4.2D"},
		{wordFCVTL, 3, 4, 0, "WORD $0x0e617883 // FCVTL V3.2D, V4.2S"},
		{wordFCVTN, 3, 4, 0, "WORD $0x0e616883 // FCVTN V3.2S, V4.2D"},
		{wordFADDP, 3, 4, 0, "WORD $0x7e70d883 // FADDP D3, V4.2D"},
		{wordCMHS, 3, 4, 5, "WORD $0x6ea53c83 // CMHS V3.4S, V4.4S, V5.4S"},
		{wordUMULL, 3, 4, 5, "WORD $0x2ea5c083 // UMULL V3.2D, V4.2S, V5.2S"},
		{wordUMULL2, 3, 4, 5, "WORD $0x6ea5c083 // UMULL2 V3.2D, V4.4S, V5.4S"},
		{wordNOT, 3, 4, 0, "WORD $0x6e205883 // MVN V3.16B, V4.16B"},
		{wordBIC, 3, 4, 5, "WORD $0x4e651c83 // BIC V3.16B, V4.16B, V5.16B"},
		{fmlaElement(4, 3), 0, 30, 24, "WORD $0x4fb81bc0 // FMLA V0.4S, V30.4S, V24.S[3]"},
		{fmlaElement(4, 2), 0, 30, 24, "WORD $0x4f981bc0 // FMLA V0.4S, V30.4S, V24.S[2]"},
		{fmlaElement(8, 1), 0, 30, 24, "WORD $0x4fd81bc0 // FMLA V0.2D, V30.2D, V24.D[1]"},
	} {
		if got := c.word.print(c.d, c.n, c.m); got != c.want {
			t.Errorf("%s, want %s", got, c.want)
		}
	}
}

// sum is a function whose registers must not get in each other's way: four sums over a loop, and a copy that is none.
func sum(values int) *Function {
	f := (&File{}).Function("sum", "func(x []float32, n int)")
	p, n := f.LoadArg(f.Base("x")), f.LoadArg(f.Param("n"))
	var sums []Reg
	for range values {
		v := f.Vec()
		f.Zero(v)
		sums = append(sums, v)
	}
	f.Label("loop")
	for _, v := range sums {
		x, y := f.Vec(), f.Vec()
		f.Load(16, x, p, 0)
		f.Move(y, x)
		f.FMul(4, y, y, y)
		f.FAdd(4, v, v, y)
	}
	f.SubFlags(n, n, 1)
	f.Branch("NE", "loop")
	for _, v := range sums {
		f.Store(16, v, p, 0)
	}
	f.Return()
	return f
}

// TestAllocate: registers that are alive together differ, none is reserved, copies of what is not needed any more disappear, and more values than
// registers are refused.
func TestAllocate(t *testing.T) {
	var s strings.Builder
	f := sum(31)
	f.print(&s)
	text := s.String()
	if strings.Contains(text, "VMOV V") {
		t.Error("a copy is left")
	}
	stored := map[string]bool{}
	for line := range strings.Lines(text) {
		if strings.Contains(line, "FMOVQ F") {
			stored[line] = true
		}
	}
	if len(stored) != 31 {
		t.Errorf("%d sums in registers of their own, want 31", len(stored))
	}
	for _, r := range []string{"R16", "R17", "R18", "R27", "R28", "R29", "R30"} {
		if strings.Contains(text, r) {
			t.Errorf("%s is reserved", r)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("33 values in 32 registers are no error")
		}
	}()
	sum(32).print(&s)
}
