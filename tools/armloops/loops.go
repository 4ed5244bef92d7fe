package main

import (
	"fmt"
	"slices"
	"strings"
)

// instruction is an instruction of arm64.
type instruction struct {
	address uint64
	word    uint32
}

// is reports whether the bits of a mask are those given.
func (i instruction) is(mask, bits uint32) bool { return i.word&mask == bits }

// multiplyAdd reports whether the instruction multiplies and adds, vectors by vectors or by an element, or float32 or float64 alone. A product
// alone counts: another instruction adds it.
func (i instruction) multiplyAdd() bool {
	return i.is(0xFFA0FC00, 0x4E20CC00) || i.is(0xFF80F400, 0x4F801000) || // FMLA of vectors
		i.is(0xFF208000, 0x1F000000) || i.is(0xFF20FC00, 0x1E200800) // FMADD, FMUL
}

// loads returns the number of registers that the instruction loads; prefetching is no load.
func (i instruction) loads() int {
	switch {
	case i.is(0xFFC00000, 0xF9800000): // PRFM
		return 0
	case i.is(0x3A400000, 0x28400000): // LDP
		return 2
	case i.is(0x3A400000, 0x38400000), i.is(0xBF9F0000, 0x0D400000): // LDR, LD1 of one element
		return 1
	}
	return 0
}

// target returns where a conditional or unconditional branch leads.
func (i instruction) target() (address uint64, ok bool) {
	offset := func(low, bits int) uint64 {
		return uint64(int64(i.word)<<(64-low-bits)>>(64-bits)) << 2
	}
	switch {
	case i.is(0xFF000010, 0x54000000), i.is(0x7E000000, 0x34000000): // B.cond, CBZ and CBNZ
		return i.address + offset(5, 19), true
	case i.is(0x7E000000, 0x36000000): // TBZ and TBNZ
		return i.address + offset(5, 14), true
	case i.is(0xFC000000, 0x14000000): // B
		return i.address + offset(0, 26), true
	}
	return 0, false
}

// loop is a loop without another one inside: its instructions, those that multiply and add, registers that it loads, and instructions that load them.
type loop struct {
	instructions, multiplyAdds, registers, loads int
}

// innermost returns the loops without another one inside that multiply and add.
func innermost(code []instruction) (loops []loop) {
	start := 0 // of the next loop at the earliest
	for end, i := range code {
		to, ok := i.target()
		if !ok || to > i.address {
			continue
		}
		first, found := slices.BinarySearchFunc(code, to, func(i instruction, to uint64) int { return int(i.address) - int(to) })
		if !found || first < start {
			continue
		}
		start = end + 1
		l := loop{instructions: end + 1 - first}
		for _, j := range code[first : end+1] {
			if j.multiplyAdd() {
				l.multiplyAdds++
			}
			if n := j.loads(); n > 0 {
				l.loads++
				l.registers += n
			}
		}
		if l.multiplyAdds > 0 {
			loops = append(loops, l)
		}
	}
	return loops
}

// longest returns the loops with the most multiply-adds.
func longest(loops []loop) (most []loop) {
	for _, l := range loops {
		if len(most) > 0 && l.multiplyAdds > most[0].multiplyAdds {
			most = nil
		}
		if len(most) == 0 || l.multiplyAdds == most[0].multiplyAdds {
			most = append(most, l)
		}
	}
	return most
}

// core holds the most that a processor does in a cycle.
type core struct{ pipes, instructions, loads float64 }

// The widest cores of Apple and Arm, those of the middle, and the small ones that execute in order.
var cores = []core{{4, 8, 3}, {2, 4, 2}, {1, 2, 1}}

// share returns the share of the time in which the pipes of a core multiply and add, at most.
func (l loop) share(c core) float64 {
	busy := float64(l.multiplyAdds) / c.pipes
	return busy / max(busy, float64(l.instructions)/c.instructions, float64(l.loads)/c.loads, float64(l.registers)/c.loads)
}

// row returns the i-th loop of a routine as a row of the table.
func (l loop) row(r routine, i int) string {
	name, n := r.name, float64(l.multiplyAdds)
	if strings.HasPrefix(name, "tiles") {
		name += [...]string{", A by rows", ", A by columns"}[i]
	}
	s := fmt.Sprintf("| %s | %d | %d | %.2f | %d | %.2f | %.2f |", name, l.multiplyAdds*r.lanes, l.instructions,
		float64(l.instructions)/(n*float64(r.lanes)), l.multiplyAdds, float64(l.registers)/n, float64(l.loads)/n)
	for _, c := range cores {
		s += fmt.Sprintf(" %.0f %% |", 100*l.share(c)*float64(r.lanes)/float64(r.most))
	}
	return s
}
