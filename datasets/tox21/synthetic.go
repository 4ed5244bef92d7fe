package tox21

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/selfnorm/selfnorm/datasets"
)

// Sizes of the stand-in, and how much of it is noise.
const (
	standInTrain       = 2400
	standInLeaderboard = 100 // of the training compounds
	standInTest        = 600
	standInMissing     = 0.25 // share of labels that were not measured
	standInNoise       = 1.2  // standard deviation of the noise on a score
	standInRepeats     = 0.04 // share of training compounds that repeat an earlier one
	standInSalts       = 0.05 // share of compounds drawn with a counterion
)

// Synthetic generates a stand-in for the real data: 2,400 training and 600 test compounds, assembled at random from rings, linkers and
// groups, and twelve tasks with the names of Tox21. The groups that make a compound active are invented, too, with noise, missing labels,
// and 4 to 15 % actives. Use it to test programs; results on it mean nothing for toxicity. The same seed gives the same data, for any
// number of threads.
func Synthetic(ctx context.Context, seed uint64, threads int) (*Data, error) {
	g := generator{rng: rand.New(rand.NewPCG(seed, 0x70c521))}
	d := &Data{Synthetic: true}
	scores := make([][NumTasks]float64, 0, standInTrain+standInTest)
	for i := range standInTrain + standInTest {
		c := Compound{ID: fmt.Sprintf("SYN%05d", i+1), Fold: -1}
		switch {
		case i >= standInTrain:
			c.Part = datasets.Test
		case i >= standInTrain-standInLeaderboard:
			c.Part, c.Fold = datasets.Validation, 5
		default:
			c.Fold = i % 5
		}
		var clean [NumTasks]float64
		c.SMILES, clean = g.compound(i < standInTrain)
		for t := range clean {
			clean[t] += standInNoise * g.rng.NormFloat64()
		}
		scores = append(scores, clean)
		d.Compounds = append(d.Compounds, c)
	}
	g.label(d.Compounds, scores)
	if err := d.complete(ctx, threads); err != nil {
		return nil, err
	}
	d.Notes = d.describe("SYNTHETIC stand-in for Tox21, made-up molecules and labels")
	return d, nil
}

// generator generates compounds.
type generator struct {
	rng     *rand.Rand
	earlier []recipe
	used    []string // pieces of the current molecule
	score   [NumTasks]float64
}

// recipe is a molecule and its scores before noise.
type recipe struct {
	smiles string
	score  [NumTasks]float64
}

// compound returns a SMILES and the scores of its tasks; it may repeat an earlier compound.
func (g *generator) compound(repeat bool) (string, [NumTasks]float64) {
	var r recipe
	if repeat && len(g.earlier) > 0 && g.rng.Float64() < standInRepeats {
		r = g.earlier[g.rng.IntN(len(g.earlier))]
	} else {
		r = g.molecule()
		g.earlier = append(g.earlier, r)
	}
	if g.rng.Float64() < standInSalts {
		return r.smiles + ".Cl", r.score
	}
	return r.smiles, r.score
}

// molecule is a chain of one to three rings, joined by linkers, with a group at each end and on each ring.
func (g *generator) molecule() recipe {
	g.used, g.score = g.used[:0], [NumTasks]float64{}
	var b strings.Builder
	b.WriteString("C") // a plain start, so that every group can be written after something
	for range 1 + g.rng.IntN(3) {
		b.WriteString(g.pick(linkers))
		b.WriteString(g.ring(0))
	}
	b.WriteString(g.pick(groups))
	for _, p := range pairs {
		if slices.Contains(g.used, p.first) && slices.Contains(g.used, p.second) {
			g.score[p.task] += p.by
		}
	}
	return recipe{b.String(), g.score}
}

// ring returns a ring with its substituent, which is a group or, now and then, another ring.
func (g *generator) ring(depth int) string {
	ring := shift(g.pick(rings), 2*depth)
	if depth == 0 && g.rng.IntN(5) == 0 {
		return strings.Replace(ring, "*", g.ring(1), 1)
	}
	return strings.Replace(ring, "*", shift(g.pick(groups), 2*depth+2), 1)
}

// pick draws a piece and notes its effects.
func (g *generator) pick(from []fragment) string {
	f := from[g.rng.IntN(len(from))]
	g.used = append(g.used, f.text)
	for _, e := range f.effects {
		g.score[e.task] += e.by
	}
	return f.text
}

// shift raises the numbers of ring closures, so that a piece can stand inside of another one.
func shift(text string, by int) string {
	return strings.Map(func(r rune) rune {
		if r >= '1' && r <= '9' {
			return r + rune(by)
		}
		return r
	}, text)
}

// label marks the compounds with the highest scores as active and then removes some of the labels.
func (g *generator) label(list []Compound, scores [][NumTasks]float64) {
	for t := range NumTasks {
		column := make([]float64, len(scores))
		for i := range scores {
			column[i] = scores[i][t]
		}
		slices.Sort(column)
		limit := column[int(float64(len(column))*(1-prevalence[t]))]
		for i := range list {
			switch {
			case g.rng.Float64() < standInMissing:
				list[i].Labels[t] = nan
			case scores[i][t] >= limit:
				list[i].Labels[t] = 1
			}
		}
	}
}
