// Package calibrate makes the probabilities of a trained network mean what they say, and gives predictions sets or intervals that hold the truth
// with a promised probability. It takes plain numbers: logits, labels and weights of rows that the network was not trained on.
//
// [Temperature] fits one scale for all logits (Guo et al. 2017, section 4.2), and [Platt] a scale and a shift for each binary task (Platt
// 1999). Both are shrunk towards no change, so few rows change little. Split conformal prediction ([Quantile], [ClassScores], [Interval]) needs no
// assumption but that calibration rows and new rows are exchangeable (Vovk et al. 2005; Angelopoulos and Bates 2023).
package calibrate
