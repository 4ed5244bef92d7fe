//go:build !purego

package kernel

var transforms32 = [...]*transforms[float32]{
	purego: &pureTransforms,
	neon:   {winogradInputsNEON, winogradOutputsNEON, winogradSpreadNEON},
}
