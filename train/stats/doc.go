// Package stats compares methods over data sets: ranks with ties, the average rank difference of Klambauer et al. 2017,
// Wilcoxon's signed-rank test, the paired t-test, mean and standard deviation over folds, and tables of the results.
//
//	s := stats.Scores{Methods: []string{"SNN", "BatchNorm"}, DataSets: names, Values: accuracies}
//	comparison, err := s.Compare("SNN", stats.Wilcoxon{Alternative: stats.Greater})
//	err = stats.ComparisonTable(comparison).Markdown(os.Stdout)
package stats
