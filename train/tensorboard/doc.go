// Package tensorboard writes event files that TensorBoard shows (tensorboard --logdir DIR): a callback for package train.
package tensorboard
