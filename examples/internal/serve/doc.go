// Package serve is the HTTP service behind examples/serve: it predicts with the networks that examples/tabular and examples/tox21 save. It
// speaks the Open Inference Protocol V2, takes rows as JSON objects and molecules as SMILES, joins the rows of requests in batches,
// replaces its networks when their file changes, and reports its state and the drift of its inputs as Prometheus metrics.
package serve
