package datasets

import (
	"fmt"
	"slices"
	"strconv"
	"testing"
)

func odd(n int) []int {
	rows := make([]int, n)
	for i := range rows {
		rows[i] = 2*i + 1
	}
	return rows
}

func TestSplit(t *testing.T) {
	rows := odd(101)
	a, b, err := Split(rows, 0.15, 3)
	if err != nil {
		t.Fatal(err)
	}
	if len(b) != 15 {
		t.Errorf("%d rows of 101, want 15 %%", len(b))
	}
	wantPartition(t, rows, a, b)
	_, again, _ := Split(rows, 0.15, 3)
	_, other, _ := Split(rows, 0.15, 4)
	if !slices.Equal(b, again) || slices.Equal(b, other) {
		t.Error("the split must depend on the seed, and on nothing else")
	}
	for _, share := range []float64{-0.1, 1.1} {
		if _, _, err := Split(rows, share, 1); err == nil {
			t.Errorf("share %v was accepted", share)
		}
	}
}

func TestStratifiedSplit(t *testing.T) {
	rows := odd(1000)
	class := func(r int) int { return min(r%20, 3) } // shares of 10, 15 and 75 %
	a, b, err := StratifiedSplit(rows, class, 0.2, 1)
	if err != nil {
		t.Fatal(err)
	}
	wantPartition(t, rows, a, b)
	all, held := map[int]int{}, map[int]int{}
	for _, r := range rows {
		all[class(r)]++
	}
	for _, r := range b {
		held[class(r)]++
	}
	for c, n := range all {
		if d := float64(held[c]) - 0.2*float64(n); d < -1 || d > 1 {
			t.Errorf("class %d: %d of %d held out", c, held[c], n)
		}
	}
	// Many classes of one row each: rounding must not lose the share.
	_, b, _ = StratifiedSplit(rows, func(r int) int { return r }, 0.2, 1)
	if len(b) != 200 {
		t.Errorf("%d of 1000 classes of one row, want 200", len(b))
	}
}

func TestKFold(t *testing.T) {
	rows := odd(23)
	folds := must[[]Fold](t)(KFold(rows, 5, 2))
	var held []int
	for _, f := range folds {
		wantPartition(t, rows, f.Fit, f.Held)
		if n := len(f.Held); n != 4 && n != 5 {
			t.Errorf("%d rows of 23 in one of 5 folds", n)
		}
		held = append(held, f.Held...)
	}
	slices.Sort(held)
	same(t, held, rows)
	for _, k := range []int{0, 1, 24} {
		if _, err := KFold(rows, k, 1); err == nil {
			t.Errorf("%d folds of 23 rows were accepted", k)
		}
	}
}

// Each class, and the whole, is spread over the parts as evenly as whole rows allow.
func TestStratifiedKFold(t *testing.T) {
	rows := all(103)
	class := func(r int) int { return min(r%10, 3) }
	folds := must[[]Fold](t)(StratifiedKFold(rows, class, 4, 1))
	seen, total := map[int]bool{}, map[int]int{}
	for _, r := range rows {
		total[class(r)]++
	}
	for _, f := range folds {
		if n := len(f.Held); n < 25 || n > 26 || len(f.Fit)+n != len(rows) {
			t.Errorf("%d rows to fit on and %d held out", len(f.Fit), n)
		}
		count := map[int]int{}
		for _, r := range f.Held {
			if seen[r] {
				t.Errorf("row %d is held out twice", r)
			}
			seen[r] = true
			count[class(r)]++
		}
		for c, n := range total {
			if got := count[c]; got < n/4 || got > n/4+1 {
				t.Errorf("%d of %d rows of class %d are held out together", got, n, c)
			}
		}
	}
	for _, k := range []int{1, 104} {
		if _, err := StratifiedKFold(rows, class, k, 1); err == nil {
			t.Errorf("%d folds of 103 rows: no error", k)
		}
	}
}

func TestGroupKFold(t *testing.T) {
	rows := odd(200)
	groups := make([]string, 401)
	for i := range groups {
		groups[i] = fmt.Sprint(i * i % 37)
	}
	folds := must[[]Fold](t)(GroupKFold(rows, groups, 4, 2))
	for _, f := range folds {
		wantPartition(t, rows, f.Fit, f.Held)
		same(t, must[[]int](t)(WithoutGroups(rows, f.Held, groups)), f.Fit)
		if n := len(f.Held); n < 40 || n > 60 {
			t.Errorf("%d rows of 200 in one of 4 folds", n)
		}
	}
	if _, err := GroupKFold(rows, groups, 38, 1); err == nil {
		t.Error("38 folds of 19 groups were accepted")
	}
	if _, err := GroupKFold(rows, groups[:10], 3, 1); err == nil {
		t.Error("rows without a group key were accepted")
	}
}

func TestWithoutGroups(t *testing.T) {
	groups := []string{"a", "b", "a", "c", "b"}
	same(t, must[[]int](t)(WithoutGroups([]int{0, 1, 3, 4}, []int{2}, groups)), []int{1, 3, 4})
	same(t, must[[]int](t)(FirstOfGroup([]int{1, 2, 0, 4}, groups)), []int{1, 2})
}

// wantPartition checks that a and b together are rows, each in the same order.
func wantPartition(t *testing.T, rows, a, b []int) {
	t.Helper()
	both := append(slices.Clone(a), b...)
	slices.Sort(both)
	if !slices.Equal(both, rows) || !slices.IsSorted(a) || !slices.IsSorted(b) {
		t.Fatalf("%v and %v do not divide %v", a, b, rows)
	}
}

// A group is on one side, the sizes are about right, each row is there once, and the same seed gives the same split.
func TestGroupSplit(t *testing.T) {
	var rows []int
	groups := make([]string, 400)
	for i := range groups {
		groups[i] = strconv.Itoa(i * i % 97)
		if i%3 > 0 {
			rows = append(rows, i)
		}
	}
	for seed := range uint64(5) {
		first, second, err := GroupSplit(rows, groups, 0.2, seed)
		if err != nil {
			t.Fatal(err)
		}
		if n := float64(len(second)); n > 0.2*float64(len(rows))+1 || n < 0.15*float64(len(rows)) {
			t.Errorf("%d of %d rows", len(second), len(rows))
		}
		if both := append(slices.Clone(first), second...); len(both) != len(rows) {
			t.Errorf("%d and %d of %d rows", len(first), len(second), len(rows))
		} else if slices.Sort(both); !slices.Equal(both, rows) || !slices.IsSorted(first) || !slices.IsSorted(second) {
			t.Error("other rows, or in another order")
		}
		if kept, err := WithoutGroups(first, second, groups); err != nil || len(kept) != len(first) {
			t.Errorf("%d of %d rows share no group (%v)", len(kept), len(first), err)
		}
		_, again, err := GroupSplit(rows, groups, 0.2, seed)
		_, other, _ := GroupSplit(rows, groups, 0.2, seed+1)
		if err != nil || !slices.Equal(again, second) || slices.Equal(other, second) {
			t.Errorf("seed %d: not decided by the seed (%v)", seed, err)
		}
	}
	for share, want := range map[float64]int{0: 0, 1: len(rows)} {
		if _, second, err := GroupSplit(rows, groups, share, 1); err != nil || len(second) != want {
			t.Errorf("share %v: %d rows (%v)", share, len(second), err)
		}
	}
}
