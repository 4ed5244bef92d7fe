package tox21

import (
	"fmt"
	"strconv"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets"
	"github.com/selfnorm/selfnorm/datasets/chem"
)

// Compound is one tested substance.
type Compound struct {
	ID       string
	InChIKey string // empty if the source has none
	SMILES   string // as the source writes it; empty if it has a drawing instead, or nothing

	// Mol is the molecule as drawn, with salts and solvents, or nil if it cannot be read.
	Mol *chem.Mol
	// Problem is the reason for a nil Mol.
	Problem string
	// Parent is the canonical SMILES, without stereochemistry, of the largest fragment made neutral. Compounds with
	// the same parent are variants of one thing: salts, stereoisomers, repeats. An unreadable compound is its own
	// parent, written as "?" and its ID.
	Parent string

	Labels Labels
	Part   datasets.Part // Train, Validation (the challenge's leaderboard) or Test, as the source says
	Fold   int           // official fold: 0 to 4, 5 for the leaderboard, -1 for none
	File   string        // the file and line of the compound in its source
	Line   int
}

// Data is the challenge as a list of compounds, readable or not, in the order of the source. A nil Data has no compounds.
type Data struct {
	Compounds []Compound
	Synthetic bool   // made up by [Synthetic]
	Notes     string // the origin of the data, in one line
}

// list returns the compounds.
func (d *Data) list() []Compound {
	if d == nil {
		return nil
	}
	return d.Compounds
}

// Mols returns the molecules of all compounds; nil stands for an unreadable one.
func (d *Data) Mols() []*chem.Mol {
	list := d.list()
	mols := make([]*chem.Mol, len(list))
	for i := range mols {
		mols[i] = list[i].Mol
	}
	return mols
}

// TrainRows returns the compounds to train on: those of the training part and of the leaderboard whose molecule can
// be read.
func (d *Data) TrainRows() []int {
	return d.rows(func(c *Compound) bool { return c.Part != datasets.Test && c.Mol != nil })
}

// TestRows returns all compounds of the test part. Some may be unreadable: their prediction is [Data.BaseRates] of the
// training rows, so that results are comparable with others on the same rows; [Data.FillUnreadable] puts it in.
func (d *Data) TestRows() []int {
	return d.rows(func(c *Compound) bool { return c.Part == datasets.Test })
}

func (d *Data) rows(want func(*Compound) bool) []int {
	var rows []int
	list := d.list()
	for i := range list {
		if want(&list[i]) {
			rows = append(rows, i)
		}
	}
	return rows
}

// Skipped lists the compounds whose molecule cannot be read.
func (d *Data) Skipped() []datasets.Skipped {
	var skipped []datasets.Skipped
	list := d.list()
	for i := range list {
		if c := &list[i]; c.Mol == nil {
			skipped = append(skipped, datasets.Skipped{ID: c.ID, Row: i, Line: c.Line, Reason: c.Problem})
		}
	}
	return skipped
}

// Groups returns the parent of every compound, the key that [datasets.GroupKFold] and [datasets.WithoutGroups] want.
func (d *Data) Groups() []string {
	list := d.list()
	groups := make([]string, len(list))
	for i := range groups {
		groups[i] = list[i].Parent
	}
	return groups
}

// Set joins the compounds with their features, one row per compound in the same order; names are the names of the columns
// and may be nil. Unreadable compounds stay in the test part and are [datasets.Excluded] from training; all are in Skipped.
// It returns an error if the sizes differ or a feature is not a finite number.
func (d *Data) Set(f datasets.Features, names []string) (*datasets.Set, error) {
	if d == nil {
		return nil, errors.New("tox21: there are no compounds")
	}
	set := &datasets.Set{
		Name: "tox21", Synthetic: d.Synthetic, Notes: d.Notes,
		Features: f, FeatureNames: names,
		Tasks: Tasks(), Groups: d.Groups(), Skipped: d.Skipped(),
	}
	for i := range d.Compounds {
		c := &d.Compounds[i]
		part := c.Part
		if c.Mol == nil && part != datasets.Test {
			part = datasets.Excluded
		}
		set.IDs = append(set.IDs, c.ID)
		set.Labels = append(set.Labels, c.Labels[:]...)
		set.Part = append(set.Part, part)
		set.Fold = append(set.Fold, c.Fold)
	}
	if err := set.Validate(); err != nil {
		return nil, err
	}
	return set, nil
}

// describe is the line of Notes: the origin, and how many compounds there are and can be used.
func (d *Data) describe(origin string) string {
	var train, test, lost, blank int
	for i := range d.Compounds {
		c := &d.Compounds[i]
		if c.Part == datasets.Test {
			test++
		} else {
			train++
		}
		switch {
		case c.Mol == nil && c.Part == datasets.Test:
			blank++
		case c.Mol == nil:
			lost++
		}
	}
	return fmt.Sprintf("%s: %s training compounds (%d of them unreadable and skipped), %s test compounds "+
		"(%d of them unreadable, predicted by the training base rate)", origin, thousands(train), lost, thousands(test), blank)
}

// thousands writes a count with a comma between the thousands: 12,060.
func thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
