// Package callback holds what can be attached to a training: keeping the best weights, lowering the rate, watching the layers, showing
// the progress. It also defines the interfaces for callbacks of yours, and the state and the history that they see.
package callback
