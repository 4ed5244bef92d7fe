package tox21

import (
	"math"
	"strings"
)

// NumTasks is the number of assays.
const NumTasks = 12

// tasks are the assays in the order of the official files: nuclear receptors, then stress response.
var tasks = [NumTasks]string{
	"NR.AhR", "NR.AR", "NR.AR.LBD", "NR.Aromatase", "NR.ER", "NR.ER.LBD", "NR.PPAR.gamma",
	"SR.ARE", "SR.ATAD5", "SR.HSE", "SR.MMP", "SR.p53",
}

// Tasks returns the names of the twelve assays in the order of all labels of this package.
func Tasks() []string { return append([]string(nil), tasks[:]...) }

// Labels are the outcomes of one compound in the order of [Tasks]: 1 active, 0 inactive, NaN not measured.
type Labels [NumTasks]float32

var nan = float32(math.NaN())

// parseLabel parses 0, 1, or an empty field or NA for a missing measurement. ok is false for anything else.
func parseLabel(s string) (v float32, ok bool) {
	switch s {
	case "0", "0.0":
		return 0, true
	case "1", "1.0":
		return 1, true
	case "", "NA", "NaN", "nan":
		return nan, true
	}
	return 0, false
}

// dashed returns a task name in the spelling of DeepChem, which has dashes instead of dots.
func dashed(task string) string { return strings.ReplaceAll(task, ".", "-") }
