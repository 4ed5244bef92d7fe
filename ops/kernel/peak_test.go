package kernel

import "testing"

// TestMultiplyAdds: the operations are in proportion to the rounds, none for no rounds.
func TestMultiplyAdds(t *testing.T) {
	eachVariant(t, "multiply-adds", func(t *testing.T) {
		one := MultiplyAdds(1)
		if one <= 0 {
			t.Fatalf("a round has %d operations", one)
		}
		for _, rounds := range []int{-1, 0, 3, 1000} {
			if got := MultiplyAdds(rounds); got != max(0, rounds)*one {
				t.Errorf("%d rounds have %d operations, one has %d", rounds, got, one)
			}
		}
	})
}
