// Package uci loads classification tasks of the UCI Machine Learning Repository in the form used by the paper on self-normalizing networks
// (Klambauer et al. 2017): the 121 tasks that Fernandez-Delgado, Cernadas, Barro and Amorim selected and encoded as numbers ("Do we need
// hundreds of classifiers to solve real world classification problems?", JMLR 15, 2014), with four folds.
//
//	task, err := uci.Load(dir, "abalone")
//	for k := range task.Folds {
//		f, err := task.Fold(k) // rows f.Fit, f.Held, f.Test
//		...
//	}
//
// datasets.Open("uci/abalone", ...) gives the same set with the parts of fold 0.
//
// # Folds
//
// Each fold divides all rows into three parts: rows to fit on, rows to select networks by, and rows to test on. The four folds are
// independent draws, not a partition: a row can be a test row in several folds or in none, and a validation row of one fold can be a test
// row of another. So report choices made on a fold on the test rows of that fold. Tasks with an official test set have it in every fold.
// Validation rows were drawn with probability 0.2 from the others, without regard to their class; in very small tasks a part may hold two
// or three rows.
//
// # Scale
//
// The features have been standardized over all rows of a task, including test rows. If there is an official test set, each part was
// standardized separately, so that the parts of some tasks are on different scales. To compare with the paper, use the features unchanged.
// Except for those tasks, datasets.FitScaler on the fitting rows gives exactly the same result as for the raw features.
package uci
