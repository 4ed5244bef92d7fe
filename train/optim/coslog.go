package optim

import "math"

// CosLog is the schedule of RealMLP (Holzmüller et al. 2024, "Better by default", section 3): the rate rises and falls along cosines, each of which
// lasts about twice as long as the one before it. At the share t of the run the factor is (1 - cos(2 pi log2(1 + (2^Cycles - 1) t))) / 2, so it starts and
// ends at 0. The zero value has four cycles, "coslog4".
type CosLog struct {
	// Cycles is the number of cycles, 1 to 30. 0 means 4.
	Cycles int
}

// maxCycles is beyond any use: the first cycle of 30 lasts a billionth of the run.
const maxCycles = 30

func (c CosLog) cycles() int {
	if c.Cycles == 0 {
		return 4
	}
	return c.Cycles
}

// At implements Schedule.
func (c CosLog) At(p Progress) float64 {
	span := math.Exp2(float64(c.cycles())) - 1
	return 0.5 * (1 - math.Cos(2*math.Pi*math.Log2(1+span*float64(p.Step)/float64(p.Steps))))
}

// Check implements Schedule.
func (c CosLog) Check() error {
	return check("CosLog", []setting{{name: "cycles", value: float64(c.cycles()), ok: c.cycles() >= 1 && c.cycles() <= maxCycles, want: "1 to 30"}})
}
