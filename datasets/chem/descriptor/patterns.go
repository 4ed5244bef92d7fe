package descriptor

import (
	"strings"
	"sync"

	"github.com/selfnorm/selfnorm/datasets/chem/smarts"
)

// patternSet holds the parsed patterns of all families, parsed together so that a target looks only once for what they have in common.
type patternSet struct {
	donor, acceptor, rotatable    *smarts.Pattern
	crippenAtoms, crippenHydrogen crippenTable
	qedAliphatic                  *smarts.Pattern
	qedAcceptors, qedAlerts       []*smarts.Pattern
	fragments                     []*smarts.Pattern
}

var patterns = sync.OnceValue(func() *patternSet {
	groups := [][]string{
		lipinskiSMARTS, crippenSources(crippenTypes), crippenSources(crippenHydrogens), {qedAliphaticSMARTS}, qedAcceptorSMARTS, qedAlertSMARTS, nil,
	}
	last := len(groups) - 1
	for _, f := range fragmentSMARTS {
		_, source, _ := strings.Cut(f, " ")
		groups[last] = append(groups[last], source)
	}
	var sources []string
	for _, g := range groups {
		sources = append(sources, g...)
	}
	all := smarts.MustParseAll(sources)
	next := func() (group []*smarts.Pattern) {
		n := len(groups[0])
		group, all, groups = all[:n], all[n:], groups[1:]
		return group
	}
	lipinski := next()
	return &patternSet{
		donor: lipinski[0], acceptor: lipinski[1], rotatable: lipinski[2],
		crippenAtoms: crippenTable{crippenTypes, next(), crippenType{}}, crippenHydrogen: crippenTable{crippenHydrogens, next(), otherHydrogen},
		qedAliphatic: next()[0], qedAcceptors: next(), qedAlerts: next(), fragments: next(),
	}
})
