"""Writes moreoptimizers.json.gz and moreschedules.json.gz beside it, with PyTorch's values in float64.

    python3 train/optim/testdata/torch/more.py    # needs PyTorch; made with 1.13
"""
import gzip
import json
import pathlib

import torch
from torch.optim import lr_scheduler as schedules

STEPS, ELEMENTS, RUN = 12, 9, 30


def write(name, value):
    with open(pathlib.Path(__file__).parent / name, "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as f:
        f.write(json.dumps(value | {"torch": torch.__version__}).encode())


def optimizer_case(name, make, max_norm=0.0, **attrs):
    """Two parameters, the second of one element, with gradients of which some are 0."""
    start = torch.randn(ELEMENTS)
    params = [torch.nn.Parameter(x.clone()) for x in start.split([ELEMENTS - 1, 1])]
    optimizer, steps = make(params, **attrs), []
    for k in range(STEPS):
        grad = torch.randn(ELEMENTS) * torch.rand(()) * 3
        grad[k % ELEMENTS] = 0
        for p, g in zip(params, grad.clone().split([ELEMENTS - 1, 1])):
            p.grad = g.clone()
        if max_norm:
            torch.nn.utils.clip_grad_norm_(params, max_norm)
        optimizer.step()
        steps.append({"grad": grad.tolist(), "param": torch.cat([p.detach() for p in params]).tolist()})
    return {"optimizer": name, "attrs": {"lr": optimizer.defaults["lr"], **attrs}, "max_norm": max_norm, "start": start.tolist(), "steps": steps}


def rates(make):
    """The rates of a run whose base rate is 0.1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.1)
    schedule, out = make(optimizer), []
    for _ in range(RUN):
        out.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return out


def warm_up(then):
    def make(optimizer):
        first = schedules.LinearLR(optimizer, start_factor=0.2, total_iters=6)
        return schedules.SequentialLR(optimizer, [first, then(optimizer)], milestones=[6])
    return make


torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
o = torch.optim
betas = {"betas": [0.8, 0.95], "eps": 1e-3}
write("moreoptimizers.json.gz", {"cases": [
    optimizer_case("sgd", o.SGD, max_norm=0.5, lr=0.1),
    optimizer_case("sgd_nesterov", o.SGD, lr=0.1, momentum=0.8, nesterov=True, weight_decay=0.05),
    optimizer_case("adam", o.Adam, **betas, weight_decay=0.05),
    optimizer_case("adam", o.Adam, max_norm=1.0, **betas),
    optimizer_case("adamw", o.AdamW, lr=0.05, **betas, weight_decay=0.3),
    optimizer_case("rmsprop", o.RMSprop, alpha=0.9, eps=1e-4, momentum=0.7, weight_decay=0.05),
    optimizer_case("rmsprop", o.RMSprop, alpha=0.9, eps=1e-4, centered=True),
    optimizer_case("rmsprop", o.RMSprop, alpha=0.8, eps=1e-4, centered=True, momentum=0.7, weight_decay=0.05),
    optimizer_case("adagrad", o.Adagrad, lr=0.1, lr_decay=0.1, weight_decay=0.05, eps=1e-6),
    optimizer_case("adadelta", o.Adadelta, lr=0.5, rho=0.8, eps=1e-4, weight_decay=0.05),
    optimizer_case("adamax", o.Adamax, lr=0.1, **betas, weight_decay=0.05),
]})
write("moreschedules.json.gz", {"base": 0.1, "cases": [
    {"schedule": "onecycle_settings", "rates": rates(lambda x: schedules.OneCycleLR(
        x, 0.1, total_steps=RUN, pct_start=0.45, div_factor=10, final_div_factor=100))},
    {"schedule": "warmup_step", "rates": rates(warm_up(lambda x: schedules.StepLR(x, 5, 0.3)))},
    {"schedule": "warmup_exponential", "rates": rates(warm_up(lambda x: schedules.ExponentialLR(x, 0.9)))},
]})
