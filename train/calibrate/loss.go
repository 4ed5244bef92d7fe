package calibrate

import "math"

// loss returns the sum of the weighted log losses of the mean probabilities, and the sum of the weights. A scaled logit is scale*z + shift of
// its column.
func (d *Data) loss(scale, shift float64) (sum, total float64) {
	for i, y := range d.Labels {
		if !d.observed(i) {
			continue
		}
		w := d.weight(i)
		total += w
		if d.Classes {
			sum += w * d.classLoss(i, int(y), scale)
			continue
		}
		sum += w * d.taskLoss(i, y, scale, shift)
	}
	return sum, total
}

// classLoss is -log of the mean probability of a class, from logarithms so that it is finite.
func (d *Data) classLoss(row, class int, scale float64) float64 {
	most, sum := math.Inf(-1), 0.0
	for _, all := range d.Logits {
		z := all[row*d.Columns : (row+1)*d.Columns]
		most, sum = logSum(most, sum, scale*clamp(z[class])-logSumExp(z, scale))
	}
	return math.Log(float64(len(d.Logits))) - most - math.Log(sum)
}

// taskLoss is the cross-entropy of the mean probability with a label from 0 to 1.
func (d *Data) taskLoss(i int, y, scale, shift float64) float64 {
	yes, yesSum, no, noSum := math.Inf(-1), 0.0, math.Inf(-1), 0.0
	for _, all := range d.Logits {
		z := scale*clamp(all[i]) + shift
		yes, yesSum = logSum(yes, yesSum, -softplus(-z))
		no, noSum = logSum(no, noSum, -softplus(z))
	}
	loss := math.Log(float64(len(d.Logits)))
	if y > 0 {
		loss -= y * (yes + math.Log(yesSum))
	}
	if y < 1 {
		loss -= (1 - y) * (no + math.Log(noSum))
	}
	return loss
}

// logSum adds e^x to sum times e^most, where most is the greatest x so far.
func logSum(most, sum, x float64) (float64, float64) {
	if x > most {
		return x, sum*math.Exp(most-x) + 1
	}
	return most, sum + math.Exp(x-most)
}

// logSumExp is log of the sum of e^(scale*z).
func logSumExp(z []float64, scale float64) float64 {
	most := math.Inf(-1)
	for _, v := range z {
		most = math.Max(most, scale*clamp(v))
	}
	sum := 0.0
	for _, v := range z {
		sum += math.Exp(scale*clamp(v) - most)
	}
	return most + math.Log(sum)
}

// softplus is log(1 + e^x).
func softplus(x float64) float64 {
	if x > 0 {
		return x + math.Log1p(math.Exp(-x))
	}
	return math.Log1p(math.Exp(x))
}

func clamp(z float64) float64 { return math.Max(-maxLogit, math.Min(maxLogit, z)) }
