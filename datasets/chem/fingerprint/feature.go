package fingerprint

import (
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem"
	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// featureSMARTS are the features of atoms that FCFP starts from, one bit each: donor, acceptor, aromatic, halogen,
// basic, acidic. After Gobbi and Poppinger 1998, Biotechnol. Bioeng. 61, 47, in RDKit's adaptation.
var featureSMARTS = []string{
	"[$([N;!H0;v3,v4&+1]),$([O,S;H1;+0]),n&H1&+0]",
	"[$([O,S;H1;v2;!$(*-*=[O,N,P,S])]),$([O,S;H0;v2]),$([O,S;-]),$([N;v3;!$(N-*=[O,N,P,S])])," +
		"n&H0&+0,$([o,s;+0;!$([o,s]:n);!$([o,s]:c:n)])]",
	"[a]",
	"[F,Cl,Br,I]",
	"[#7;+,$([N;H2&+0][$([C,a]);!$([C,a](=O))])," +
		"$([N;H1&+0]([$([C,a]);!$([C,a](=O))])[$([C,a]);!$([C,a](=O))])," +
		"$([N;H0&+0]([C;!$(C(=O))])([C;!$(C(=O))])[C;!$(C(=O))])]",
	"[$([C,S](=[O,S,P])-[O;H1,-1])]",
}

var featurePatterns = sync.OnceValue(func() []*smarts.Pattern { return smarts.MustParseAll(featureSMARTS) })

// FCFP returns the Morgan fingerprint over functional features: like ECFP, but an atom starts from the set of features
// it has (hydrogen bond donor or acceptor, aromatic, halogen, basic, acidic). FCFP4 has radius 2.
// Identifiers are RDKit's (GetMorganFingerprint with useFeatures).
func FCFP(m *chem.Mol, radius int) Counts {
	t := featureTargets.Get().(*smarts.Target)
	defer featureTargets.Put(t)
	t.Reset(m)
	g := featureGrowers.Get().(*grower)
	defer featureGrowers.Put(g)
	g.start(m)
	features(t, g.now)
	g.growAll(radius)
	return tally(g.ids)
}

// For reuse.
var (
	featureTargets = sync.Pool{New: func() any { return new(smarts.Target) }}
	featureGrowers = sync.Pool{New: func() any { return new(grower) }}
)

// features sets the set of features of each atom, bit k for feature k.
func features(t *smarts.Target, sets []uint32) {
	clear(sets)
	atoms := make([]int32, len(sets))
	for i := range atoms {
		atoms[i] = int32(i)
	}
	for k, p := range featurePatterns() {
		for _, i := range atoms[:t.Split(p, atoms)] {
			sets[i] |= 1 << k
		}
	}
}
