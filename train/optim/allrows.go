package optim

import "github.com/pkg/errors"

// RowAdvice is the advice about a rule that takes no row-sparse gradients.
const RowAdvice = "use SGD, Adam or AdaGrad without momentum and L2, or optim.AllRows, which updates all rows in each step"

// AllRows is a rule that reads row-sparse gradients, such as that of an embedding, as dense ones, and then follows another rule:
// AllRows{Rule: AdamW{}}. So any rule can train such a network, to the result that it has with dense gradients, but each step takes time
// for all rows of a table.
type AllRows struct {
	// Rule takes the step.
	Rule Rule
}

var _ Preparer = AllRows{}

// takesRows reports whether a rule takes row-sparse gradients.
func takesRows(rule Rule) bool {
	r, ok := rule.(RowRule)
	return ok && r.TakesRows()
}

// readsAllRows reports whether the rule, or one inside it, is an AllRows.
func readsAllRows(rule Rule) bool {
	rule, err := valueOfRule(rule)
	if err != nil {
		return false
	}
	if c, ok := rule.(ClipNorm); ok {
		return readsAllRows(c.Rule)
	}
	_, ok := rule.(AllRows)
	return ok
}

// preparerOf returns the rule that works on all gradients first, or nil.
func preparerOf(rule Rule) Preparer {
	if a, ok := rule.(AllRows); ok {
		if inner, err := valueOfRule(a.Rule); err == nil {
			return preparerOf(inner)
		}
	}
	p, _ := rule.(Preparer)
	return p
}

// TakesRows reports whether the optimizer updates only the rows of a row-sparse gradient. If neither this nor AllRows is true, such a
// gradient is an error.
func (o *Optimizer) TakesRows() bool { return o != nil && o.takesRows && !o.allRows }

// AllRows reports whether the optimizer reads row-sparse gradients as dense ones, because its rule is an AllRows.
func (o *Optimizer) AllRows() bool { return o != nil && o.allRows }

// Name implements Rule: it is that of the other rule.
func (a AllRows) Name() string { return ClipNorm{Rule: a.Rule}.Name() }

// Check implements Rule.
func (a AllRows) Check() error {
	if _, err := valueOfRule(a.Rule); err != nil {
		return errors.Wrap(err, "AllRows")
	}
	return a.Rule.Check()
}

// Buffers implements Rule: they are those of the other rule.
func (a AllRows) Buffers() []string { return ClipNorm{Rule: a.Rule}.Buffers() }

// Prepare implements Preparer: it is that of the other rule, if that has one.
func (a AllRows) Prepare(g *Gradients) error {
	if p, ok := a.Rule.(Preparer); ok {
		return p.Prepare(g)
	}
	return nil
}

// Update32 implements Rule: it is the update of the other rule.
func (a AllRows) Update32(s Step, x Operands[float32]) error {
	if a.Rule == nil {
		return a.Check()
	}
	return a.Rule.Update32(s, x)
}

// Update64 implements Rule: it is the update of the other rule.
func (a AllRows) Update64(s Step, x Operands[float64]) error {
	if a.Rule == nil {
		return a.Check()
	}
	return a.Rule.Update64(s, x)
}

// LearningRate implements Rated: it is that of the rule inside.
func (a AllRows) LearningRate() float64 { return LearningRate(a.Rule) }
