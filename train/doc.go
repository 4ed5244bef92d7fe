// Package train fits networks and predicts with them.
//
//	net, err := graphs.New(graphs.SNN{Layers: 4, Units: 64, Outputs: 3}, set.Inputs(), graphs.CrossEntropy, graphs.Seed(1))
//	history, err := train.Fit(ctx, net, set, train.Config{Epochs: 20, Optimizer: optim.Adam{Rate: 1e-3}})
//	predictions, err := train.Predict(ctx, net, test)
//	err = net.Save("net.safetensors")
//
// Runs are reproducible: the same seed gives bit-equal weights for any number of threads.
//
// This package holds the training loop. Its parts are separate packages: data (the interface of training data), optim (optimizers and
// schedules), metric, callback (early stopping and others, and the interfaces for yours), logs, checkpoint and predict. Packages search,
// stats and report build on it.
package train
