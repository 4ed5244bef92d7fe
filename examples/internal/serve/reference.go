package serve

import (
	"context"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/examples/internal/training"
	"github.com/selfnorm/selfnorm/graphs"
)

// reference are the compounds that come with the program, which most models of molecules were trained on.
type reference struct {
	checksum string
	rates    [tox21.NumTasks]float64 // shares of actives among the training compounds
	training []known
	test     []float64 // similarities of the test compounds to the training compounds, ascending
}

// known is a training compound.
type known struct {
	id, smiles string
	labels     tox21.Labels
	print      fingerprint.Counts
}

// beginReference starts computing the reference, once, which takes seconds, and returns a channel that is closed in the end.
var beginReference = sync.OnceValue(func() <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		theReference = newReference()
	}()
	return done
})

// theReference is the reference after beginReference, nil if it cannot be computed.
var theReference *reference

func newReference() *reference {
	d, err := tox21.Embedded(context.Background(), 0)
	if err != nil {
		return nil
	}
	r := &reference{checksum: d.Checksum()}
	if r.rates, err = d.BaseRates(d.TrainRows()); err != nil {
		return nil
	}
	seen := map[string]bool{}
	for _, c := range d.Compounds {
		if c.Mol == nil || c.Part == datasets.Test || seen[c.Parent] {
			continue
		}
		if parent, err := smiles.Parse(c.Parent); err == nil {
			seen[c.Parent] = true
			r.training = append(r.training, known{c.ID, c.SMILES, c.Labels, printOf(parent)})
		}
	}
	for _, c := range d.Compounds {
		if parent, err := smiles.Parse(c.Parent); err == nil && c.Mol != nil && c.Part == datasets.Test {
			s, _ := r.nearest(printOf(parent))
			r.test = append(r.test, s)
		}
	}
	slices.Sort(r.test)
	return r
}

// printOf is the fingerprint by which parents are compared: ECFP4.
func printOf(parent *chem.Mol) fingerprint.Counts { return fingerprint.ECFP(parent, 2) }

// nearest returns the largest Tanimoto similarity to a training compound, and that compound.
func (r *reference) nearest(p fingerprint.Counts) (similarity float64, k *known) {
	similarity = math.Inf(-1)
	for i := range r.training {
		if s := fingerprint.Tanimoto(p, r.training[i].print); s > similarity {
			similarity, k = s, &r.training[i]
		}
	}
	return similarity, k
}

// referencePatience is how long an explanation waits for the reference.
const referencePatience = 5 * time.Second

// referenceOf returns the reference if a network was trained on its training compounds, else nil. pending is set if it is not there yet.
func referenceOf(ctx context.Context, net *graphs.Network) (r *reference, pending bool) {
	source, ok := training.SourceOf(net)
	if !ok || net.Metadata["split"] != "official" {
		return nil, false
	}
	timer := time.NewTimer(referencePatience)
	defer timer.Stop()
	select {
	case <-beginReference():
	case <-timer.C:
		return nil, true
	case <-ctx.Done():
		return nil, true
	}
	if theReference == nil || theReference.checksum != source.SHA256 {
		return nil, false
	}
	return theReference, false
}

// activities returns the names of the assays in which a compound is active, and the number of those in which it is not.
func activities(labels []float32) (active []string, inactive int) {
	active = []string{} // not null as JSON
	for t, name := range endpoints() {
		switch {
		case labels[t] == 1:
			active = append(active, name)
		case labels[t] == 0:
			inactive++
		}
	}
	return active, inactive
}

// neighbour describes the training compound that is the nearest to a molecule.
func (r *reference) neighbour(m *chem.Mol) map[string]any {
	similarity, k := r.nearest(printOf(standardize.Parent(m)))
	if k == nil {
		return nil
	}
	active, inactive := activities(k.labels[:])
	below, _ := slices.BinarySearch(r.test, similarity)
	answer := map[string]any{
		"similarity": similarity, "id": k.id, "smiles": k.smiles, "active": active, "inactive": inactive,
		"nearer_than": float64(below) / float64(max(1, len(r.test))), "training": len(r.training),
	}
	if mol, err := smiles.Parse(k.smiles); err == nil {
		if svg, err := drawing(mol, nil, "nearest training compound "+strings.TrimSpace(k.id)); err == nil {
			answer["drawing"] = svg
		}
	}
	return answer
}
