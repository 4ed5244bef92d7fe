# Times the networks of this benchmark in PyTorch. Reads one JSON request a line, answers with one JSON line.
import json, statistics, sys, time
import torch


def network(r):
    layers, width = [], r["inputs"]
    gain = 1.0 if r["net"] == "snn" else 2.0
    for _ in range(r["layers"]):
        affine = torch.nn.Linear(width, r["units"])
        torch.nn.init.normal_(affine.weight, 0.0, (gain / width) ** 0.5)
        torch.nn.init.zeros_(affine.bias)
        layers.append(affine)
        if r["net"] == "snn":
            layers += [torch.nn.SELU(), torch.nn.AlphaDropout(r["dropout"])]
        else:
            layers += [torch.nn.BatchNorm1d(r["units"]), torch.nn.ReLU()]
        width = r["units"]
    layers.append(torch.nn.Linear(width, r["outputs"]))
    return torch.nn.Sequential(*layers)


def train(r):
    net = network(r)
    if r["optimizer"] == "adam":
        opt = torch.optim.Adam(net.parameters(), lr=1e-4)
    else:
        opt = torch.optim.SGD(net.parameters(), lr=1e-3, momentum=0.9)
    x = torch.randn(r["batch"], r["inputs"])
    y = (torch.rand(r["batch"], r["outputs"]) > 0.7).float()
    mask = (torch.rand(r["batch"], r["outputs"]) > 0.3).float()
    bce = torch.nn.BCEWithLogitsLoss(reduction="none")
    times = []
    for _ in range(r["warmup"] + r["steps"]):
        begin = time.perf_counter()
        opt.zero_grad()
        loss = (bce(net(x), y) * mask).sum() / mask.sum()
        loss.backward()
        opt.step()
        times.append(time.perf_counter() - begin)
    return statistics.median(times[r["warmup"]:])


def predict(r):
    net = network(r).eval()
    x = torch.randn(r["rows"], r["inputs"])
    with torch.no_grad():
        net(x[:1024])
        begin = time.perf_counter()
        for block in x.split(1024):
            torch.sigmoid(net(block))
        return time.perf_counter() - begin


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    torch.set_num_threads(request["threads"])
    torch.manual_seed(1)
    seconds = train(request) if request["rows"] == 0 else predict(request)
    print(json.dumps({"seconds": seconds}), flush=True)
