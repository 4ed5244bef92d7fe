package neon

import (
	"fmt"

	"github.com/mmcloughlin/avo/gotypes"
	"github.com/mmcloughlin/avo/operand"
)

// Reg is a register yet to be chosen. The zero value is none.
type Reg struct {
	id     int
	vector bool
}

// File is a file of assembly.
type File struct {
	functions []*Function
	tables    []*table
}

// table is static data.
type table struct {
	name  string
	words []uint32
}

// Table returns the name of static data, which it adds unless the file has it.
func (f *File) Table(name string, words ...uint32) string {
	for _, t := range f.tables {
		if t.name == name {
			return name
		}
	}
	f.tables = append(f.tables, &table{name, words})
	return name
}

// Function is a function in the making.
type Function struct {
	file      *File
	name      string
	text      string // of the signature
	signature *gotypes.Signature
	code      []*instruction
	registers int
	labels    int
	frame     int // bytes of local memory
}

// instruction is an instruction or a label.
type instruction struct {
	print     func(number func(Reg) int) string
	in, out   []Reg
	label     string // unless empty, this is a label
	to        string // target of a branch
	always    bool   // an unconditional branch
	end       bool   // a return
	move      bool   // a copy of in[0]
	droppable bool   // has no effect but on its registers
}

// Function begins a function with a signature such as "func(dst, x []float32)".
func (f *File) Function(name, signature string) *Function {
	s, err := gotypes.ParseSignature(signature)
	if err != nil {
		panic(err)
	}
	fn := &Function{file: f, name: name, text: signature, signature: s}
	f.functions = append(f.functions, fn)
	return fn
}

// File returns the file of the function.
func (f *Function) File() *File { return f.file }

// Local reserves local memory, a multiple of 16 bytes.
func (f *Function) Local(bytes int) { f.frame = bytes }

// GP returns a new general-purpose register.
func (f *Function) GP() Reg {
	f.registers++
	return Reg{f.registers, false}
}

// Vec returns a new vector register.
func (f *Function) Vec() Reg {
	f.registers++
	return Reg{f.registers, true}
}

// NewLabel returns a label that is new in this function.
func (f *Function) NewLabel(name string) string {
	f.labels++
	return fmt.Sprintf("%s_%d", name, f.labels)
}

// Label places a label.
func (f *Function) Label(name string) {
	f.code = append(f.code, &instruction{label: name})
}

// Branch jumps to a label if a condition such as LT holds, or always if it is empty.
func (f *Function) Branch(condition, to string) {
	f.code = append(f.code, &instruction{to: to, always: condition == "", print: func(func(Reg) int) string {
		return "B" + condition + " " + to
	}})
}

// BranchZero jumps to a label if a register is zero, or, unless zero is set, if it is not.
func (f *Function) BranchZero(zero bool, r Reg, to string) {
	name := "CBNZ"
	if zero {
		name = "CBZ"
	}
	f.code = append(f.code, &instruction{to: to, in: []Reg{r}, print: func(number func(Reg) int) string {
		return fmt.Sprintf("%s R%d, %s", name, number(r), to)
	}})
}

// Return ends the function.
func (f *Function) Return() {
	f.code = append(f.code, &instruction{end: true, print: func(func(Reg) int) string { return "RET" }})
}

// emit adds an instruction. In its format, registers are numbers.
func (f *Function) emit(out, in []Reg, format string, args ...any) *instruction {
	i := &instruction{in: in, out: out, print: func(number func(Reg) int) string {
		values := make([]any, len(args))
		for j, a := range args {
			if r, ok := a.(Reg); ok {
				a = number(r)
			}
			values[j] = a
		}
		return fmt.Sprintf(format, values...)
	}}
	f.code = append(f.code, i)
	return i
}

// pure is emit for an instruction that has no effect but on its registers.
func (f *Function) pure(out, in []Reg, format string, args ...any) {
	f.emit(out, in, format, args...).droppable = true
}

// Signature returns the signature of the function.
func (f *Function) Signature() *gotypes.Signature { return f.signature }

// Place returns where an argument or a result lies.
func (f *Function) Place(c gotypes.Component) string {
	b, err := c.Resolve()
	if err != nil {
		panic(fmt.Sprintf("%s: %v", f.name, err))
	}
	return frame(b.Addr)
}

func frame(m operand.Mem) string { return fmt.Sprintf("%s+%d(FP)", m.Symbol, m.Disp) }

// Param returns where a parameter lies; for a slice, with suffix _base or _len.
func (f *Function) Param(name string) string { return f.Place(f.signature.Params().Lookup(name)) }

// Base and Len return where the address and the length of a slice lie.
func (f *Function) Base(name string) string { return f.Place(f.signature.Params().Lookup(name).Base()) }
func (f *Function) Len(name string) string  { return f.Place(f.signature.Params().Lookup(name).Len()) }
