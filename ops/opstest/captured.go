package opstest

import (
	"math"
	"math/bits"
	"reflect"
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

// captured returns a floating-point number that the function of a definition has captured from its surroundings and that changes its
// result.
//
// A function value is a pointer to its code and to what it has captured. captured runs copies of it in which one captured word that looks
// like a number is another number. A copy is memory that the garbage collector does not look into, while the original keeps alive what it
// points to.
func (p *program) captured(def ops.Def, x instruction) (number float64, ok bool) {
	if p.dtype == tensor.Float32 {
		return captured(p, def.Float32, x)
	}
	return captured(p, def.Float64, x)
}

// isParameter reports whether a number looks like one that a person has chosen, such as a slope of 0.01: it has few digits. A computed
// constant has many, and a sign is 1 or -1.
func isParameter(x float64, bits int) bool {
	return math.Abs(x) != 1 && len(strings.Trim(strconv.FormatFloat(math.Abs(x), 'e', -1, bits), "0")) <= len("1.2345e+00")
}

// words is how many captured words are looked at.
const words = 6

func captured[T kernel.Float](p *program, run func(*ops.Call[T]) error, x instruction) (number float64, ok bool) {
	closure := *(*unsafe.Pointer)(unsafe.Pointer(&run))
	if bits.UintSize != 64 || !onHeap(closure) {
		return 0, false
	}
	want, f := call(p, run, x, 0)
	if f != nil {
		return 0, false
	}
	original := read(closure)
	for w := 1; w <= words; w++ {
		was, as, is := plausible(original[w])
		if !is {
			continue
		}
		changed := original
		changed[w] = as(1.375*was + 0.125)
		pointer := unsafe.Pointer(&changed[0])
		altered := *(*func(*ops.Call[T]) error)(unsafe.Pointer(&pointer))
		got, f := call(p, altered, x, 0)
		if f != nil {
			return was, true
		}
		if _, differ := differs(want, got); differ {
			return was, true
		}
	}
	return 0, false
}

// read copies the words of a closure, and what follows it in memory.
//
//go:nocheckptr
func read(closure unsafe.Pointer) [words + 1]uint64 { return *(*[words + 1]uint64)(closure) }

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

var heap = new([64]byte)

// onHeap reports whether a function value has been allocated: only one that has captured something is. The others lie in the program,
// near the function values of this package.
func onHeap(closure unsafe.Pointer) bool {
	static := func() {}
	distance := func(a, b unsafe.Pointer) uint64 {
		x, y := uint64(uintptr(a)), uint64(uintptr(b))
		return max(x, y) - min(x, y)
	}
	return distance(closure, unsafe.Pointer(heap)) < distance(closure, *(*unsafe.Pointer)(unsafe.Pointer(&static)))
}
