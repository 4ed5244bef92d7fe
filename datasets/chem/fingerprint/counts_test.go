package fingerprint

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// checkFingerprint reports whether f is sorted, without repeats and with positive counts.
func checkFingerprint(t testing.TB, f Counts) {
	t.Helper()
	for k, c := range f {
		if c.N <= 0 || k > 0 && f[k-1].ID >= c.ID {
			t.Fatalf("entry %d of %v is out of order or empty", k, f)
		}
	}
}

func TestTally(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SliceOf(rapid.Uint32Range(0, 20)).Draw(rt, "ids")
		want := map[uint32]int32{}
		for _, id := range ids {
			want[id]++
		}
		f := tally(slices.Clone(ids))
		checkFingerprint(t, f)
		if len(f) != len(want) || f.Total() != len(ids) {
			rt.Fatalf("%d identifiers with total %d, want %d with %d", len(f), f.Total(), len(want), len(ids))
		}
		for id, n := range want {
			if f.N(id) != n {
				rt.Fatalf("identifier %d occurs %d times, want %d", id, f.N(id), n)
			}
		}
		if f.N(21) != 0 {
			rt.Fatal("an absent identifier has a count")
		}
	})
}

func TestFold(t *testing.T) {
	f := Counts{{3, 2}, {8, 1}, {13, 4}, {4294967295, 1}}
	v, err := f.Fold(5)
	if err != nil || !slices.Equal(v, []int32{1, 0, 0, 7, 0}) {
		t.Errorf("folded to 5: %v, %v", v, err)
	}
	for _, bits := range []int{0, -1} {
		if _, err := f.Fold(bits); err == nil {
			t.Errorf("folding to %d bits succeeds", bits)
		}
	}
	rapid.Check(t, func(rt *rapid.T) {
		f := tally(rapid.SliceOf(rapid.Uint32()).Draw(rt, "ids"))
		bits := rapid.IntRange(1, 4096).Draw(rt, "bits")
		v, err := f.Fold(bits)
		if err != nil {
			rt.Fatal(err)
		}
		total := 0
		for _, n := range v {
			total += int(n)
		}
		if len(v) != bits || total != f.Total() {
			rt.Fatalf("%d bits with total %d, want %d with %d", len(v), total, bits, f.Total())
		}
	})
}

func TestTanimoto(t *testing.T) {
	a, b := Counts{{1, 5}, {2, 1}, {3, 1}}, Counts{{2, 7}, {3, 1}, {4, 1}}
	if got := Tanimoto(a, b); got != 0.5 {
		t.Errorf("two of four in common: %v", got)
	}
	if got := Tanimoto(nil, nil); got != 0 {
		t.Errorf("two empty fingerprints: %v", got)
	}
	rapid.Check(t, func(rt *rapid.T) {
		ids := rapid.SliceOf(rapid.Uint32Range(0, 30))
		a, b := tally(ids.Draw(rt, "a")), tally(ids.Draw(rt, "b"))
		s := Tanimoto(a, b)
		if s < 0 || s > 1 || s != Tanimoto(b, a) {
			rt.Fatalf("%v, the other way round %v", s, Tanimoto(b, a))
		}
		if len(a) > 0 && Tanimoto(a, a) != 1 {
			rt.Fatal("not alike to itself")
		}
	})
}
