package main

import "testing"

// TestInnermost: of two nested loops the inner one counts, with its multiply-adds, and a pair of registers counts twice.
func TestInnermost(t *testing.T) {
	words := []uint32{
		0xD2800000, // MOVD $0, R0
		0xAD400000, // outer: FLDPQ (R0), (F0, F0)
		0xAD400800, // inner: FLDPQ (R0), (F0, F2)
		0x3DC00001, // FMOVQ (R0), F1
		0xF9800020, // PRFM (R1), PLDL1KEEP
		0x4F9813C0, // FMLA V0.4S, V30.4S, V24.S[0]
		0x4E22CC20, // VFMLA V2.S4, V1.S4, V0.S4
		0x4E22D420, // FADD V0.4S, V1.4S, V2.4S
		0xF1000421, // SUBS $1, R1, R1
		0x54FFFF21, // BNE inner
		0x54FFFEE1, // BNE outer
		0xD65F03C0, // RET
	}
	var code []instruction
	for i, w := range words {
		code = append(code, instruction{0x1000 + 4*uint64(i), w})
	}
	got := innermost(code)
	want := loop{instructions: 8, multiplyAdds: 2, registers: 3, loads: 2}
	if len(got) != 1 || got[0] != want {
		t.Errorf("loops %+v, want %+v", got, want)
	}
	if s := want.share(core{1, 2, 1}); s != 0.5 {
		t.Errorf("a share of %g, want 0.5: four cycles start eight instructions, two of them FMLA", s)
	}
}
