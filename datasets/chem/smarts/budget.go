package smarts

// budget limits the work of the searches in a target. Each search has an allowance that is ample for molecules; one that needs more takes
// from a pool that all searches of the target share. So many ordinary searches never come to an end early, and hostile ones take no more
// than the pool together.
type budget struct {
	whole     int // the allowance of a search that begins anywhere
	left      int // of the search under way
	pool      int
	stopped   bool // the search under way has used up everything
	exhausted bool // some search has
}

// The unit of work is about one test of an atom, some 10 ns.
const (
	poolWork  = 10_000_000
	placeWork = 12  // allowance for each atom and bond
	atomWork  = 100 // allowance of a search at one atom
)

func newBudget(places int) budget { return budget{whole: placeWork*places + 1000, pool: poolWork} }

func (b *budget) start(allowance int) { b.left, b.stopped = allowance, false }

// spend reports whether there is work left after taking some.
func (b *budget) spend(work int) bool {
	if b.left -= work; b.left >= 0 {
		return true
	}
	if b.pool += b.left; b.pool < 0 {
		b.pool, b.stopped, b.exhausted = 0, true, true
	}
	b.left = 0
	return !b.stopped
}

// allowance is for the test of the first atom, which each atom has to pass.
func (q *queryAtom) allowance() int { return min(q.weight, atomWork) }
