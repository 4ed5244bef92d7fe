package optim

import (
	"slices"
	"strings"
	"sync"

	"github.com/pkg/errors"
)

// named is a rule that is known by name.
type named struct {
	name string
	make func(rate, decay float64) Rule
}

var (
	registryMu sync.RWMutex
	registry   []named
)

// Register adds a rule for ByName and Names, so that flags and files can refer to it. make returns the rule with the given learning rate
// and weight decay; 0 means the default. An empty name means the rule's own Name. Call Register in an init function. It returns an error if
// the name is taken, or if make is nil or returns no rule.
func Register(name string, make func(rate, decay float64) Rule) (err error) {
	defer recovered(&err, "the function for Register")
	if make == nil {
		return errors.Errorf("optim: register %q: no function", name)
	}
	rule, err := valueOfRule(make(0, 0))
	if err != nil {
		return errors.Wrapf(err, "optim: register %q", name)
	}
	if name == "" {
		name = rule.Name()
	}
	if name == "" || strings.ContainsFunc(name, notInName) {
		return errors.Errorf("optim: register %q: want letters, digits, '-' and '_'", name)
	}
	registryMu.Lock()
	defer registryMu.Unlock()
	at, taken := slices.BinarySearchFunc(registry, name, func(n named, name string) int { return strings.Compare(n.name, name) })
	if taken {
		return errors.Errorf("optim: register %q: the name is taken", name)
	}
	registry = slices.Insert(registry, at, named{name, make})
	return nil
}

func mustRegister(name string, make func(rate, decay float64) Rule) {
	if err := Register(name, make); err != nil {
		panic(err)
	}
}

// known returns the registered rules, sorted by name.
func known() []named {
	registryMu.RLock()
	defer registryMu.RUnlock()
	return slices.Clone(registry)
}

// Names returns the names that ByName knows, sorted.
func Names() (names []string) {
	for _, n := range known() {
		names = append(names, n.name)
	}
	return names
}

// ByName returns a rule by its name, one of Names, for flags and files. "momentum" and "nesterov" are SGD with a momentum of 0.9. A rate or
// weight decay of 0 means the rule's default. The weight decay sets the field L2, or Decay for AdamW. ByName returns an error for an
// unknown name, and for a number that is negative or not finite.
func ByName(name string, rate, decay float64) (_ Rule, err error) {
	defer recovered(&err, "a registered function")
	for _, n := range known() {
		if n.name != name {
			continue
		}
		if err := check("optim: "+name, []setting{notNegative("rate", rate), notNegative("weight decay", decay)}); err != nil {
			return nil, err
		}
		return n.make(rate, decay), nil
	}
	return nil, errors.Errorf("optim: no optimizer %q; there are %s", name, strings.Join(Names(), ", "))
}
