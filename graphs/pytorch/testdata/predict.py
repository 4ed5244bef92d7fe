# Predicts with PyTorch: python3 predict.py NETWORK FILE COLUMNS < features > probabilities, both raw little-endian
# float32.
# With a fourth argument it also writes the module's weights there, as safetensors.torch.save_file does.
import sys
from collections import OrderedDict

# -- docs/export.md shows the lines from here
import json, numpy as np, torch
from torch import nn

def read(path):  # as safetensors.torch.load_file
    raw = open(path, "rb").read()
    start = 8 + int.from_bytes(raw[:8], "little")
    types, state = {"F32": np.float32, "F64": np.float64, "I64": np.int64}, {}
    for name, t in json.loads(raw[8:start]).items():
        if name != "__metadata__":
            data = raw[start + t["data_offsets"][0]:start + t["data_offsets"][1]]
            state[name] = torch.from_numpy(np.frombuffer(data, types[t["dtype"]]).reshape(t["shape"]).copy())
    return state
# -- to here

def sequential(**modules):
    return nn.Sequential(OrderedDict(modules))

class Highway(nn.Module):
    def __init__(self, n, m):
        super().__init__()
        self.transform, self.gate = nn.Linear(n, m), nn.Linear(n, m)
        self.carry = nn.Linear(n, m, bias=False) if n != m else nn.Identity()

    def forward(self, x):
        t = torch.sigmoid(self.gate(x))
        return t * torch.relu(self.transform(x)) + (1 - t) * self.carry(x)

class Residual(nn.Module):
    def __init__(self, n, narrow, m):
        super().__init__()
        self.layer = sequential(dense1=nn.Linear(n, narrow), batchnorm1=nn.BatchNorm1d(narrow), relu=nn.ReLU(),
                                dense2=nn.Linear(narrow, m), batchnorm2=nn.BatchNorm1d(m))
        self.shortcut = nn.Linear(n, m, bias=False) if n != m else nn.Identity()

    def forward(self, x):
        return torch.relu(self.shortcut(x) + self.layer(x))

def hidden(kind, state, at):
    size = lambda name: tuple(reversed(state[at + "." + name].shape))  # inputs, units
    if kind == "snn":
        return sequential(dense1=nn.Linear(*size("dense1.weight")), selu=nn.SELU())
    if kind == "weightnorm":
        return sequential(weightnorm1=nn.utils.weight_norm(nn.Linear(*size("weightnorm1.weight_v"))), relu=nn.ReLU())
    if kind == "highway":
        return sequential(highway1=Highway(*size("highway1.gate.weight")))
    if kind == "resnet":
        inner = size("residual1.layer.dense1.weight")
        return sequential(residual1=Residual(*inner, size("residual1.layer.dense2.weight")[1]))
    n, m = size("dense1.weight")
    norm = {"msrainit": {}, "batchnorm": {"batchnorm1": nn.BatchNorm1d(m)}, "layernorm": {"layernorm1": nn.LayerNorm(m)}}
    return sequential(dense1=nn.Linear(n, m), **norm[kind], relu=nn.ReLU())

def network(kind, state):
    layers = {"hidden%d" % i: None for i in range(1, 100) if any(k.startswith("hidden%d." % i) for k in state)}
    net = sequential(**{at: hidden(kind, state, at) for at in layers}, output=nn.Linear(*reversed(state["output.weight"].shape)))
    net.load_state_dict(state)
    return net.eval()

def write(path, state):  # as safetensors.torch.save_file
    header, body = {}, b""
    for name, t in state.items():
        data = t.detach().contiguous().numpy().tobytes()
        kind = {torch.float32: "F32", torch.float64: "F64", torch.int64: "I64"}[t.dtype]
        header[name] = {"dtype": kind, "shape": list(t.shape), "data_offsets": [len(body), len(body) + len(data)]}
        body += data
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    open(path, "wb").write(len(text).to_bytes(8, "little") + text + body)

kind, path, columns = sys.argv[1:4]
torch.set_num_threads(1)
net = network(kind, read(path))
x = np.frombuffer(sys.stdin.buffer.read(), np.float32).reshape(-1, int(columns))
if len(sys.argv) > 4:  # let PyTorch train a step, so that its file is not a copy of ours
    net.train()
    out = net(torch.from_numpy(x.copy()))
    out.square().mean().backward()
    with torch.no_grad():
        for p in net.parameters():
            p -= 0.01 * p.grad
    net.eval()
    write(sys.argv[4], net.state_dict())
with torch.no_grad():
    sys.stdout.buffer.write(net(torch.from_numpy(x.copy())).softmax(1).numpy().astype(np.float32).tobytes())
