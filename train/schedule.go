package train

import "math"

// Schedule returns the factor of the learning rate at a step, counted from 0, of a run of the given number of steps.
type Schedule func(step, steps int) float64

// Cosine falls from 1 to 0 along half a cosine (Loshchilov and Hutter 2017, without restarts).
func Cosine(step, steps int) float64 {
	return 0.5 * (1 + math.Cos(math.Pi*float64(step)/float64(steps)))
}
