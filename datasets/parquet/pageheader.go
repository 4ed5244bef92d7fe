package parquet

// Fields of the header of a page, and of the structures in it.
const (
	fieldType       = 1
	fieldUnpacked   = 2
	fieldPacked     = 3
	fieldData       = 5 // a structure; so are the next two
	fieldDictionary = 7
	fieldDataV2     = 8

	fieldValues     = 1 // in each of the structures
	fieldDefinition = 5 // in fieldDataV2; so are the next two
	fieldRepetition = 6
	fieldIsPacked   = 7

	typeDataV2 = 3 // a value of fieldType
)

// pageHeader holds the fields of the header of a page.
type pageHeader struct {
	data   int64 // where the page begins, behind its header
	plain  bool  // though the column is packed
	outer  [fieldDataV2 + 1]int64
	inner  [fieldDataV2 + 1][fieldIsPacked + 1]int64
	within int16 // the field of the structure that is read, 0 for none
	seen   [fieldDataV2 + 1]bool
	inside [fieldIsPacked + 1]bool
}

func (p *pageHeader) unpacked() int64 { return p.outer[fieldUnpacked] }
func (p *pageHeader) packed() int64   { return p.outer[fieldPacked] }
func (p *pageHeader) next() int64     { return p.data + p.packed() }

// values is the number of values that the page claims to have.
func (p *pageHeader) values() int64 {
	return max(p.inner[fieldData][fieldValues], p.inner[fieldDictionary][fieldValues], p.inner[fieldDataV2][fieldValues])
}

// levels is the length of what is never packed, in front of the values.
func (p *pageHeader) levels() int64 {
	if p.outer[fieldType] != typeDataV2 {
		return 0
	}
	return max(0, p.inner[fieldDataV2][fieldDefinition]) + max(0, p.inner[fieldDataV2][fieldRepetition])
}

// field is called at the beginning of a field. It reports whether the header may go on: a field that comes twice could be read in two ways.
func (p *pageHeader) field(field int16, kind byte, depth int) bool {
	switch {
	case depth == 0:
		p.within, p.inside = 0, [len(p.inside)]bool{}
		if kind == typeStruct {
			p.within = field
		}
		return once(p.seen[:], field)
	case depth == 1 && p.within != 0:
		if p.within == fieldDataV2 && field == fieldIsPacked && kind == typeFalse {
			p.plain = true
		}
		return once(p.inside[:], field)
	}
	return true
}

func once(seen []bool, field int16) bool {
	if field < 0 || int(field) >= len(seen) {
		return true
	}
	if seen[field] {
		return false
	}
	seen[field] = true
	return true
}

// number is called with the number that a field has.
func (p *pageHeader) number(field int16, depth int, v int64) {
	switch {
	case field < 0:
	case depth == 0 && int(field) < len(p.outer):
		p.outer[field] = v
	case depth == 1 && p.within > 0 && int(p.within) < len(p.inner) && int(field) < len(p.inner[0]):
		p.inner[p.within][field] = v
	}
}
