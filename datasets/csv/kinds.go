package csv

import "iter"

// kinds yields the columns that make features.
func (f *fitted) kinds() iter.Seq2[string, Kind] {
	return func(yield func(string, Kind) bool) {
		for _, n := range f.Numeric {
			name, kind := n.Name, Numeric
			if n.Date != nil {
				if !n.Date.First {
					continue
				}
				name, kind = n.Date.Column, Date
			}
			if !yield(name, kind) {
				return
			}
		}
		for _, k := range f.Categorical {
			if !yield(k.Name, Categorical) {
				return
			}
		}
		for _, x := range f.Texts {
			if !yield(x.Name, Text) {
				return
			}
		}
	}
}
