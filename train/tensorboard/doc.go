// Package tensorboard holds a callback for package train that writes event files for TensorBoard (tensorboard --logdir DIR).
package tensorboard
