// Package cifar loads CIFAR-10: 60,000 colour images of 32 x 32 pixels in ten classes, 10,000 of them for the test (A. Krizhevsky 2009,
// "Learning Multiple Layers of Features from Tiny Images").
//
//	set, err := datasets.Open("cifar10", datasets.Options{Download: true})
//
// Each image is a row of 3,072 numbers from 0 to 1, in the order of the files: all red values, row after row from the top left, then green,
// then blue. With the shape 3, 32, 32 they are images for convolutions; see datasets.Set.Shape.
package cifar
