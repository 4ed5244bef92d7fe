// Package pytorch exchanges weights with PyTorch: it writes safetensors files that a torch module of the same structure
// reads with load_state_dict, and reads files that safetensors.torch.save_file has written.
//
// Modules have the names of the layers. A tensor gets PyTorch's name and layout:
//
//	weight, any matrix   transposed: (inputs, units) becomes (out, in), as in Linear
//	gamma, beta          weight, bias, as in BatchNorm1d and LayerNorm
//	mean, variance       running_mean, running_var, with a num_batches_tracked of 0
//	v, gain              weight_v, transposed, and weight_g, (out, 1), as in torch.nn.utils.weight_norm
//	all others           unchanged
//
// So hidden1.dense1.weight is the weight of a Linear called dense1 in a Sequential called hidden1.
package pytorch
