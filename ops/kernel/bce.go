package kernel

import "math"

// BCE returns the sum of weight times the binary cross-entropy of logit and target, and the sum of the weights:
// max(z, 0) - z y + log(1 + e^-|z|), which is finite for every finite logit. Elements of weight 0 are skipped.
func BCE[T Float](logits, targets, weights []T) (loss, total float64) {
	check(len(weights), logits, targets)
	if v := vectorized[T](); v != nil {
		return v.bce(f32(logits), f32(targets), f32(weights))
	}
	for i, m := range weights {
		if m == 0 {
			continue
		}
		z, y := float64(logits[i]), float64(targets[i])
		loss += float64(m) * (math.Max(z, 0) - z*y + math.Log1p(math.Exp(-math.Abs(z))))
		total += float64(m)
	}
	return loss, total
}

// BCEGrad sets dst to scale weight (sigmoid(logit) - target), and to 0 where the weight is 0.
func BCEGrad[T Float](dst, logits, targets, weights []T, scale float64) {
	check(len(weights), dst, logits, targets)
	if v := vectorized[T](); v != nil {
		v.bceGrad(f32(dst), f32(logits), f32(targets), f32(weights), scale)
		return
	}
	for i, m := range weights {
		if m == 0 {
			dst[i] = 0
			continue
		}
		dst[i] = T(scale * float64(m) * (logistic(float64(logits[i])) - float64(targets[i])))
	}
}
