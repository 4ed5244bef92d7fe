// Package callback holds callbacks for training runs: they keep the best weights, lower the rate, watch the layers and show the progress.
// It also defines the interfaces for your own callbacks, and the state and the history that they see.
package callback
