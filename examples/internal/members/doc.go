// Package members holds the members of an ensemble for tables beside its networks, such as random forests: how they are trained on the folds of the
// networks, how the predictions of all kinds are combined with weights chosen on the rows that each member has not seen, and how they are saved and read.
package members
