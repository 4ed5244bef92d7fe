package neon

import "fmt"

// Instructions on vectors of elements of size bytes, with the destination first. Elements are float32 for size 4 and float64 for size 8.

func of(w [2]word, size int) word { return w[size/8] }

// lanes is the arrangement of a vector in Go's notation.
func lanes(size int) string { return map[int]string{1: "B16", 4: "S4", 8: "D2"}[size] }

// element is an element of a vector in Go's notation.
func element(size int) string { return map[int]string{4: "S", 8: "D"}[size] }

func (f *Function) FAdd(size int, d, n, m Reg)  { f.binary(of(wordFADD, size), d, n, m) }
func (f *Function) FSub(size int, d, n, m Reg)  { f.binary(of(wordFSUB, size), d, n, m) }
func (f *Function) FMul(size int, d, n, m Reg)  { f.binary(of(wordFMUL, size), d, n, m) }
func (f *Function) FDiv(size int, d, n, m Reg)  { f.binary(of(wordFDIV, size), d, n, m) }
func (f *Function) FMax(size int, d, n, m Reg)  { f.binary(of(wordFMAX, size), d, n, m) }
func (f *Function) FMin(size int, d, n, m Reg)  { f.binary(of(wordFMIN, size), d, n, m) }
func (f *Function) FSqrt(size int, d, n Reg)    { f.unary(of(wordFSQRT, size), d, n) }
func (f *Function) FCmEq(size int, d, n, m Reg) { f.binary(of(wordFCMEQ, size), d, n, m) }
func (f *Function) FCmGe(size int, d, n, m Reg) { f.binary(of(wordFCMGE, size), d, n, m) }
func (f *Function) FCmGt(size int, d, n, m Reg) { f.binary(of(wordFCMGT, size), d, n, m) }

// FMla adds n m to d, FMls subtracts it, with one rounding.
func (f *Function) FMla(size int, d, n, m Reg) { f.three("VFMLA", size, d, n, m, true) }
func (f *Function) FMls(size int, d, n, m Reg) { f.three("VFMLS", size, d, n, m, true) }

// FMlaElement adds n times one lane of m to d, with one rounding.
func (f *Function) FMlaElement(size int, d, n, m Reg, lane int) {
	f.update(fmlaElement(size, lane), d, n, m)
}

// FCvtL makes two float64 of the two lower float32, FCvtN two float32 of two float64.
func (f *Function) FCvtL(d, n Reg) { f.unary(wordFCVTL, d, n) }
func (f *Function) FCvtN(d, n Reg) { f.unary(wordFCVTN, d, n) }

// FAddPair sets d to the sum of the two float64 of n.
func (f *Function) FAddPair(d, n Reg) { f.unary(wordFADDP, d, n) }

// CmHs sets the lanes of 32 bits where n >= m without signs.
func (f *Function) CmHs(d, n, m Reg) { f.binary(wordCMHS, d, n, m) }

// UMulL multiplies the two lower lanes of 32 bits, UMulL2 the two upper ones, to 64 bits.
func (f *Function) UMulL(d, n, m Reg)  { f.binary(wordUMULL, d, n, m) }
func (f *Function) UMulL2(d, n, m Reg) { f.binary(wordUMULL2, d, n, m) }

func (f *Function) Not(d, n Reg)    { f.unary(wordNOT, d, n) }
func (f *Function) Bic(d, n, m Reg) { f.binary(wordBIC, d, n, m) } // n without the bits of m

// three adds an instruction of Go's assembler of two sources.
func (f *Function) three(name string, size int, d, n, m Reg, updates bool) {
	in, t := []Reg{n, m}, lanes(size)
	if updates {
		in = append(in, d)
	}
	f.pure([]Reg{d}, in, fmt.Sprintf("%s V%%d.%s, V%%d.%s, V%%d.%s", name, t, t, t), m, n, d)
}

func (f *Function) And(d, n, m Reg)            { f.three("VAND", 1, d, n, m, false) }
func (f *Function) Orr(d, n, m Reg)            { f.three("VORR", 1, d, n, m, false) }
func (f *Function) Eor(d, n, m Reg)            { f.three("VEOR", 1, d, n, m, false) }
func (f *Function) Add32(d, n, m Reg)          { f.three("VADD", 4, d, n, m, false) }
func (f *Function) Uzp1(d, n, m Reg)           { f.three("VUZP1", 4, d, n, m, false) }
func (f *Function) Uzp2(d, n, m Reg)           { f.three("VUZP2", 4, d, n, m, false) }
func (f *Function) Trn1(size int, d, n, m Reg) { f.three("VTRN1", size, d, n, m, false) }
func (f *Function) Trn2(size int, d, n, m Reg) { f.three("VTRN2", size, d, n, m, false) }

// Bsl takes n where the bits of d are set and m elsewhere. Bit takes n where the bits of m are set.
func (f *Function) Bsl(d, n, m Reg) { f.three("VBSL", 1, d, n, m, true) }
func (f *Function) Bit(d, n, m Reg) { f.three("VBIT", 1, d, n, m, true) }

// ShiftLeft shifts each lane.
func (f *Function) ShiftLeft(size int, d, n Reg, bits int) {
	t := lanes(size)
	f.pure([]Reg{d}, []Reg{n}, fmt.Sprintf("VSHL $%d, V%%d.%s, V%%d.%s", bits, t, t), n, d)
}

// Zero clears a register.
func (f *Function) Zero(d Reg) { f.pure([]Reg{d}, nil, "VMOVI $0, V%d.B16", d) }

// Dup sets all lanes to a lane of n, DupGP to a general-purpose register.
func (f *Function) Dup(size int, d, n Reg, lane int) {
	f.pure([]Reg{d}, []Reg{n}, fmt.Sprintf("VDUP V%%d.%s[%d], V%%d.%s", element(size), lane, lanes(size)), n, d)
}

func (f *Function) DupGP(size int, d, r Reg) {
	f.pure([]Reg{d}, []Reg{r}, fmt.Sprintf("VDUP R%%d, V%%d.%s", lanes(size)), r, d)
}

// moves are Go's names of loads and stores by their size.
var moves = map[int]string{4: "FMOVS", 8: "FMOVD", 16: "FMOVQ"}

// Load loads bytes, 4, 8 or 16, and clears the rest of the register. Store stores the first bytes of a register.
func (f *Function) Load(bytes int, d, base Reg, disp int) {
	f.pure([]Reg{d}, []Reg{base}, moves[bytes]+" %d(R%d), F%d", disp, base, d)
}

func (f *Function) Store(bytes int, v, base Reg, disp int) {
	f.emit(nil, []Reg{v, base}, moves[bytes]+" F%d, %d(R%d)", v, disp, base)
}

// LoadNext is Load of what base points to, and advances base.
func (f *Function) LoadNext(bytes int, d, base Reg) {
	f.emit([]Reg{d, base}, []Reg{base}, fmt.Sprintf("%s.P %d(R%%d), F%%d", moves[bytes], bytes), base, d)
}

// LoadPair loads two vectors, StorePair stores them.
func (f *Function) LoadPair(d0, d1, base Reg, disp int) {
	f.pure([]Reg{d0, d1}, []Reg{base}, "FLDPQ %d(R%d), (F%d, F%d)", disp, base, d0, d1)
}

func (f *Function) StorePair(v0, v1, base Reg, disp int) {
	f.emit(nil, []Reg{v0, v1, base}, "FSTPQ (F%d, F%d), %d(R%d)", v0, v1, disp, base)
}

// LoadPairNext is LoadPair of what base points to, and advances base.
func (f *Function) LoadPairNext(d0, d1, base Reg) {
	f.emit([]Reg{d0, d1, base}, []Reg{base}, "FLDPQ.P 32(R%d), (F%d, F%d)", base, d0, d1)
}

// LoadLane loads one lane, StoreLane stores one.
func (f *Function) LoadLane(size int, d, base Reg, lane int) {
	f.pure([]Reg{d}, []Reg{base, d}, fmt.Sprintf("VLD1 (R%%d), V%%d.%s[%d]", element(size), lane), base, d)
}

func (f *Function) StoreLane(size int, v, base Reg, lane int) {
	f.emit(nil, []Reg{v, base}, fmt.Sprintf("VST1 V%%d.%s[%d], (R%%d)", element(size), lane), v, base)
}

// LoadAll sets all lanes to the element at an address.
func (f *Function) LoadAll(size int, d, base Reg) {
	f.pure([]Reg{d}, []Reg{base}, fmt.Sprintf("VLD1R (R%%d), [V%%d.%s]", lanes(size)), base, d)
}

// LoadFloatArg loads an argument of size bytes into the first lane. StoreResult stores the first lane as a result.
func (f *Function) LoadFloatArg(size int, d Reg, place string) {
	f.pure([]Reg{d}, nil, moves[size]+" "+place+", F%d", d)
}

func (f *Function) StoreResult(size int, v Reg, place string) {
	f.emit(nil, []Reg{v}, moves[size]+" F%d, "+place, v)
}

// Double makes a float64 of the float32 in the first lane.
func (f *Function) Double(d, n Reg) { f.pure([]Reg{d}, []Reg{n}, "FCVTSD F%d, F%d", n, d) }
