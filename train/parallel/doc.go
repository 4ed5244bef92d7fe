// Package parallel trains one network in several processes, or in several goroutines of one. Each process computes some of the virtual shards of a
// step, and all add up the gradients in the same tree, so that the weights have the same bits for any number of processes.
//
// In one process:
//
//	histories, err := parallel.Fit(ctx, 2, func(rank int) (parallel.Member, error) {
//		return parallel.Member{Net: nets[rank], Data: set, Config: train.Config{Batch: 32, Accumulate: 8}}, nil
//	})
//
// In several, one of which calls Listen and the others Join:
//
//	group, err := parallel.Join(ctx, "host:7000", rank, 4, parallel.Options{Secret: secret})
//	history, err := train.Fit(ctx, net, set, train.Config{Batch: 32, Accumulate: 8, Parallel: group})
//
// Accumulate is the number of shards, and Batch that of the rows of each. A process that ends stops the others, which name its rank; start all again
// with the checkpoints of rank 0 to continue, with as many processes as you like.
//
// The processes trust each other. A secret keeps strangers away, but what is sent is not encrypted.
package parallel
