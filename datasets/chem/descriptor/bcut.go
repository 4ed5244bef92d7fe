package descriptor

// bcutBlock holds the largest and smallest eigenvalue of the Burden matrix with masses, charges, log P and refractivity
// of the atoms on the diagonal. Pearlman and Smith 1999, "Metric validation and the receptor-relevant subspace
// concept", J. Chem. Inf. Comput. Sci. 39, 28. All are 0 if an atom has no Gasteiger parameters, as for most metals.
var bcutBlock = block{
	[]string{
		"BCUT2D_MWHI", "BCUT2D_MWLOW", "BCUT2D_CHGHI", "BCUT2D_CHGLO",
		"BCUT2D_LOGPHI", "BCUT2D_LOGPLOW", "BCUT2D_MRHI", "BCUT2D_MRLOW",
	},
	func(p *profile, values []float64) {
		masses := p.space.zeros(len(p.m.Atoms()))
		for i := range p.m.Atoms() {
			if gasteigerOf(p.m, i, p.hybrids[i]) == (electronegativity{}) {
				return
			}
			masses[i] = p.m.Atoms()[i].Mass()
		}
		for k := range p.m.Bonds() {
			if b := &p.m.Bonds()[k]; b.Order == 0 || b.Order > 3 {
				return
			}
		}
		p.burden.reset(p.m, &[numLanes][]float64{masses, p.charges, p.crippen.logP, p.crippen.r})
		for k, s := range p.burden.extremes() {
			values[2*k], values[2*k+1] = s.highest, s.lowest
		}
	},
}
