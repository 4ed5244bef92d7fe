"""Writes plateau.json.gz beside it, with PyTorch's values in float64.

    python3 train/callback/testdata/torch/plateau.py    # needs PyTorch; made with 1.13

The file that is there now has other curves: it was written after other random numbers had been drawn.
"""
import gzip
import json
import pathlib

import torch
from torch.optim import lr_scheduler as schedules


def write(name, value):
    with open(pathlib.Path(__file__).parent / name, "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as f:
        f.write(json.dumps(value | {"torch": torch.__version__}).encode())


def plateau_case(**attrs):
    """A curve that improves, stagnates, and is NaN once; the rate after each epoch, whose base is 1."""
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = schedules.ReduceLROnPlateau(optimizer, **attrs)
    sign = 1 if attrs["mode"] == "min" else -1
    level = torch.cumsum(torch.randn(60) * 0.1 - 0.02, 0)
    values = (sign * (level + 2)).tolist()
    out = []
    for k, value in enumerate(values):
        schedule.step(float("nan") if k == 20 else value)
        out.append(optimizer.param_groups[0]["lr"])
    values[20] = None
    return {"attrs": attrs, "values": values, "rates": out}


torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
write("plateau.json.gz", {"cases": [
    plateau_case(mode="min", factor=0.5, patience=2, threshold=0.01, cooldown=0, min_lr=0.0),
    plateau_case(mode="max", factor=0.3, patience=3, threshold=0.05, cooldown=4, min_lr=0.02),
    plateau_case(mode="min", factor=0.1, patience=1, threshold=1e-4, cooldown=2, min_lr=0.0),
    plateau_case(mode="max", factor=0.7, patience=5, threshold=1e-4, cooldown=1, min_lr=0.3),
]})
