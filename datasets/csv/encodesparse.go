package csv

import "github.com/selfnorm/selfnorm/datasets"

// oneHot are the features of a column of texts: for each of them the indices of those that are 1.
type oneHot struct {
	codes   *blocks[int32]
	of      [][]int32
	missing []int32
	width   int
}

// sparse returns the features of the categorical columns and of those of texts.
func (e *Encoder) sparse(t *Table) (*datasets.Sparse, error) {
	var all []oneHot
	for i := range e.f.Categorical {
		k := &e.f.Categorical[i]
		c, err := t.column(k.Name, Categorical)
		if err != nil {
			return nil, err
		}
		all = append(all, k.oneHot(c))
	}
	for i := range e.f.Texts {
		x := &e.f.Texts[i]
		c, err := t.column(x.Name, Categorical)
		if err != nil {
			return nil, err
		}
		h := oneHot{codes: &c.codes, of: x.places(c), width: x.features()}
		if x.Indicator {
			h.missing = []int32{int32(len(x.Words))}
		}
		all = append(all, h)
	}
	_, cols := e.f.cols()
	start, index := make([]int, 1, t.Len()+1), make([]int32, 0, t.Len()*len(all))
	for r := range t.Len() {
		left := int32(0)
		for i := range all {
			h := &all[i]
			ones := h.missing
			if code := *h.codes.at(r); code >= 0 {
				ones = h.of[code]
			}
			for _, j := range ones {
				index = append(index, left+j)
			}
			left += int32(h.width)
		}
		start = append(start, len(index))
	}
	ones := make([]float32, len(index))
	for i := range ones {
		ones[i] = 1
	}
	return datasets.NewSparse(cols, start, index, ones)
}

// oneHot returns the features of a column of a table.
func (k *categorical) oneHot(c *column) oneHot {
	find := k.find()
	h := oneHot{codes: &c.codes, of: make([][]int32, len(c.dict)), width: len(k.Categories)}
	for code, s := range c.dict {
		if j := find(s); j >= 0 {
			h.of[code] = []int32{j}
		}
	}
	if k.Fill >= 0 {
		h.missing = []int32{int32(k.Fill)}
	}
	if k.Indicator {
		h.missing = append(h.missing, int32(len(k.Categories)))
		h.width++
	}
	return h
}
