# Times convolutions, and the network of examples/cnn, in PyTorch. Reads one JSON request a line, answers with one JSON line.
import json, statistics, sys, time
import torch


def layer(r):
    """Forward and backward pass of one convolution, with the gradients of images, weights and bias."""
    x = torch.randn(r["batch"], r["channels"], r["height"], r["height"], requires_grad=True)
    conv = torch.nn.Conv2d(r["channels"], r["filters"], r["size"], r["stride"], r["padding"])
    g = torch.randn_like(conv(x))

    def step():
        x.grad = None
        conv.zero_grad(set_to_none=True)
        conv(x).backward(g)

    return step


def network(r):
    """A training step of the network of examples/cnn with Adam."""
    nn = torch.nn
    net = nn.Sequential(
        nn.Conv2d(1, 32, 3), nn.SELU(), nn.Conv2d(32, 64, 3), nn.SELU(), nn.MaxPool2d(2), nn.AlphaDropout(0.25), nn.Flatten(),
        nn.Linear(64 * 12 * 12, 512), nn.SELU(), nn.AlphaDropout(0.5), nn.Linear(512, 10))
    opt = torch.optim.Adam(net.parameters(), lr=1e-4)
    x, y = torch.randn(r["batch"], 1, 28, 28), torch.randint(10, (r["batch"],))
    loss = nn.CrossEntropyLoss()

    def step():
        opt.zero_grad()
        loss(net(x), y).backward()
        opt.step()

    return step


print(json.dumps({"version": torch.__version__}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    torch.set_num_threads(request["threads"])
    torch.manual_seed(1)
    step = network(request) if request["filters"] == 0 else layer(request)
    times = []
    for _ in range(request["warmup"] + request["steps"]):
        begin = time.perf_counter()
        step()
        times.append(time.perf_counter() - begin)
    times = times[request["warmup"]:]
    print(json.dumps({"seconds": statistics.median(times), "least": min(times)}), flush=True)
