package main

import (
	"math"
	"time"

	"github.com/selfnorm/selfnorm/ops/kernel"
)

// peak returns the speed at which so many threads multiply and add float32 in registers alone, in GFLOP/s: what a product cannot exceed.
func peak(workers *kernel.Workers, threads int) float64 {
	const rounds = 20000
	operations := make([]int, threads)
	best := math.Inf(1)
	start := time.Now()
	for run := 0; run < 40 || time.Since(start) < patience; run++ {
		begin := time.Now()
		workers.Run(threads, func(i int) { operations[i] = kernel.MultiplyAdds(rounds) })
		best = min(best, time.Since(begin).Seconds())
	}
	return float64(operations[0]) * float64(threads) / best * 1e-9
}
