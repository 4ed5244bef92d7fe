package neon

import "fmt"

// Instructions on general-purpose registers, with the destination first.

// LoadArg returns an argument of 64 bits at a place that Param, Base or Len returned.
func (f *Function) LoadArg(place string) Reg {
	r := f.GP()
	f.pure([]Reg{r}, nil, "MOVD "+place+", R%d", r)
	return r
}

// LoadArg32 is LoadArg for 32 bits without a sign.
func (f *Function) LoadArg32(place string) Reg {
	r := f.GP()
	f.pure([]Reg{r}, nil, "MOVWU "+place+", R%d", r)
	return r
}

// LoadArg8 is LoadArg for a byte.
func (f *Function) LoadArg8(place string) Reg {
	r := f.GP()
	f.pure([]Reg{r}, nil, "MOVBU "+place+", R%d", r)
	return r
}

// StoreArg overwrites an argument.
func (f *Function) StoreArg(r Reg, place string) { f.emit(nil, []Reg{r}, "MOVD R%d, "+place, r) }

// Load64 loads 64 bits from memory.
func (f *Function) Load64(dst, base Reg, disp int) {
	f.pure([]Reg{dst}, []Reg{base}, "MOVD %d(R%d), R%d", disp, base, dst)
}

// Move copies a register of either kind.
func (f *Function) Move(dst, src Reg) {
	format := "MOVD R%d, R%d"
	if dst.vector {
		format = "VMOV V%d.B16, V%d.B16"
	}
	f.pure([]Reg{dst}, []Reg{src}, format, src, dst)
	f.code[len(f.code)-1].move = true
}

// MoveConst sets a register to a number.
func (f *Function) MoveConst(dst Reg, x int) { f.pure([]Reg{dst}, nil, "MOVD $%d, R%d", x, dst) }

// TableAddress sets a register to the address of static data.
func (f *Function) TableAddress(dst Reg, name string) {
	f.pure([]Reg{dst}, nil, "MOVD $"+name+"<>(SB), R%d", dst)
}

// LocalAddress sets a register to the address of local memory.
func (f *Function) LocalAddress(dst Reg) {
	f.pure([]Reg{dst}, nil, fmt.Sprintf("MOVD $local-%d(SP), R%%d", f.frame), dst)
}

// AddConst sets dst to x plus a number.
func (f *Function) AddConst(dst, x Reg, n int) {
	name := "ADD"
	if n < 0 {
		name, n = "SUB", -n
	}
	f.pure([]Reg{dst}, []Reg{x}, name+" $%d, R%d, R%d", n, x, dst)
}

// Add sets dst to x + y<<shift.
func (f *Function) Add(dst, x, y Reg, shift int) {
	if shift == 0 {
		f.pure([]Reg{dst}, []Reg{x, y}, "ADD R%d, R%d, R%d", y, x, dst)
		return
	}
	f.pure([]Reg{dst}, []Reg{x, y}, "ADD R%d<<%d, R%d, R%d", y, shift, x, dst)
}

// Sub sets dst to x - y<<shift.
func (f *Function) Sub(dst, x, y Reg, shift int) {
	if shift == 0 {
		f.pure([]Reg{dst}, []Reg{x, y}, "SUB R%d, R%d, R%d", y, x, dst)
		return
	}
	f.pure([]Reg{dst}, []Reg{x, y}, "SUB R%d<<%d, R%d, R%d", y, shift, x, dst)
}

// SubFlags sets dst to x minus a number, and the flags.
func (f *Function) SubFlags(dst, x Reg, n int) {
	name := "SUBS"
	if n < 0 {
		name, n = "ADDS", -n
	}
	f.emit([]Reg{dst}, []Reg{x}, name+" $%d, R%d, R%d", n, x, dst)
}

// AddFlags sets dst to x plus y, and the flags.
func (f *Function) AddFlags(dst, x, y Reg) {
	f.emit([]Reg{dst}, []Reg{x, y}, "ADDS R%d, R%d, R%d", y, x, dst)
}

// SubRegFlags sets dst to x - y, and the flags.
func (f *Function) SubRegFlags(dst, x, y Reg) {
	f.emit([]Reg{dst}, []Reg{x, y}, "SUBS R%d, R%d, R%d", y, x, dst)
}

// Shift sets dst to x<<n, or to x>>-n for a negative n.
func (f *Function) Shift(dst, x Reg, n int) {
	name := "LSL"
	if n < 0 {
		name, n = "LSR", -n
	}
	f.pure([]Reg{dst}, []Reg{x}, name+" $%d, R%d, R%d", n, x, dst)
}

// AndConst sets dst to the bits of x in a mask.
func (f *Function) AndConst(dst, x Reg, mask int) {
	f.pure([]Reg{dst}, []Reg{x}, "AND $%d, R%d, R%d", mask, x, dst)
}

// Mul sets dst to x y, Div to x / y without signs.
func (f *Function) Mul(dst, x, y Reg) {
	f.pure([]Reg{dst}, []Reg{x, y}, "MUL R%d, R%d, R%d", y, x, dst)
}
func (f *Function) Div(dst, x, y Reg) {
	f.pure([]Reg{dst}, []Reg{x, y}, "UDIV R%d, R%d, R%d", y, x, dst)
}

// Compare sets the flags of x - y, CompareConst those of x minus a number.
func (f *Function) Compare(x, y Reg) { f.emit(nil, []Reg{x, y}, "CMP R%d, R%d", y, x) }
func (f *Function) CompareConst(x Reg, n int) {
	if n < 0 {
		f.emit(nil, []Reg{x}, "CMN $%d, R%d", -n, x)
		return
	}
	f.emit(nil, []Reg{x}, "CMP $%d, R%d", n, x)
}

// Select sets dst to yes if the condition holds, and to no otherwise.
func (f *Function) Select(condition string, dst, yes, no Reg) {
	f.emit([]Reg{dst}, []Reg{yes, no}, "CSEL "+condition+", R%d, R%d, R%d", yes, no, dst)
}

// Prefetch requests a cache line, into the first-level cache, or the second if level is 2.
func (f *Function) Prefetch(base Reg, disp, level int) {
	f.emit(nil, []Reg{base}, fmt.Sprintf("PRFM %d(R%%d), PLDL%dKEEP", disp, level), base)
}
