package csv

import (
	"strconv"
	"strings"

	"github.com/pkg/errors"

	"github.com/selfnorm/selfnorm/datasets/internal/formats"
)

// begin names the columns and sets the kinds that are known beforehand.
func (r *reader) begin(first []string, header bool, e *Encoder) error {
	r.columns = make([]column, len(first))
	hint := ""
	if r.opts.Header == HeaderAuto {
		hint = "; if this line names no columns, use " + r.opts.setting("Header", string(HeaderNo))
	}
	r.opts.Header = HeaderNo
	if header {
		r.opts.Header = HeaderYes
	}
	r.place = make(map[string]int, len(first))
	for i := range first {
		name := strconv.Itoa(i + 1)
		if header && first[i] != "" {
			name = strings.Clone(first[i])
		}
		if _, twice := r.place[name]; twice {
			return r.errorAt(i, "column %s comes twice, as number %d and %d; rename one%s", formats.Quote(name), r.place[name]+1, i+1, hint)
		}
		r.place[name] = i
		if !header || first[i] != "" {
			r.named = i + 1
		}
		r.columns[i].name = name
	}
	if e != nil {
		return r.beginFor(e)
	}
	for _, set := range []struct {
		kind  Kind
		names []string
	}{{Ignored, r.opts.Ignore}, {Categorical, r.opts.Categorical}, {Numeric, r.opts.Numeric}} {
		for _, n := range set.names {
			at, err := r.find(n)
			if err != nil {
				return errors.Wrap(err, r.name)
			}
			if c := &r.columns[at]; c.kind != "" && c.kind != set.kind {
				return errors.Errorf("%s: column %s cannot be both %s and %s", r.name, formats.Quote(c.name), c.kind, set.kind)
			}
			c := &r.columns[at]
			c.kind, c.forced, c.strict = set.kind, true, set.kind == Numeric
		}
	}
	return r.beginRoles()
}

// beginRoles finds the targets and the names of the rows.
func (r *reader) beginRoles() error {
	if r.opts.ID != "" {
		at, err := r.find(r.opts.ID)
		if err != nil {
			return errors.Wrap(err, r.name)
		}
		r.id = at
		r.columns[at].kind, r.columns[at].forced = Categorical, true
	}
	for _, t := range r.opts.Targets {
		at, err := r.find(t)
		if err != nil {
			return errors.Wrapf(err, "%s: target", r.name)
		}
		c := &r.columns[at]
		if r.isTarget(at) || at == r.id || c.kind == Ignored {
			return errors.Errorf("%s: column %s is the target and something else", r.name, formats.Quote(c.name))
		}
		if r.opts.Problem == Regression {
			if c.kind == Categorical {
				return errors.Errorf("%s: column %s cannot be both categorical and the target of a regression", r.name, formats.Quote(c.name))
			}
			c.kind, c.forced, c.strict = Numeric, true, true
		}
		r.targets = append(r.targets, at)
	}
	return r.beginGroups()
}
