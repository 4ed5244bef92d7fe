// Package pytorch exchanges weights with PyTorch: it writes safetensors files that a torch module of the same structure
// takes by load_state_dict, and reads those that safetensors.torch.save_file has written.
//
// Modules have the names of our layers. A tensor gets the name and the layout it has in PyTorch:
//
//	weight, any matrix   transposed: (inputs, units) becomes (out, in), as in Linear
//	gamma, beta          weight, bias, as in BatchNorm1d and LayerNorm
//	mean, variance       running_mean, running_var, and num_batches_tracked (which is 0) beside them
//	v, gain              weight_v, transposed, and weight_g, (out, 1), as torch.nn.utils.weight_norm has them
//	all others           as they are
//
// So hidden1.dense1.weight is the weight of a Linear called dense1 in a Sequential called hidden1.
package pytorch
