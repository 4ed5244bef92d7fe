package kernel

// balanced is how many times the worthwhile amount of work a part must hold before it is cut in two. With smaller parts, a thread that is
// interrupted does fewer of them than the others.
const balanced = 64

// split chooses the grid of parts for a number of threads.
func (g *gemm[T]) split(threads int) {
	g.depthParts = 1
	if g.streams() {
		g.splitStream(threads)
		return
	}
	work := g.M * g.N * g.K
	if g.Packed != nil {
		work = max(g.M, streamRead) * g.N * g.K
	}
	parts := max(1, min(threads, work/g.worth))
	if parts > 1 && work/parts >= balanced*g.worth {
		parts *= 2
	}
	tiles, panels := ceil(g.M, g.rows), ceil(g.N, g.cols)
	least := 0
	for r := 1; r <= min(parts, tiles); r++ {
		c := min(parts/r, panels)
		// The cost counts the tiles of the largest part, adds a third of a tile for packing each panel and two thirds for each row of tiles
		// whose rows of A are copied, and multiplies by the number of rounds.
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
