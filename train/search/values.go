package search

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// Values are numbers by name, such as the test AUC or the number of weights.
type Values map[string]float64

// String shows the values in the order of their names, as in "accuracy=0.9512 auc=0.9803".
func (v Values) String() string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(v)) {
		parts = append(parts, name+"="+short(v[name]))
	}
	return strings.Join(parts, " ")
}

// short formats a number for people: four decimals, or four digits if it is small or large.
func short(x float64) string { return fmt.Sprintf(formatOf(x), x) }

// formatOf returns a format that suits all of the numbers.
func formatOf(x ...float64) string {
	for _, v := range x {
		if a := math.Abs(v); a != 0 && (a < 0.01 || a >= 1e6) {
			return "%.4g"
		}
	}
	return "%.4f"
}
