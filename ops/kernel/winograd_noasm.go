package kernel

var transforms32 = [avx512 + 1]*transforms[float32]{purego: &pureTransforms, avx2: &pureTransforms, avx512: &pureTransforms}
