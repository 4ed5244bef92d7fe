// Package train fits networks and predicts with them: the machine, the optimizer and the clock.
//
//	params, err := nn.NewParams(tensor.Float32, seed)
//	history, err := train.Fit(ctx, model, params, data, train.Config{Loss: graphs.BCE, Epochs: 20})
//	predictions, err := train.Predict(ctx, model, params, test, graphs.BCE)
//
// Runs are reproducible: the same seed gives bit-equal weights for any number of threads.
package train
