package main

import (
	"fmt"
	"slices"

	"github.com/pkg/errors"
	"github.com/selfnorm/selfnorm/datasets/csv"
)

// maxCategories is the largest number of different texts in a column of categories that no flag names.
const maxCategories = 100

// tryDecimalComma reads the table again with decimal commas, if that turns texts into numbers. It does not if commas separate the fields:
// there "1,234" in quotes is a thousand.
func (p *problem) tryDecimalComma(o *options) error {
	numbers := func(t *csv.Table) (n int) {
		for _, c := range t.Columns() {
			if c.Kind == csv.Numeric {
				n++
			}
		}
		return n
	}
	if o.commaGiven || p.table.Comma() == ',' || numbers(p.table) == len(p.table.Columns()) {
		return nil
	}
	try := o.table
	try.DecimalComma = true
	table, err := csv.Read(o.Data, try)
	if err != nil {
		return errors.Wrap(err, "with decimal commas, which -decimal-comma=false turns off")
	}
	if numbers(table) > numbers(p.table) {
		p.table, o.table = table, try
		p.note("Numbers have decimal commas: 1,5 is one and a half. If that is wrong, use -decimal-comma=false.")
	}
	return nil
}

// useless returns the columns from which nothing can be learned, and notes the reasons. It keeps columns that a flag names.
func (p *problem) useless(o options) (names []string) {
	named := append(slices.Concat(o.table.Targets, o.table.Categorical, o.table.Numeric), o.table.ID)
	columns := p.table.Columns()
	for i, c := range columns {
		isNamed := func(name string) bool {
			return name == c.Name || name == fmt.Sprint(i+1) || name == fmt.Sprint(i-len(columns))
		}
		switch {
		case slices.ContainsFunc(named, isNamed):
			continue
		case p.table.Constant(i):
			p.note("Column %q is left out: it is the same in all rows.", c.Name)
		case p.table.RowNumbers(i):
			p.note("Column %q is left out: it counts the rows. If it is a feature, name it with -numeric; if it names the rows, with -id.", c.Name)
		case c.Kind == csv.Categorical && c.Distinct > maxCategories:
			text, line := p.table.FirstText(i)
			p.note("Column %q is left out: %d different texts in %d rows, such as %q on line %d. If they are categories, name it with -categorical%s.",
				c.Name, c.Distinct, p.table.Len(), shorten(text), line, hint(c.Distinct == p.table.Len()))
		default:
			continue
		}
		names = append(names, c.Name)
	}
	return names
}

func hint(names bool) string {
	if names {
		return "; if they name the rows, with -id"
	}
	return ""
}

// shorten cuts a long text.
func shorten(s string) string {
	if r := []rune(s); len(r) > 40 {
		return string(r[:40]) + "..."
	}
	return s
}
