// Package search tries points of a hyperparameter space, many at a time, and picks the best.
//
//	space := search.Space{
//		search.Float("rate", 0.01, 0.1, 1),
//		search.Int("layers", 2, 3, 4, 8, 16, 32),
//		search.Choice("form", "rectangular", "conic"),
//	}
//	points, err := space.Grid()
//	results, err := search.Run(ctx, search.Config{
//		Points: points, Trial: trial, Results: "search.jsonl", Rule: search.Rule{TieBreak: search.PaperTies},
//	})
//	best, err := results.Best()
//
// Finished trials go to a file at once, so a search that was stopped continues where it was. What is found does not
// depend on how many trials run at a time. [RunNested] does this for each fold of a nested cross-validation.
package search
