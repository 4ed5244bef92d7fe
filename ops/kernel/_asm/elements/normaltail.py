"""Prints the coefficients of normalTail in smooth.go: of V in P(Z > x) = e^(-x^2/2) t V(t) with t = 1/(1 + 0.35 x).

V interpolates at the Chebyshev nodes for 0 <= x <= 15.

    python3 ops/kernel/_asm/elements/normaltail.py    # needs mpmath
"""
from mpmath import cos, erfc, exp, lu_solve, matrix, mp, mpf, nstr, pi, polyval, sqrt

mp.dps = 50
RATE, LARGEST, DEGREE = mpf("0.35"), 15, 8


def v(x, t):
    return erfc(x / sqrt(2)) / 2 * exp(x * x / 2) / t


lowest, n = 1 / (1 + RATE * LARGEST), DEGREE + 1
nodes = [(lowest + 1) / 2 + (1 - lowest) / 2 * cos(pi * (2 * k + 1) / (2 * n)) for k in range(n)]
coefficients = lu_solve(matrix([[t**j for j in range(n)] for t in nodes]), matrix([v((1 / t - 1) / RATE, t) for t in nodes]))
for c in reversed(list(coefficients)):
    print(nstr(c, 18))
worst = 0
for k in range(3000):
    x = mpf(LARGEST) * k / 3000
    t = 1 / (1 + RATE * x)
    worst = max(worst, abs(polyval(list(coefficients)[::-1], t) / v(x, t) - 1))
print("largest relative error", nstr(worst, 2))
