package kernel

// balanced is how many times more work than worthwhile a part has before it is cut up for the threads to balance their load.
const balanced = 64

// split chooses the grid of parts for a number of threads.
func (g *gemm[T]) split(threads int) {
	work := g.M * g.N * g.K
	parts := max(1, min(threads, work/g.worth))
	if parts > 1 {
		parts *= max(1, min(4, work/parts/g.worth/balanced))
	}
	tiles, panels := ceil(g.M, g.rows), ceil(g.N, g.cols)
	least := 0
	for r := 1; r <= min(parts, tiles); r++ {
		c := min(parts/r, panels)
		// Tiles of the largest part, each panel a third of a tile dearer for packing, times the rounds.
		cost := ceil(panels, c) * (3*ceil(tiles, r) + 1) * ceil(r*c, threads)
		if least == 0 || cost < least {
			least, g.rowParts, g.colParts = cost, r, c
		}
	}
}
