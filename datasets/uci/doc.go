// Package uci loads classification tasks of the UCI Machine Learning Repository in the form in which the paper on
// self-normalizing networks (Klambauer et al. 2017) used them: the 121 tasks that Fernandez-Delgado, Cernadas, Barro and
// Amorim selected and turned into numbers ("Do we need hundreds of classifiers to solve real world classification
// problems?", JMLR 15, 2014), with four folds.
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
// Each fold divides all rows into three: rows to fit on, rows to choose between networks, and rows to test. The four
// folds are independent draws, not a partition: a row can be a test row of several folds or of none, and a row that
// validates one fold can test another. So report choices made on a fold on the test rows of that fold. Tasks
// with an official test set have it in every fold. Validation rows were drawn with probability 0.2 from those that are
// not for testing, without regard to their class; in very small tasks a part may hold two or three rows.
//
// # Scale
//
// The features have been standardized over all rows of a task, test rows included (where there is an official test set:
// each part separately, so that the parts of some tasks are on different scales). To compare with the paper, use the
// features as they are. Except for those tasks, datasets.FitScaler on the fitting rows gives exactly what it would
// have given for the raw features.
package uci
