package baseline

import (
	"maps"
	"math"
	"slices"

	"github.com/pkg/errors"
)

// Pack returns the arrays of the classifier, for a file: "settings" (K, Power, Prior), "tasks", "size" (the number of identifiers of each row),
// "id" (those of row after row, as int32 of the same bits), "n" (their counts), and "label" (row after row: 0, 1, or 2 for a missing one).
func (s *Similar) Pack() Arrays {
	a := Arrays{}
	if s == nil {
		return a
	}
	a.setName(Tanimoto{}.Name())
	a.setFloats("settings", []float64{float64(s.settings.K), s.settings.Power, s.settings.Prior})
	a.setInts("tasks", []int32{int32(s.tasks)})
	a.setBags("", s.bags)
	a["label"] = s.labels
	return a
}

// UnpackSimilar returns the classifier of arrays that Pack has made. Its scores have the same bits. It returns an error for arrays that are no
// such classifier.
func UnpackSimilar(a Arrays) (*Similar, error) {
	r := &reader{arrays: a, used: map[string]bool{}}
	name := string(r.bytes(kindKey))
	r.require(name == Tanimoto{}.Name(), "unknown method %.60q", name)
	s := &Similar{labels: r.bytes("label")}
	settings, tasks := r.floats("settings"), r.ints("tasks", maxClasses)
	if r.require(len(settings) == 3 && len(tasks) == 1 && tasks[0] > 0, "settings %v, tasks %v", settings, tasks) {
		s.settings, s.tasks = Tanimoto{int(min(settings[0], math.MaxInt32)), settings[1], settings[2]}, int(tasks[0])
		r.require(settings[0] >= 1 && settings[1] > 0 && settings[2] > 0, "settings %v", settings)
	}
	s.bags = r.bags("")
	rows := s.bags.Rows()
	r.require(r.err != nil || rows > 0 && len(s.labels)%s.tasks == 0 && len(s.labels)/s.tasks == rows, "%d labels for %d rows", len(s.labels), rows)
	for _, y := range s.labels {
		r.require(y <= missing, "a label is %d", y)
	}
	for _, other := range slices.Sorted(maps.Keys(a)) {
		r.require(r.used[other], "the array %.60q means nothing", other)
	}
	if r.err != nil {
		return nil, errors.Wrap(r.err, "baseline: unpack neighbours")
	}
	s.index()
	return s, nil
}

// bags returns the rows of the arrays "size", "id" and "n", whose names begin with a prefix.
func (r *reader) bags(prefix string) Bags {
	b := Bags{Start: []int{0}}
	for _, n := range r.ints(prefix+"size", math.MaxInt32) {
		b.Start = append(b.Start, b.Start[len(b.Start)-1]+int(n))
	}
	for _, n := range r.ints(prefix+"n", math.MaxUint16) {
		b.N = append(b.N, uint16(n))
	}
	r.used[prefix+"id"] = true
	ids, ok := r.arrays[prefix+"id"].([]int32)
	r.require(ok || r.arrays[prefix+"id"] == nil, "id is %T, want []int32", r.arrays[prefix+"id"])
	for _, id := range ids {
		b.ID = append(b.ID, uint32(id))
	}
	err := b.check()
	r.require(err == nil, "%v", err)
	return b
}
