package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// The instructions that differ between element types.

func (t *target) fma(x, y, sum Op) {
	if t.size == 4 {
		VFMADD231PS(x, y, sum)
	} else {
		VFMADD231PD(x, y, sum)
	}
}

func (t *target) add(x, y, sum Op) {
	if t.size == 4 {
		VADDPS(x, y, sum)
	} else {
		VADDPD(x, y, sum)
	}
}

func (t *target) broadcast(m, v Op) {
	if t.size == 4 {
		VBROADCASTSS(m, v)
	} else {
		VBROADCASTSD(m, v)
	}
}

func (t *target) zero(v reg.VecPhysical) {
	if t.wide {
		VPXORD(v, v, v)
	} else {
		VXORPS(v, v, v)
	}
}

// mask is the first columns of one vector, as a mask of AVX-512 or in memory for AVX2. None means all columns.
type mask struct {
	k  reg.OpmaskPhysical
	at Mem
}

func (t *target) load(m Mem, k *mask, v reg.VecPhysical) {
	switch {
	case k == nil:
		VMOVUPS(m, v)
	case t.wide && t.size == 4:
		VMOVUPS_Z(m, k.k, v)
	case t.wide:
		VMOVUPD_Z(m, k.k, v)
	case t.size == 4:
		VMOVUPS(k.at, v)
		VMASKMOVPS(m, v, v)
	default:
		VMOVUPS(k.at, v)
		VMASKMOVPD(m, v, v)
	}
}

// store stores the lanes of v; free is a register that it may overwrite.
func (t *target) store(v reg.VecPhysical, k *mask, m Mem, free reg.VecPhysical) {
	switch {
	case k == nil:
		VMOVUPS(v, m)
	case t.wide && t.size == 4:
		VMOVUPS(v, k.k, m)
	case t.wide:
		VMOVUPD(v, k.k, m)
	case t.size == 4:
		VMOVUPS(k.at, free)
		VMASKMOVPS(v, free, m)
	default:
		VMOVUPS(k.at, free)
		VMASKMOVPD(v, free, m)
	}
}
