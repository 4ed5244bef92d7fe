package kernel

// balanced is how many times as much work as worthwhile a part needs to be cut in two, for threads that
// are interrupted to do fewer parts than the others.
const balanced = 64

// split chooses the grid of parts for a number of threads.
func (g *gemm[T]) split(threads int) {
	work := g.M * g.N * g.K
	parts := max(1, min(threads, work/g.worth))
	if parts > 1 && work/parts >= balanced*g.worth {
		parts *= 2
	}
	tiles, panels := ceil(g.M, g.rows), ceil(g.N, g.cols)
	least := 0
	for r := 1; r <= min(parts, tiles); r++ {
		c := min(parts/r, panels)
		// Tiles of the largest part, each panel a third of a tile dearer for packing, and each row of tiles two thirds if its share
		// of A is copied, times the rounds.
		high := ceil(tiles, r)
		cost := ceil(panels, c) * (3*high + 1)
		if g.spreads() {
			cost += 2 * high
		}
		cost *= ceil(r*c, threads)
		if least == 0 || cost < least {
			least, g.rowParts, g.colParts = cost, r, c
		}
	}
}
