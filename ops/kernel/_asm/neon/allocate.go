package neon

import (
	"fmt"
	"math/bits"
)

// generalPurpose are the registers that a function may use. R16 and R17 belong to the linker, R18 to the platform, R27 to R30 to Go: they hold the
// assembler's temporary, the goroutine, the frame and the return address.
var generalPurpose = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 19, 20, 21, 22, 23, 24, 25, 26}

var vectorRegisters = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31}

// set is a set of registers.
type set []uint64

func (s set) add(r Reg)      { s[r.id/64] |= 1 << (r.id % 64) }
func (s set) remove(r Reg)   { s[r.id/64] &^= 1 << (r.id % 64) }
func (s set) has(r Reg) bool { return s[r.id/64]>>(r.id%64)&1 != 0 }

// join adds the registers of another set and reports whether there was a new one.
func (s set) join(o set) (grew bool) {
	for i, w := range o {
		grew = grew || w&^s[i] != 0
		s[i] |= w
	}
	return grew
}

// each calls f with every register of the set.
func (s set) each(f func(id int)) {
	for i, w := range s {
		for ; w != 0; w &= w - 1 {
			f(64*i + bits.TrailingZeros64(w))
		}
	}
}

func (f *Function) newSet() set { return make(set, f.registers/64+1) }

// live returns, for each instruction, the registers whose values are used after it.
func (f *Function) live() []set {
	labels := map[string]int{}
	for i, c := range f.code {
		if c.label != "" {
			labels[c.label] = i
		}
	}
	before, after := make([]set, len(f.code)+1), make([]set, len(f.code))
	for i := range before {
		before[i] = f.newSet()
	}
	for i := range after {
		after[i] = f.newSet()
	}
	for changed := true; changed; {
		changed = false
		for i := len(f.code) - 1; i >= 0; i-- {
			c := f.code[i]
			if !c.always && !c.end {
				after[i].join(before[i+1])
			}
			if c.to != "" {
				target, ok := labels[c.to]
				if !ok {
					panic(fmt.Sprintf("%s: no label %s", f.name, c.to))
				}
				after[i].join(before[target])
			}
			need := f.newSet()
			copy(need, after[i])
			for _, r := range c.out {
				need.remove(r)
			}
			for _, r := range c.in {
				need.add(r)
			}
			changed = before[i].join(need) || changed
		}
	}
	before[0].each(func(id int) { panic(fmt.Sprintf("%s: register %d is used before it is set", f.name, id)) })
	return after
}

// prune removes instructions whose results nobody uses.
func (f *Function) prune() {
	for {
		after, kept := f.live(), f.code[:0:0]
		for i, c := range f.code {
			used := !c.droppable
			for _, r := range c.out {
				used = used || after[i].has(r)
			}
			if used {
				kept = append(kept, c)
			}
		}
		if len(kept) == len(f.code) {
			return
		}
		f.code = kept
	}
}

// conflicts returns, for each register, those that hold another value while it holds one.
func (f *Function) conflicts() []set {
	after, graph := f.live(), make([]set, f.registers+1)
	for i := range graph {
		graph[i] = f.newSet()
	}
	vectors := f.newSet()
	for _, c := range f.code {
		for _, r := range c.out {
			if r.vector {
				vectors.add(r)
			}
		}
	}
	for i, c := range f.code {
		for _, r := range c.out {
			others := f.newSet()
			copy(others, after[i])
			for _, o := range c.out {
				others.add(o)
			}
			others.remove(r)
			if c.move {
				others.remove(c.in[0])
			}
			others.each(func(id int) {
				if vectors.has(Reg{id: id}) == r.vector {
					graph[r.id].add(Reg{id: id})
					graph[id].add(r)
				}
			})
		}
	}
	return graph
}

// allocate returns the number of the machine's register for each register, by identifier.
func (f *Function) allocate() []int {
	f.prune()
	same := f.coalesce()
	graph, numbers := f.conflicts(), make([]int, f.registers+1)
	for i := range numbers {
		numbers[i] = -1
	}
	for _, c := range f.code {
		for _, r := range c.out {
			if numbers[r.id] < 0 {
				numbers[r.id] = f.choose(r, graph[r.id], numbers)
			}
		}
	}
	for id := range numbers {
		numbers[id] = numbers[root(same, id)]
	}
	return numbers
}

// choose returns a register of the machine that no conflicting register has.
func (f *Function) choose(r Reg, others set, numbers []int) int {
	taken := map[int]bool{}
	others.each(func(id int) { taken[numbers[id]] = true })
	candidates := generalPurpose
	if r.vector {
		candidates = vectorRegisters
	}
	for _, n := range candidates {
		if !taken[n] {
			return n
		}
	}
	panic(fmt.Sprintf("%s: out of registers (vector: %v)", f.name, r.vector))
}

// coalesce makes one register of the two of a copy where their values never conflict, and removes the copy. It returns the register that each
// has become.
func (f *Function) coalesce() (same []int) {
	same = make([]int, f.registers+1)
	for i := range same {
		same[i] = i
	}
	graph := f.conflicts()
	for _, c := range f.code {
		if !c.move {
			continue
		}
		x, y := root(same, c.out[0].id), root(same, c.in[0].id)
		if x == y || graph[x].has(Reg{id: y}) {
			continue
		}
		same[x] = y
		graph[x].each(func(id int) {
			graph[y].add(Reg{id: id})
			graph[id].add(Reg{id: y})
		})
	}
	kept := f.code[:0:0]
	for _, c := range f.code {
		c.in, c.out = renamed(c.in, same), renamed(c.out, same)
		if !c.move || c.in[0] != c.out[0] {
			kept = append(kept, c)
		}
	}
	f.code = kept
	return same
}

func renamed(registers []Reg, same []int) (r []Reg) {
	for _, x := range registers {
		x.id = root(same, x.id)
		r = append(r, x)
	}
	return r
}

func root(same []int, id int) int {
	for same[id] != id {
		id = same[id]
	}
	return id
}
