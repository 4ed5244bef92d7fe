package ops_test

import (
	"github.com/selfnorm/selfnorm/ops"
	G "gorgonia.org/gorgonia"
	"gorgonia.org/tensor"
)

// The ops on images in programs of Gorgonia's ops.
func init() {
	images, filters, bias := mixed{shape: tensor.Shape{2, 3, 6, 5}}, mixed{shape: tensor.Shape{4, 3, 3, 2}}, mixed{shape: tensor.Shape{4}}
	pool := ops.Pool2DOptions{Size: 3, Stride: 2, Padding: 1}
	mixtures["Conv2D"] = mixture{inputs: []mixed{images, filters, bias}, build: func(in nodes) (*G.Node, error) {
		return ops.Conv2D(in[0], in[1], in[2], ops.Conv2DOptions{Stride: 2, Padding: 1})
	}}
	mixtures["Conv2D without a bias"] = mixture{inputs: []mixed{images, filters}, build: func(in nodes) (*G.Node, error) {
		return ops.Conv2D(in[0], in[1], nil, ops.Conv2DOptions{})
	}}
	mixtures["MaxPool2D"] = mixture{inputs: []mixed{images}, build: func(in nodes) (*G.Node, error) { return ops.MaxPool2D(in[0], pool) }}
	mixtures["AvgPool2D"] = mixture{inputs: []mixed{images}, build: func(in nodes) (*G.Node, error) { return ops.AvgPool2D(in[0], pool) }}
	mixtures["ChannelAlphaDropout"] = mixture{inputs: []mixed{images}, build: func(in nodes) (*G.Node, error) {
		return ops.ChannelAlphaDropout(in[0], 0.3, ops.NewNoise(7))
	}}
}
