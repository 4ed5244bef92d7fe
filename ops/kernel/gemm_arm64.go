//go:build !purego

package kernel

var engines32 = [len(variants)]*engine[float32]{
	purego: pureEngine[float32](),
	neon: {rows: 6, cols: 16, lanes: 4, line: 16, fetched: 1, worth: 1 << 14,
		panel: panelF32NEON, copyRows: copyRowsF32NEON, transpose: whole(4, transposeF32NEON),
		stream: streamF32NEON, settle: settleF32NEON, streamRows: 4, multiplyAdds: multiplyAddsF32NEON, arithmetic: 2 * 6 * 16},
}

var engines64 = [len(variants)]*engine[float64]{
	purego: pureEngine[float64](),
	neon: {rows: 6, cols: 8, lanes: 2, line: 8, fetched: 1, worth: 1 << 13,
		panel: panelF64NEON, copyRows: copyRowsF64NEON, transpose: whole(2, transposeF64NEON),
		stream: streamF64NEON, settle: settleF64NEON, streamRows: 4},
}

// widest is the width of the widest tile.
const widest = 16
