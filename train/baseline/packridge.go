package baseline

import (
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/pkg/errors"
)

// Pack returns the arrays of the classifier, for a file: "sizes" (tasks, kinds of bags, columns, rows), "settings" (the exponent's factor), "rate"
// (by task), "weight" (row after row, by task), "value" (row after row), and for each kind of bags, from 0, "0/size" (the number of identifiers of
// each row), "0/id" (those of row after row, as int32 of the same bits) and "0/n" (their counts).
func (r *Ridged) Pack() Arrays {
	a := Arrays{}
	if r == nil || r.kernel == nil {
		return a
	}
	rows := r.kernel.rows
	a.setName(KernelRidge{}.Name())
	a.setInts("sizes", []int32{int32(r.tasks), int32(len(rows.Bags)), int32(rows.Values.Columns), int32(rows.Rows())})
	a.setFloats("settings", []float64{r.kernel.values.gamma})
	a.setFloats("rate", r.rates)
	a.setFloats("weight", r.weights)
	a.setFloats("value", rows.Values.Values)
	for kind, b := range rows.Bags {
		a.setBags(strconv.Itoa(kind)+"/", b)
	}
	return a
}

// setBags adds rows of bags, whose arrays have names that begin with a prefix.
func (a Arrays) setBags(prefix string, b Bags) {
	var sizes, counts []int32
	for i := range b.Rows() {
		sizes = append(sizes, int32(b.Start[i+1]-b.Start[i]))
	}
	ids := make([]int32, len(b.ID))
	for k, id := range b.ID {
		ids[k] = int32(id)
		counts = append(counts, int32(b.N[k]))
	}
	a.setInts(prefix+"size", sizes)
	a.setInts(prefix+"n", counts)
	if len(ids) > 0 {
		a[prefix+"id"] = ids
	}
}

// maxKinds bounds the kinds of bags.
const maxKinds = 1000

// UnpackRidged returns the classifier of arrays that Pack has made. Its scores have the same bits. It returns an error for arrays that are no such
// classifier.
func UnpackRidged(a Arrays) (*Ridged, error) {
	r := &reader{arrays: a, used: map[string]bool{}}
	name := string(r.bytes(kindKey))
	r.require(name == KernelRidge{}.Name(), "unknown method %.60q", name)
	c := r.ridged()
	for _, other := range slices.Sorted(maps.Keys(a)) {
		r.require(r.used[other], "the array %.60q means nothing", other)
	}
	return c, errors.Wrap(r.err, "baseline: unpack kernel ridge regression")
}

// ridged reads the arrays of a Ridged. It returns nil if they are not valid.
func (r *reader) ridged() *Ridged {
	sizes, settings := r.ints("sizes", math.MaxInt32), r.floats("settings")
	if !r.require(len(sizes) == 4 && len(settings) == 1 && settings[0] >= 0, "sizes %v, settings %v", sizes, settings) {
		return nil
	}
	tasks, kinds, columns, rows := int(sizes[0]), int(sizes[1]), int(sizes[2]), int(sizes[3])
	c := &Ridged{tasks: tasks, rates: r.floats("rate"), weights: r.floats("weight")}
	d := Described{Values: Matrix{Columns: columns, Values: r.floats("value")}}
	if columns > 0 {
		d.Values.Rows = rows
	}
	if !r.require(tasks >= 1 && tasks <= maxClasses && kinds <= maxKinds && columns <= maxColumns && rows >= 1 && rows <= maxKernelRows,
		"%d tasks, %d kinds, %d columns, %d rows", tasks, kinds, columns, rows) {
		return nil
	}
	r.require(len(c.rates) == tasks && len(c.weights) == rows*tasks, "%d rates and %d weights of %d tasks", len(c.rates), len(c.weights), tasks)
	for _, rate := range c.rates {
		r.require(rate > 0 && rate < 1, "a rate is %v", rate)
	}
	for kind := range kinds {
		d.Bags = append(d.Bags, r.bags(strconv.Itoa(kind)+"/"))
	}
	if r.err == nil {
		err := d.check()
		r.require(err == nil && d.Rows() == rows, "%d rows, want %d: %v", d.Rows(), rows, err)
	}
	if r.err != nil {
		return nil
	}
	c.kernel = newSimilarities(d, settings[0])
	return c
}
