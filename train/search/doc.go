// Package search tries points of a hyperparameter space in parallel and picks the best.
//
//	space := search.Space{
//		search.Float("rate", 0.01, 0.1, 1),
//		search.Int("layers", 2, 3, 4, 8, 16, 32),
//		search.Choice("form", "rectangular", "conic"),
//	}
//	points, err := space.Grid()
//	results, err := search.Run(ctx, search.Config{
//		Points: points, Trial: trial, Results: "search.jsonl", Rule: search.PaperRule,
//	})
//	best, err := results.Best()
//
// Finished trials go to a file at once, so that an interrupted search continues where it stopped. The results do not depend on how many
// trials run in parallel. The reported metric determines whether lower is better. [RunNested] runs a search for each fold of a nested
// cross-validation.
package search
