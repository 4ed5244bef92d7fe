package tox21

// columnTable finds the column of a substructure. It is a hash table with open addressing, at most half full.
type columnTable struct {
	ids   []uint32
	cols  []int32 // -1 for a free slot
	shift uint8
}

func newColumnTable(ids []uint32) *columnTable {
	bits := uint8(1)
	for 1<<bits < 2*len(ids) {
		bits++
	}
	t := &columnTable{ids: make([]uint32, 1<<bits), cols: make([]int32, 1<<bits), shift: 32 - bits}
	for slot := range t.cols {
		t.cols[slot] = -1
	}
	for c, id := range ids {
		slot := t.slot(id)
		t.ids[slot], t.cols[slot] = id, int32(c)
	}
	return t
}

// slot is where an identifier is or belongs.
func (t *columnTable) slot(id uint32) uint32 {
	mask := uint32(len(t.ids) - 1)
	for slot := id * 0x9e3779b1 >> t.shift; ; slot = (slot + 1) & mask {
		if t.cols[slot] < 0 || t.ids[slot] == id {
			return slot
		}
	}
}

// find returns the column of an identifier, below 0 if it has none.
func (t *columnTable) find(id uint32) int32 { return t.cols[t.slot(id)] }
