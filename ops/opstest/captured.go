package opstest

import (
	"math"
	"math/bits"
	"reflect"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"unsafe"

	"github.com/selfnorm/selfnorm/ops"
	"github.com/selfnorm/selfnorm/ops/kernel"
	"gorgonia.org/tensor"
)

// hasNumbers reports whether the attributes or the ID of an op may tell its parameters apart: whether they are anything but a name.
func hasNumbers(def ops.Def) bool {
	return len(def.Attrs) > 0 || !isLabel(reflect.TypeOf(def.ID))
}

// isLabel reports whether all values of a type are names, or one.
func isLabel(t reflect.Type) bool {
	return t.Kind() == reflect.String || t.Size() == 0
}

// captured returns a parameter that the function of a definition has captured from its surroundings and that changes its result.
//
// A function value is a pointer to its code and to what it has captured. captured runs copies of it in which one captured word that looks
// like a number is another number. A copy is memory that the garbage collector does not look into, while the original keeps alive what it
// points to.
func (p *program) captured(def ops.Def, x instruction) (number float64, ok bool) {
	want, f := p.again(def, x)
	if f != nil {
		return 0, false
	}
	defer debug.SetPanicOnFault(debug.SetPanicOnFault(true))
	defer func() {
		if r := recover(); r != nil {
			number, ok = 0, false // a closure at the end of the heap
		}
	}()
	changes := func(altered unsafe.Pointer) bool {
		changed := def
		if p.dtype == tensor.Float32 {
			changed.Float32 = *(*func(*ops.Call[float32]) error)(unsafe.Pointer(&altered))
		} else {
			changed.Float64 = *(*func(*ops.Call[float64]) error)(unsafe.Pointer(&altered))
		}
		got, f := p.again(changed, x)
		if f != nil {
			return true
		}
		_, differ := differs(want, got)
		return differ
	}
	if p.dtype == tensor.Float32 {
		return search(closureOf(def.Float32), changes, 3)
	}
	return search(closureOf(def.Float64), changes, 3)
}

// closureOf returns the address of a function value.
func closureOf[T kernel.Float](run func(*ops.Call[T]) error) uint64 {
	return *(*uint64)(unsafe.Pointer(&run))
}

const (
	captives = 8  // captured words that are looked at
	window   = 64 // words that are copied, more than any function captures
)

// search alters one captured number after another, in the closure and in those that it has captured, and returns the first that matters.
func search(closure uint64, changes func(altered unsafe.Pointer) bool, depth int) (number float64, ok bool) {
	if depth == 0 || !isClosure(closure) {
		return 0, false
	}
	original := read(&closure)
	for w := 1; w <= captives; w++ {
		altered := original
		with := func(word uint64) bool {
			altered[w] = word
			defer runtime.KeepAlive(&altered)
			return changes(unsafe.Pointer(&altered))
		}
		if was, as, is := plausible(original[w]); is && with(as(1.375*was+0.125)) {
			return was, true
		}
		number, ok := search(original[w], func(inner unsafe.Pointer) bool { return with(uint64(uintptr(inner))) }, depth-1)
		if ok {
			return number, true
		}
	}
	return 0, false
}

// read copies the words of the closure at an address, and what follows it in memory. The address may be any number near the heap, so it is
// a pointer for no longer than the copying takes.
//
//go:nocheckptr
//go:norace
func read(address *uint64) [window]uint64 { return **(**[window]uint64)(unsafe.Pointer(address)) }

// isClosure reports whether a word is the address of a function value on the heap: only one that has captured something is there.
func isClosure(word uint64) bool {
	if bits.UintSize != 64 || word%8 != 0 || !onHeap(word) {
		return false
	}
	entry := uintptr(read(&word)[0])
	f := runtime.FuncForPC(entry)
	return f != nil && f.Entry() == entry
}

// isParameter reports whether a number looks like one that a person has chosen, such as a slope of 0.01: it has few digits. A computed
// constant has many, and a sign is 1 or -1.
func isParameter(x float64, bits int) bool {
	return math.Abs(x) != 1 && len(strings.Trim(strconv.FormatFloat(math.Abs(x), 'e', -1, bits), "0")) <= len("1.2345e+00")
}

// plausible reports whether a word looks like a parameter in float64 or float32, and returns the number and the function that makes such a word.
func plausible(word uint64) (x float64, as func(float64) uint64, ok bool) {
	sane := func(x float64) bool { a := math.Abs(x); return a > 1e-9 && a < 1e9 }
	if x := math.Float64frombits(word); sane(x) && isParameter(x, 64) {
		return x, math.Float64bits, true
	}
	if x := float64(math.Float32frombits(uint32(word))); word>>32 == 0 && sane(x) && isParameter(x, 32) {
		return x, func(x float64) uint64 { return uint64(math.Float32bits(float32(x))) }, true
	}
	return 0, nil, false
}

// heap is an allocation, and static a function value that is none. The heap is one region of memory, and the program another.
var (
	heap   = new([64]byte)
	static = func() {}
)

// onHeap reports whether an address lies in the heap.
func onHeap(address uint64) bool {
	const most = 1 << 38 // bytes of heap
	distance := func(to uintptr) uint64 { return max(address, uint64(to)) - min(address, uint64(to)) }
	d := distance(uintptr(unsafe.Pointer(heap)))
	return d < most && d < distance(**(**uintptr)(unsafe.Pointer(&static)))
}
