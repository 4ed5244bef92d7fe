package report

// maxLosses is the number of entries that a recorder keeps of the losses.
const maxLosses = 2048

// lossLog collects losses in bounded memory: when it is full, neighbours are merged.
type lossLog struct {
	entries []Losses
	stride  int // steps per entry
}

func (l *lossLog) add(step int, loss float64) {
	if n := len(l.entries); n > 0 && l.entries[n-1].Last-l.entries[n-1].First+1 < l.stride {
		l.entries[n-1] = join(l.entries[n-1], Losses{step, step, loss, loss, loss})
		return
	}
	if len(l.entries) == maxLosses {
		for i := range maxLosses / 2 {
			l.entries[i] = join(l.entries[2*i], l.entries[2*i+1])
		}
		l.entries = l.entries[:maxLosses/2]
		l.stride = 2 * max(1, l.stride)
	}
	l.entries = append(l.entries, Losses{step, step, loss, loss, loss})
}

// join merges the entries of two neighbours.
func join(a, b Losses) Losses {
	m, n := float64(a.Last-a.First+1), float64(b.Last-b.First+1)
	return Losses{a.First, b.Last, (m*a.Mean + n*b.Mean) / (m + n), min(a.Min, b.Min), max(a.Max, b.Max)}
}
