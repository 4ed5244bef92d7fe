package parallel_test

import (
	"context"
	"fmt"
	"log"

	"github.com/selfnorm/selfnorm/graphs"
	"github.com/selfnorm/selfnorm/train"
	"github.com/selfnorm/selfnorm/train/internal/traintest"
	"github.com/selfnorm/selfnorm/train/parallel"
)

// Two goroutines train one network. Each step has 8 virtual shards of 16 rows, and each goroutine computes 4 of them.
func ExampleFit() {
	data := traintest.Spirals(512, 1)
	nets := make([]*graphs.Network, 2)
	histories, err := parallel.Fit(context.Background(), 2, func(rank int) (m parallel.Member, err error) {
		nets[rank], err = graphs.New(graphs.SNN{Layers: 4, Units: 32, Outputs: 3}, data.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
		return parallel.Member{Net: nets[rank], Data: data, Config: train.Config{Epochs: 2, Batch: 16, Accumulate: 8}}, err
	})
	if err != nil {
		log.Fatal(err)
	}
	last := histories[0].Epochs[1]
	fmt.Println(last.Step, "steps; the members have equal losses:", last.Loss == histories[1].Epochs[1].Loss)
	// Output: 8 steps; the members have equal losses: true
}
