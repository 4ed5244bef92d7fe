package fingerprint

import (
	"slices"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
)

// TestStars: an atom with thousands of equal branches has the keys and features of one with fifty.
func TestStars(t *testing.T) {
	for _, s := range []string{"[U]@(C)", "*@(*)", "*@(O)N", "[U]@(CC)", "*@(C(=O)O)", "*@(NC)"} {
		hub, arm, _ := strings.Cut(s, "@")
		small := chemtest.Mol(t, hub+strings.Repeat(arm[:strings.LastIndex(arm, ")")+1], 50)+arm[strings.LastIndex(arm, ")")+1:])
		large := chemtest.Mol(t, hub+strings.Repeat(arm[:strings.LastIndex(arm, ")")+1], 2400)+arm[strings.LastIndex(arm, ")")+1:])
		if got, want := MACCS(large), MACCS(small); !slices.Equal(got, want) {
			t.Errorf("%s: keys %v, with 50 branches %v", s, got, want)
		}
		if got, want := len(FCFP(large, 2)), len(FCFP(small, 2)); got != want {
			t.Errorf("%s: %d identifiers, with 50 branches %d", s, got, want)
		}
	}
}
