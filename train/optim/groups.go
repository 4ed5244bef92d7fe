package optim

import (
	"fmt"
	"path"
	"strings"

	"github.com/pkg/errors"
)

// Group holds settings for the parameters whose names match a pattern: Group{Match: []string{"*.bias"}, NoDecay: true}.
type Group struct {
	// Match holds at least one pattern of path.Match for whole names: "hidden1.*", "*.bias", or a name.
	Match []string
	// RateFactor >= 0 multiplies the learning rate. 0 means 1; to stop learning, use Frozen.
	RateFactor float64
	// NoDecay exempts the parameters from weight decay.
	NoDecay bool
	// Frozen keeps the parameters unchanged.
	Frozen bool
}

// ParamSettings are the settings of one parameter. The zero value changes nothing.
type ParamSettings struct {
	// RateFactor multiplies the learning rate. 0 means 1.
	RateFactor float64
	// NoDecay exempts the parameter from weight decay.
	NoDecay bool
	// Frozen keeps the parameter and its buffers unchanged. Its gradient is not read and is not part of a norm.
	Frozen bool
}

func (s ParamSettings) factor() float64 { return orDefault(s.RateFactor, 1) }

func (s ParamSettings) check() error {
	if !(s.RateFactor >= 0) || !finite(s.RateFactor) {
		return errors.Errorf("rate factor %v, want a positive number, or 0 for 1", s.RateFactor)
	}
	return nil
}

// ResolveGroups returns the settings of the parameters with these names, in their order. A parameter takes all of its settings from the
// last group that matches it, so put exceptions last: {Match: "*", Frozen: true}, {Match: "output.*"} trains only the output. If a pattern
// matches no name, the error lists the names.
func ResolveGroups(names []string, groups []Group) ([]ParamSettings, error) {
	out := make([]ParamSettings, len(names))
	for k, g := range groups {
		s := ParamSettings{RateFactor: g.RateFactor, NoDecay: g.NoDecay, Frozen: g.Frozen}
		if err := s.check(); err != nil {
			return nil, errors.Wrapf(err, "optim: group %d", k)
		}
		if len(g.Match) == 0 {
			return nil, errors.Errorf("optim: group %d has no pattern; \"*\" matches all parameters", k)
		}
		for _, pattern := range g.Match {
			found := false
			for i, name := range names {
				ok, err := path.Match(pattern, name)
				if err != nil {
					return nil, errors.Wrapf(err, "optim: group %d: pattern %q", k, pattern)
				}
				if ok {
					out[i], found = s, true
				}
			}
			if !found {
				return nil, errors.Errorf("optim: group %d: pattern %q matches no parameter; there are %s", k, pattern, list(names))
			}
		}
	}
	return out, nil
}

// list joins names, up to a limit.
func list(names []string) string {
	const most = 50
	switch {
	case len(names) == 0:
		return "none"
	case len(names) > most:
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}
