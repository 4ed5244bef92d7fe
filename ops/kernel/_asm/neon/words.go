package neon

import (
	"fmt"
	"strings"
)

// word is an instruction that Go's assembler lacks: its bits without registers, and Arm's notation, in which d, n and m stand for the
// numbers of the destination and of the two sources. Sources: Arm Architecture Reference Manual for A-profile, chapters C4.1 and C7.2.
//
// Bits 0 to 4 of a word are the destination, 5 to 9 the first source and 16 to 20 the second. In the words for floating point, bit 22 makes
// float64 (.2D) of float32 (.4S).
type word struct {
	bits uint32
	text string
}

const double = 1 << 22

// floating returns the two words of an instruction on floating point numbers.
func floating(bits uint32, name string, sources int) [2]word {
	operands := "Vd.T, Vn.T, Vm.T"
	if sources == 1 {
		operands = "Vd.T, Vn.T"
	}
	text := name + " " + operands
	return [2]word{{bits, strings.ReplaceAll(text, ".T", ".4S")}, {bits | double, strings.ReplaceAll(text, ".T", ".2D")}}
}

var (
	wordFADD  = floating(0x4E20D400, "FADD", 2)
	wordFSUB  = floating(0x4EA0D400, "FSUB", 2)
	wordFMUL  = floating(0x6E20DC00, "FMUL", 2)
	wordFDIV  = floating(0x6E20FC00, "FDIV", 2)
	wordFMAX  = floating(0x4E20F400, "FMAX", 2)
	wordFMIN  = floating(0x4EA0F400, "FMIN", 2)
	wordFCMEQ = floating(0x4E20E400, "FCMEQ", 2)
	wordFCMGE = floating(0x6E20E400, "FCMGE", 2)
	wordFCMGT = floating(0x6EA0E400, "FCMGT", 2)
	wordFSQRT = floating(0x6EA1F800, "FSQRT", 1)

	wordFCVTL  = word{0x0E617800, "FCVTL Vd.2D, Vn.2S"}
	wordFCVTN  = word{0x0E616800, "FCVTN Vd.2S, Vn.2D"}
	wordFADDP  = word{0x7E70D800, "FADDP Dd, Vn.2D"}
	wordCMHS   = word{0x6EA03C00, "CMHS Vd.4S, Vn.4S, Vm.4S"}
	wordUMULL  = word{0x2EA0C000, "UMULL Vd.2D, Vn.2S, Vm.2S"}
	wordUMULL2 = word{0x6EA0C000, "UMULL2 Vd.2D, Vn.4S, Vm.4S"}
	wordNOT    = word{0x6E205800, "MVN Vd.16B, Vn.16B"}
	wordBIC    = word{0x4E601C00, "BIC Vd.16B, Vn.16B, Vm.16B"}
)

// fmlaElement returns the word of Vd += Vn times one lane of Vm. The lane of a float32 is bits H and L (11 and 21), that of a float64 bit H.
func fmlaElement(size, lane int) word {
	if size == 8 {
		return word{0x4FC01000 | uint32(lane)<<11, fmt.Sprintf("FMLA Vd.2D, Vn.2D, Vm.D[%d]", lane)}
	}
	return word{0x4F801000 | uint32(lane>>1)<<11 | uint32(lane&1)<<21, fmt.Sprintf("FMLA Vd.4S, Vn.4S, Vm.S[%d]", lane)}
}

// print returns the line of a word with its registers.
func (w word) print(d, n, m int) string {
	text := strings.NewReplacer("Vd", fmt.Sprint("V", d), "Dd", fmt.Sprint("D", d), "Vn", fmt.Sprint("V", n), "Vm", fmt.Sprint("V", m)).Replace(w.text)
	return fmt.Sprintf("WORD $0x%08x // %s", w.bits|uint32(d)|uint32(n)<<5|uint32(m)<<16, text)
}

// unary and binary add an instruction given by its word.
func (f *Function) unary(w word, d, n Reg) {
	f.code = append(f.code, &instruction{out: []Reg{d}, in: []Reg{n}, droppable: true,
		print: func(number func(Reg) int) string { return w.print(number(d), number(n), 0) }})
}

func (f *Function) binary(w word, d, n, m Reg) {
	f.code = append(f.code, &instruction{out: []Reg{d}, in: []Reg{n, m}, droppable: true,
		print: func(number func(Reg) int) string { return w.print(number(d), number(n), number(m)) }})
}

// update is binary for an instruction that also reads its destination.
func (f *Function) update(w word, d, n, m Reg) {
	f.binary(w, d, n, m)
	i := f.code[len(f.code)-1]
	i.in = append(i.in, d)
}
