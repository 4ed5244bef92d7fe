package datasets

import (
	"math"
	"math/rand/v2"
	"slices"

	"github.com/pkg/errors"
)

// Split divides rows at random into two parts: second gets the given share (0 to 1) of the rows, rounded, and first gets the rest. Both
// keep the order of rows. The same seed gives the same split. It returns an error if share is out of range.
func Split(rows []int, share float64, seed uint64) (first, second []int, err error) {
	if !(share >= 0 && share <= 1) {
		return nil, nil, errors.Errorf("datasets: share %v is outside 0..1", share)
	}
	order := shuffled(len(rows), seed)
	n := int(math.Round(share * float64(len(rows))))
	first, second = deal(rows, order[:n])
	return first, second, nil
}

// StratifiedSplit splits every class like [Split], so that both parts have the same proportions of classes. class returns the class of a
// row, as Set.Class does. It returns an error if share is out of range or class is nil.
func StratifiedSplit(rows []int, class func(row int) int, share float64, seed uint64) (first, second []int, err error) {
	if class == nil {
		return nil, nil, errors.New("datasets: a stratified split needs a function that returns the class of a row")
	}
	if !(share >= 0 && share <= 1) {
		return nil, nil, errors.Errorf("datasets: share %v is outside 0..1", share)
	}
	var chosen []int
	places := make(map[int][]int) // class -> places in rows, in shuffled order
	for _, i := range shuffled(len(rows), seed) {
		c := class(rows[i])
		places[c] = append(places[c], i)
	}
	classes := make([]int, 0, len(places))
	for c := range places {
		classes = append(classes, c)
	}
	slices.Sort(classes)
	// Rounding each class separately could miss the total by half a row per class; carrying the rest over does not.
	carry := 0.0
	for _, c := range classes {
		want := share*float64(len(places[c])) + carry
		n := min(max(int(math.Round(want)), 0), len(places[c]))
		carry = want - float64(n)
		chosen = append(chosen, places[c][:n]...)
	}
	first, second = deal(rows, chosen)
	return first, second, nil
}

// GroupSplit is like [Split], but it never divides a group. groups has one key for each row of the set, as in Set.Groups. In random order, each
// group goes to second if it has space for it; second has at most the given share of the rows. It returns an error if share is out of range
// or a row has no group key.
func GroupSplit(rows []int, groups []string, share float64, seed uint64) (first, second []int, err error) {
	if !(share >= 0 && share <= 1) {
		return nil, nil, errors.Errorf("datasets: share %v is outside 0..1", share)
	}
	if err := checkGroups(groups, rows); err != nil {
		return nil, nil, err
	}
	places := make(map[string][]int) // group -> places in rows
	var order []string
	for _, i := range shuffled(len(rows), seed) {
		g := groups[rows[i]]
		if places[g] == nil {
			order = append(order, g)
		}
		places[g] = append(places[g], i)
	}
	space := int(math.Round(share * float64(len(rows))))
	var chosen []int
	for _, g := range order {
		if len(chosen)+len(places[g]) <= space {
			chosen = append(chosen, places[g]...)
		}
	}
	first, second = deal(rows, chosen)
	return first, second, nil
}

// Class returns the class index of a row for [StratifiedSplit]: its label in the first task, rounded, or -1 if it was not
// observed or the set has no such row or label.
func (s *Set) Class(row int) int {
	if s == nil || len(s.Tasks) == 0 || row < 0 || row >= len(s.Labels)/len(s.Tasks) {
		return -1
	}
	v := float64(s.Labels[row*len(s.Tasks)])
	if math.IsNaN(v) {
		return -1
	}
	return int(math.Round(v))
}

// WithoutGroups returns, in order, the rows whose group key does not occur in held: the rows that you may fit on if you validate on held.
// groups has one key for each row of the set, as in Set.Groups. It returns an error if a row has no group key.
func WithoutGroups(rows, held []int, groups []string) ([]int, error) {
	if err := checkGroups(groups, rows, held); err != nil {
		return nil, err
	}
	taken := make(map[string]bool, len(held))
	for _, r := range held {
		taken[groups[r]] = true
	}
	var kept []int
	for _, r := range rows {
		if !taken[groups[r]] {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// checkGroups returns an error that names the first row without a group key.
func checkGroups(groups []string, lists ...[]int) error {
	for _, rows := range lists {
		for _, r := range rows {
			if r < 0 || r >= len(groups) {
				return errors.Errorf("datasets: row %d, but %d group keys", r, len(groups))
			}
		}
	}
	return nil
}

// deal puts the rows at the chosen positions into second and the others into first, both in the order of rows.
func deal(rows, chosen []int) (first, second []int) {
	take := make([]bool, len(rows))
	for _, i := range chosen {
		take[i] = true
	}
	first, second = make([]int, 0, len(rows)-len(chosen)), make([]int, 0, len(chosen))
	for i, r := range rows {
		if take[i] {
			second = append(second, r)
		} else {
			first = append(first, r)
		}
	}
	return first, second
}

// shuffled returns 0..n-1 in a random order that depends on the seed.
func shuffled(n int, seed uint64) []int {
	return rand.New(rand.NewPCG(seed, 0x5e1f)).Perm(n)
}
