// Package explain attributes predictions of trained networks to their inputs, by integrated gradients (Sundararajan, Taly and Yan 2017,
// "Axiomatic attribution for deep networks", equation 1): the contribution of a column is its difference from a baseline times the mean
// gradient on the straight line from the baseline to the row. Contributions add up to the difference of the outputs.
package explain
