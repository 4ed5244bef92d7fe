package chem_test

import (
	"io"
	"math"
	"strings"
	"testing"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/depict"
	"github.com/selfnorm/selfnorm/datasets/chem/descriptor"
	"github.com/selfnorm/selfnorm/datasets/chem/fingerprint"
	"github.com/selfnorm/selfnorm/datasets/chem/internal/chemtest"
	"github.com/selfnorm/selfnorm/datasets/chem/sdf"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
	"github.com/selfnorm/selfnorm/datasets/chem/smiles"
	"github.com/selfnorm/selfnorm/datasets/chem/standardize"
)

// callAll calls every public function that takes a molecule, with indices that make no sense.
func callAll(t *testing.T, m *chem.Mol) {
	t.Helper()
	for _, i := range []int{math.MinInt / 8, -1, 0, len(m.Atoms()), math.MaxInt / 8} {
		m.Neighbors(i)
		m.Degree(i)
		m.BondBetween(i, 0)
		m.BondBetween(0, i)
	}
	m.Rings()
	m.Components()
	m.Fragments()
	m.MergeHydrogens()
	m.HeavyAtoms()
	m.NetCharge()
	for _, a := range m.Atoms() {
		a.Mass()
	}
	if f := m.Formula(); len(m.Atoms()) == 0 && f != "" || math.IsNaN(m.Weight()) {
		t.Errorf("formula %q, weight %v", f, m.Weight())
	}
	smiles.Canonical(m)
	features(t, standardize.Parent(m))
	standardize.ParentKey(m)
	features(t, m)
}

// features computes all features, with absurd sizes, and checks that they are finite.
func features(t *testing.T, m *chem.Mol) {
	t.Helper()
	for _, radius := range []int{math.MinInt / 8, -1, 0, 3, math.MaxInt / 8} {
		if f := fingerprint.ECFP(m, radius); (len(f) == 0) != (radius < 0 || len(m.Atoms()) == 0) {
			t.Errorf("radius %d: %d identifiers of %d atoms", radius, len(f), len(m.Atoms()))
		}
		fingerprint.FCFP(m, radius)
		fingerprint.ECFPSizes(m, radius)
	}
	fingerprint.AtomPairs(m)
	if len(m.Atoms()) < 1000 { // others take memory for the square of their atoms
		for _, radius := range []int{math.MinInt / 8, 0, 3} {
			for range fingerprint.ECFPOccurrences(m, radius) {
			}
			for range fingerprint.FCFPOccurrences(m, radius) {
			}
		}
	}
	for range fingerprint.AtomPairOccurrences(m) {
	}
	if len(m.Atoms()) < 1000 {
		depict.Layout(m)
		for _, o := range []depict.Options{{}, {Weights: []float64{1}}, {Weights: make([]float64, len(m.Atoms())), Most: math.Inf(1)}} {
			_, _ = depict.SVG(m, o)
		}
	}
	fingerprint.MACCS(m)
	values := append(descriptor.Compute(m), descriptor.Autocorrelation2D(m)...)
	values = append(values, descriptor.TPSA(m), descriptor.CrippenLogP(m), descriptor.CrippenMR(m),
		float64(descriptor.Donors(m)), float64(descriptor.Acceptors(m)), float64(descriptor.RotatableBonds(m)))
	for k, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			t.Errorf("value %d is %v", k, v)
		}
	}
	target, p := smarts.NewTarget(m), smarts.MustParse("[#6]~[*]")
	target.Match(p)
	target.Count(p)
	for _, i := range []int{math.MinInt / 8, -1, 0, len(m.Atoms()), math.MaxInt / 8} {
		target.MatchAt(p, i)
		target.MatchAt(nil, i)
		target.Split(p, []int32{int32(max(min(i, math.MaxInt32), math.MinInt32))})
	}
	if target.Mol() != m || target.Match(nil) || target.Count(nil) != 0 || target.Match(new(smarts.Pattern)) {
		t.Error("a missing pattern occurs")
	}
	target.Reset(m)
	target.Reset(nil)
	p.Match(m)
	p.Count(m)
	p.Matches(m)
}

func TestNilAndZero(t *testing.T) {
	callAll(t, nil)
	callAll(t, new(chem.Mol))
	m, err := chem.New(nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	callAll(t, m)

	var p *smarts.Pattern
	if p.Match(m) || p.Count(m) != 0 || p.Matches(m) != nil || p.NumAtoms() != 0 || p.String() != "" {
		t.Error("a nil pattern occurs")
	}
	for _, target := range []*smarts.Target{nil, new(smarts.Target)} {
		target.Reset(nil)
		if q := smarts.MustParse("C"); target.Match(q) || target.Count(q) != 0 || target.Exceeds(q, 0) || target.Split(q, []int32{0, -1}) != 0 || target.MatchAt(q, 0) || target.Exhausted() || target.Mol() != nil {
			t.Error("a pattern occurs in nothing")
		}
	}
	for _, e := range []error{(*chem.AtomError)(nil), (*chem.BondError)(nil), (*smiles.SyntaxError)(nil), (*sdf.FormatError)(nil)} {
		if e.Error() == "" {
			t.Errorf("%T has no text", e)
		}
	}
	for _, r := range []*sdf.Reader{nil, new(sdf.Reader), sdf.NewReader(nil)} {
		if _, err := r.Next(); err == nil || err == io.EOF {
			t.Errorf("reading nothing gives error %v", err)
		}
	}
	if _, err := sdf.ParseMolfile(nil); err == nil {
		t.Error("a nil reader is read")
	}
	if fingerprint.Tanimoto(nil, nil) != 0 || fingerprint.Counts(nil).Total() != 0 || fingerprint.Counts(nil).N(7) != 0 {
		t.Error("an empty fingerprint has counts")
	}
	for _, bits := range []int{math.MinInt / 8, 0, math.MaxInt / 8, math.MaxInt} {
		if _, err := (fingerprint.Counts{{ID: 1, N: 1}}).Fold(bits); err == nil {
			t.Errorf("folding to %d bits succeeds", bits)
		}
	}
	if chem.Symbol(255) != "*" || chem.Symbol(6) != "C" || (chem.Atom{Number: 255}).Mass() != 0 {
		t.Error("symbol or mass beyond the table")
	}
}

// Invalid SMILES and SMARTS are errors, however long or deep.
func TestParseErrors(t *testing.T) {
	const many = 1 << 20
	for name, s := range map[string]string{
		"zero byte": "\x00", "no UTF-8": "\xff\xfe", "branches": strings.Repeat("C(", many), "open": strings.Repeat("(", many), "brackets": strings.Repeat("[", many),
		"ring": "C%", "ring number": "C%(99999999999999999999)", "charge": "[C+99999999999999999999]", "isotope": "[99999999999999999999C]", "hydrogens": "[CH99999999999999999999]",
		"recursion": strings.Repeat("[$(C", many), "closed": strings.Repeat(")", many), "bond": "=", "bonds": strings.Repeat("=", many),
	} {
		if m, err := smiles.Parse(s); err == nil || m != nil {
			t.Errorf("%s: a molecule, error %v", name, err)
		}
		if p, err := smarts.Parse(s); err == nil || p != nil {
			t.Errorf("%s: a pattern, error %v", name, err)
		}
	}
	for _, line := range []string{"C) name", " ", "\t|$_AP1$|", "C\x00 x"} {
		if m, _, err := smiles.ParseLine(line); err == nil && m == nil {
			t.Errorf("%q: neither molecule nor error", line)
		}
	}
	if m, err := smiles.Parse(strings.Repeat("C", chem.MaxAtoms+1)); err == nil || m != nil {
		t.Errorf("too many atoms: error %v", err)
	}
	if len(descriptor.Names()) != len(descriptor.Compute(nil)) || len(descriptor.AutocorrelationNames()) != len(descriptor.Autocorrelation2D(nil)) {
		t.Error("descriptors of nothing and their names differ in number")
	}
}

func TestMustParsePanicsWithPattern(t *testing.T) {
	defer func() {
		if text, ok := recover().(string); !ok || !strings.Contains(text, "C(=O") {
			t.Errorf("panic %q does not name the pattern", text)
		}
	}()
	smarts.MustParse("C(=O")
}

// TestNewErrors: New refuses what is out of range.
func TestNewErrors(t *testing.T) {
	carbon := chem.Atom{Number: 6}
	two := []chem.Atom{carbon, carbon}
	for name, c := range map[string]struct {
		atoms []chem.Atom
		bonds []chem.Bond
	}{
		"element":         {[]chem.Atom{{Number: 119}}, nil},
		"charge":          {[]chem.Atom{{Number: 6, Charge: -128}}, nil},
		"hydrogens":       {[]chem.Atom{{Number: 6, Hs: 255}}, nil},
		"isotope":         {[]chem.Atom{{Number: 6, Isotope: 65535}}, nil},
		"too many atoms":  {make([]chem.Atom, chem.MaxAtoms+1), nil},
		"no atoms":        {nil, []chem.Bond{{Begin: 0, End: 1, Order: 1}}},
		"negative atom":   {two, []chem.Bond{{Begin: -1, End: 1, Order: 1}}},
		"atom out there":  {two, []chem.Bond{{Begin: 0, End: math.MaxInt32, Order: 1}}},
		"itself":          {two, []chem.Bond{{Begin: 1, End: 1, Order: 1}}},
		"order":           {two, []chem.Bond{{Begin: 0, End: 1, Order: 5}}},
		"twice":           {two, []chem.Bond{{Begin: 0, End: 1, Order: 1}, {Begin: 1, End: 0, Order: 1}}},
		"valence":         {[]chem.Atom{{Number: 6, Hs: 5}}, nil},
		"aromatic chain":  {[]chem.Atom{{Number: 6, Aromatic: true}, carbon}, []chem.Bond{{Begin: 0, End: 1, Aromatic: true}}},
		"five at carbon":  {[]chem.Atom{carbon, carbon}, []chem.Bond{{Begin: 0, End: 1, Order: 4}, {Begin: 0, End: 0}}},
		"order of none":   {two, []chem.Bond{{Begin: 0, End: 1, Order: 1, Unspecified: true}}},
		"bare ion of two": {[]chem.Atom{{Number: 1, Charge: 2}}, nil},
	} {
		if m, err := chem.New(c.atoms, c.bonds); err == nil || m != nil {
			t.Errorf("%s: molecule %v, error %v", name, m, err)
		}
	}
}

// TestNewIsIdempotent: a molecule's own atoms and bonds, in any order, make the same molecule.
func TestNewIsIdempotent(t *testing.T) {
	for _, s := range chemtest.Mixed {
		m := chemtest.Mol(t, s)
		again, err := chem.New(m.Atoms(), m.Bonds())
		if err != nil {
			t.Errorf("%s: %v", s, err)
		} else if a, b := smiles.Canonical(m), smiles.Canonical(again); a != b {
			t.Errorf("%s: %s, again %s", s, a, b)
		}
	}
}

// FuzzNew checks that no atoms and bonds make the perception or the features panic. The bytes are taken six by six:
// number, charge, hydrogens, flags of an atom and two differences to an earlier atom that it is bonded to.
func FuzzNew(f *testing.F) {
	f.Add([]byte("\x06\x00\x00\x01\x00\x00\x06\x00\x00\x11\x01\x00\x06\x00\x00\x11\x01\x00\x06\x00\x00\x11\x01\x00\x06\x00\x00\x11\x01\x05"))
	f.Fuzz(func(t *testing.T, data []byte) {
		var atoms []chem.Atom
		var bonds []chem.Bond
		for ; len(data) >= 6 && len(atoms) < 40; data = data[6:] {
			k, flags := int32(len(atoms)), data[3]
			atoms = append(atoms, chem.Atom{Number: data[0], Charge: int8(data[1]), Hs: data[2] & 7, Aromatic: flags&1 != 0,
				NoImplicit: flags&2 != 0, Radicals: flags >> 2 & 1, Isotope: uint16(flags >> 7 * 13)})
			for n, back := range data[4:6] {
				if back > 0 {
					bonds = append(bonds, chem.Bond{Begin: k - int32(back), End: k, Order: (flags>>(3+2*n) + 1) & 7, Aromatic: flags>>4&1 != 0,
						Directed: flags>>5&1 != 0})
				}
			}
		}
		m, err := chem.New(atoms, bonds)
		if err != nil {
			return
		}
		chemtest.CheckMol(t, m)
		callAll(t, m)
	})
}
