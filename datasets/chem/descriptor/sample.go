package descriptor

// Sums over all pairs of atoms are exact in fragments of up to maxAllPairs atoms, so that they end soon in larger ones: there,
// sampleSize atoms, evenly spread over the order of the atoms, stand for all, or for those that are far away.
const (
	maxAllPairs = 1000
	sampleSize  = 200
	nearest     = 200 // the number of atoms that count as near
)

// sampled is the index of the k-th atom of the sample from n atoms.
func sampled(k, n int) int { return (2*k + 1) * n / (2 * sampleSize) }
