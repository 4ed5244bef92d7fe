package baseline

import (
	"maps"
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Arrays are a trained classifier as plain arrays by name, for a file: each is a []float64, []float32, []int32, []uint16 or []uint8, and none
// is empty. docs/baseline.md says what they hold.
type Arrays map[string]any

// packed is a classifier that can be saved.
type packed interface {
	pack(a Arrays)
}

// kindKey is the name of the array of bytes with the name of the method.
const kindKey = "method"

// unpackers make classifiers of the arrays of a method.
var unpackers = map[string]func(r *reader) Classifier{
	Neighbours{}.Name(): unpackNeighbours, NaiveBayes{}.Name(): unpackNaiveBayes, Logistic{}.Name(): unpackLogistic, SVM{}.Name(): unpackMachines,
	Tree{}.Name(): unpackTrees, C45().Name(): unpackTrees, Forest{}.Name(): unpackTrees, ExtraTrees{}.Name(): unpackTrees,
}

// Pack returns the arrays of a classifier of this package. They may share memory with it. Numbers that float32 represents are float32, and
// small integers are uint16 or uint8. It returns an error for a classifier of another package.
func Pack(c Classifier) (Arrays, error) {
	p, ok := c.(packed)
	if !ok {
		return nil, errors.Errorf("baseline: pack: a %T cannot be saved", c)
	}
	a := Arrays{}
	p.pack(a)
	return a, nil
}

// Unpack returns the classifier of arrays that Pack has made. Its scores have the same bits. It returns an error for arrays that are no
// classifier: of the wrong type or size, with indices out of range, or with numbers that are not finite.
func Unpack(a Arrays) (Classifier, error) {
	r := &reader{arrays: a, used: map[string]bool{}}
	name := string(r.bytes(kindKey))
	unpack := unpackers[name]
	if r.err == nil && unpack == nil {
		return nil, errors.Errorf("baseline: unpack: unknown method %.60q", name)
	}
	var c Classifier
	if r.err == nil {
		r.name = name
		c = unpack(r)
	}
	for _, other := range slices.Sorted(maps.Keys(a)) {
		r.require(r.used[other], "the array %.60q means nothing", other)
	}
	if r.err != nil {
		return nil, errors.Wrapf(r.err, "baseline: unpack %s", name)
	}
	return c, nil
}

func (a Arrays) setName(name string) { a[kindKey] = []uint8(name) }

// setFloats adds numbers, in float32 if that holds all of them.
func (a Arrays) setFloats(name string, x []float64) {
	if len(x) == 0 {
		return
	}
	if slices.ContainsFunc(x, func(v float64) bool { return float64(float32(v)) != v }) {
		a[name] = x
		return
	}
	single := make([]float32, len(x))
	for i, v := range x {
		single[i] = float32(v)
	}
	a[name] = single
}

// setInts adds integers of at least 0 in the smallest type.
func (a Arrays) setInts(name string, x []int32) {
	if len(x) == 0 {
		return
	}
	switch most := slices.Max(x); {
	case most <= math.MaxUint8:
		a[name] = converted[uint8](x)
	case most <= math.MaxUint16:
		a[name] = converted[uint16](x)
	default:
		a[name] = x
	}
}

func converted[T uint8 | uint16](x []int32) []T {
	to := make([]T, len(x))
	for i, v := range x {
		to[i] = T(v)
	}
	return to
}

// reader reads arrays and keeps the first error.
type reader struct {
	arrays Arrays
	used   map[string]bool
	name   string // of the method
	err    error
}

// require notes an error unless ok.
func (r *reader) require(ok bool, format string, args ...any) bool {
	if !ok && r.err == nil {
		r.err = errors.Errorf(format, args...)
	}
	return ok
}

func (r *reader) bytes(name string) []uint8 {
	r.used[name] = true
	x, ok := r.arrays[name].([]uint8)
	r.require(ok, "%s is %T, want []uint8", name, r.arrays[name])
	return x
}

// floats returns finite numbers.
func (r *reader) floats(name string) []float64 {
	r.used[name] = true
	var to []float64
	switch x := r.arrays[name].(type) {
	case nil:
	case []float64:
		to = slices.Clone(x)
	case []float32:
		to = make([]float64, len(x))
		for i, v := range x {
			to[i] = float64(v)
		}
	default:
		r.require(false, "%s is %T, want []float64 or []float32", name, x)
	}
	r.require(finite(to), "%s: a number is not finite", name)
	return to
}

// ints returns integers from 0 to most.
func (r *reader) ints(name string, most int) []int32 {
	r.used[name] = true
	var to []int32
	switch x := r.arrays[name].(type) {
	case nil:
	case []int32:
		to = slices.Clone(x)
	case []uint16:
		to = widened(x)
	case []uint8:
		to = widened(x)
	default:
		r.require(false, "%s is %T, want []int32, []uint16 or []uint8", name, x)
	}
	for i, v := range to {
		if !r.require(v >= 0 && int(v) <= most, "%s: element %d is %d, want 0 to %d", name, i, v, most) {
			return nil
		}
	}
	return to
}

func widened[T uint8 | uint16](x []T) []int32 {
	to := make([]int32, len(x))
	for i, v := range x {
		to[i] = int32(v)
	}
	return to
}

// sizes returns n positive integers.
func (r *reader) sizes(n int) []int {
	to := make([]int, n)
	x := r.ints("sizes", math.MaxInt32)
	if !r.require(len(x) == n, "%d sizes, want %d", len(x), n) {
		return to
	}
	for i, v := range x {
		to[i] = int(v)
		r.require(v > 0, "a size is 0")
	}
	return to
}

// columnsAndClasses returns the sizes that all methods have first.
func (r *reader) columnsAndClasses(n int) []int {
	s := r.sizes(n)
	r.require(s[0] <= maxColumns && s[1] <= maxClasses, "%d columns and %d classes", s[0], s[1])
	return s
}
