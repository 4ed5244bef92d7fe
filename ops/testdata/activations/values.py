"""Writes values.json.gz beside it: activations and their slopes, computed with 60 digits and written with 50.

    python3 ops/testdata/activations/values.py    # needs mpmath
"""
import gzip
import json
import pathlib

from mpmath import erfc, exp, expm1, log1p, mp, mpf, nstr, npdf, pi, quad, sech, sqrt, tanh

mp.dps = 60

POINTS = [mpf(n) / 8 for n in range(-48, 49)] + [s * mpf(x) for x in ("1e-30", "1e-8", "0.001", "9.7", "14.3", "30", "88.5", "120", "700", "1e4") for s in (-1, 1)]
POINTS = [mpf(float(x)) for x in POINTS]  # what a float64 holds
SIXTH = mpf(11184811) / 2**26  # the float32 nearest to 1/6, which PyTorch takes in the gradient of the hard sigmoid


def sigmoid(x):
    return 1 / (1 + exp(-x))


def cdf(x):
    return erfc(-x / sqrt(2)) / 2


def cubic(x):
    return 2 * sqrt(2 / pi) * (x + mpf("0.044715") * x**3)


def cubic_slope(x):
    return 2 * sqrt(2 / pi) * (1 + 3 * mpf("0.044715") * x**2)


def logistic_gate(u, du):
    def slope(x):
        s = sigmoid(u(x))
        return s + x * s * sigmoid(-u(x)) * du(x)

    return lambda x: x * sigmoid(u(x)), slope


def softplus(x):
    return max(x, 0) + log1p(exp(-abs(x)))


def selu(lam, alpha):
    return lambda x: lam * x if x > 0 else lam * alpha * expm1(x), lambda x: lam if x > 0 else lam * alpha * exp(x)


def serlu():
    """The fixed point (0, 1) of Zhang and Li 2018: mean 0 and variance 1 of the result for a standard normal input."""
    negative = quad(lambda x: x * exp(x) * npdf(x), [-mp.inf, -4, 0])
    square = quad(lambda x: (x * exp(x)) ** 2 * npdf(x), [-mp.inf, -4, 0])
    alpha = -1 / sqrt(2 * pi) / negative
    lam = 1 / sqrt(mpf(1) / 2 + alpha**2 * square)
    return lambda x: lam * x if x > 0 else lam * alpha * x * exp(x), lambda x: lam if x > 0 else lam * alpha * (1 + x) * exp(x)


def tanh_gpn():
    """Lu et al. 2020: the mean squares of the result and of its slope are 1; the mean of tanh is 0."""
    panels = [-mp.inf, -6, -2, 0, 2, 6, mp.inf]
    a = 1 / sqrt(quad(lambda x: sech(x) ** 4 * npdf(x), panels))
    b = sqrt(1 - a**2 * quad(lambda x: tanh(x) ** 2 * npdf(x), panels))
    return lambda x: a * tanh(x) + b, lambda x: a * sech(x) ** 2


def leaky(slope):
    return lambda x: x if x > 0 else slope * x, lambda x: mpf(1) if x > 0 else slope


CASES = {
    "GELU": ([], (lambda x: x * cdf(x), lambda x: cdf(x) + x * npdf(x))),
    "GELUTanh": ([], logistic_gate(cubic, cubic_slope)),
    "SiLU": ([], logistic_gate(lambda x: x, lambda x: mpf(1))),
    "Mish": ([], (lambda x: x * tanh(softplus(x)), lambda x: tanh(softplus(x)) + x * sech(softplus(x)) ** 2 * sigmoid(x))),
    "Softplus": ([], (softplus, sigmoid)),
    "LeakyReLU": ([0.2], leaky(mpf(0.2))),
    "HardTanh": ([], (lambda x: max(mpf(-1), min(mpf(1), x)), lambda x: mpf(-1 < x < 1))),
    "HardSigmoid": ([], (lambda x: max(mpf(0), min(mpf(6), x + 3)) / 6, lambda x: mpf(-3 < x < 3) * SIXTH)),
    "HardSwish": (
        [],
        (lambda x: x * max(mpf(0), min(mpf(6), x + 3)) / 6, lambda x: mpf(0) if x < -3 else mpf(1) if x > 3 else x / 3 + mpf(1) / 2),
    ),
    "SELUOf": ([0.9, 1.4], selu(mpf(0.9), mpf(1.4))),
    "SERLU": ([], serlu()),
    "TanhGPN": ([], tanh_gpn()),
}


def text(values):
    return [nstr(v, 50) for v in values]


cases = [{"op": op, "attrs": attrs, "x": text(POINTS), "y": text(map(f, POINTS)), "slope": text(map(slope, POINTS))} for op, (attrs, (f, slope)) in CASES.items()]
path = pathlib.Path(__file__).parent / "values.json.gz"
with open(path, "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as f:
    f.write(json.dumps({"cases": cases}).encode())
