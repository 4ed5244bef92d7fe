// Package baseline trains classifiers that are no networks, to show what a network has to beat: k nearest neighbours, Gaussian naive Bayes,
// logistic regression, decision trees, random forests, and support vector machines with an RBF kernel.
//
// A [Method] holds the settings of a classifier, and its zero value has those of scikit-learn where scikit-learn has the method. Fit trains it
// on a [Matrix] of features and one class index per row. Results depend on the arguments alone, not on the number of threads.
//
// Features are not scaled: standardize them first for all methods but naive Bayes, trees and forests.
package baseline
