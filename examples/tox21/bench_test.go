package main

import (
	"fmt"
	"testing"
	"time"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/tox21"
	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train/predict"
)

// BenchmarkMolecules predicts compounds of the challenge from their SMILES with the default features and network, on one thread: a block of many, and one
// at a time. Its figures are for one molecule.
func BenchmarkMolecules(b *testing.B) {
	d, err := tox21.Embedded(b.Context(), 0)
	if err != nil {
		b.Fatal(err)
	}
	raw, err := tox21.Compute(b.Context(), d.Mols(), nil, 0)
	if err != nil {
		b.Fatal(err)
	}
	p := &predictor{threads: 1}
	if p.featurizer, err = raw.Fit(d.TrainRows()); err != nil {
		b.Fatal(err)
	}
	net, err := graphs.New(graphs.SNN{Layers: 4, Units: 256, Outputs: tox21.NumTasks}, graphs.Matrix(p.featurizer.Cols()), graphs.BCE, graphs.Seed(1))
	if err != nil {
		b.Fatal(err)
	}
	member, err := predict.New(net, nil)
	if err != nil {
		b.Fatal(err)
	}
	defer member.Close()
	p.networks = []*predict.Predictor{member}
	var texts []string
	for i := 0; len(texts) < 1024; i += 12 {
		if c := &d.Compounds[i]; c.Mol != nil {
			texts = append(texts, c.SMILES)
		}
	}
	for _, rows := range []int{1024, 128, 1} {
		b.Run(fmt.Sprintf("rows=%d", rows), func(b *testing.B) { benchmarkPredict(b, p, texts, rows) })
	}
}

// benchmarkPredict predicts the texts in blocks of that many.
func benchmarkPredict(b *testing.B, p *predictor, texts []string, rows int) {
	b.ReportAllocs()
	mols := make([]*chem.Mol, rows)
	at := 0
	predicted, began := 0, time.Now()
	for b.Loop() {
		for k := range mols {
			m, err := smiles.Parse(texts[at])
			if err != nil {
				b.Fatal(err)
			}
			mols[k] = m
			at = (at + 1) % len(texts)
		}
		if _, err := p.predict(b.Context(), mols); err != nil {
			b.Fatal(err)
		}
		predicted += rows
	}
	b.ReportMetric(float64(time.Since(began).Microseconds())/float64(predicted), "us/molecule")
}
