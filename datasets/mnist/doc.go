// Package mnist loads the MNIST database of handwritten digits (Y. LeCun, C. Cortes and C. J. C. Burges), 60,000 images
// for training and 10,000 for the test, and other images in the same format, such as Fashion-MNIST.
//
//	set, err := datasets.Open("mnist", datasets.Options{Download: true})
//
// Each image is a row of 784 pixels, row after row from the top left, from 0 (background) to 1. The set mnist10k consists of the test
// images only, four fifths of them for training: small enough for a first try.
package mnist
