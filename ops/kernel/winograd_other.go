//go:build (!amd64 && !arm64) || purego

package kernel

var transforms32 = [...]*transforms[float32]{purego: &pureTransforms}
