package training

import (
	"fmt"
	"strconv"
	"strings"
)

// Members are the networks of a run. Without -ensemble there is one.
type Members struct {
	N int
	// Folds means that each network is trained without the rows of one of N folds. Otherwise they differ by their seeds.
	Folds bool
}

const membersSyntax = "seeds:N for N seeds, or folds:N for N parts of the rows, of which each network leaves out another one; N is at most 10000"

func parseMembers(text string) (Members, bool) {
	if text == "" {
		return Members{N: 1}, true
	}
	kind, number, _ := strings.Cut(text, ":")
	n, err := strconv.Atoi(number)
	m := Members{N: n, Folds: kind == "folds"}
	return m, err == nil && n <= 10_000 && (kind == "seeds" && n >= 1 || kind == "folds" && n >= 2)
}

func (m Members) String() string {
	if m.Folds {
		return fmt.Sprintf("folds:%d", m.N)
	}
	return fmt.Sprintf("seeds:%d", m.N)
}

// member describes member k, counted from 0.
func (o *Flags) member(k int) string {
	if o.Members.Folds {
		return fmt.Sprintf("fold %d", k)
	}
	return fmt.Sprintf("seed %d", o.Seed+uint64(k))
}
