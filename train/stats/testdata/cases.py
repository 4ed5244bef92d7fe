#!/usr/bin/env python3
"""Writes scipy.json: random cases of Wilcoxon's signed-rank test and of ranks with SciPy's answers. Run: python3 cases.py > scipy.json"""
import json
import warnings

import numpy
import scipy
from scipy import stats

warnings.simplefilter("ignore")
random = numpy.random.default_rng(2017)
cases = []
for number in range(20):
    n = int(random.integers(6, 40))
    x, y = random.normal(size=n), random.normal(0.3, 1, size=n)
    tied = number % 2 == 1
    if tied:  # rounding makes ties and zeros
        x, y = numpy.round(x * 4) / 4, numpy.round(y * 4) / 4
    zeros = ["wilcox", "pratt"][number % 4 // 2]
    alternative = ["two-sided", "greater", "less"][number % 3]
    correction = number % 5 < 3
    exact = not tied and number % 8 < 4
    r = stats.wilcoxon(x, y, zero_method=zeros, alternative=alternative, correction=correction, mode="exact" if exact else "approx")
    cases.append({
        "x": x.tolist(), "y": y.tolist(), "zeros": zeros, "alternative": alternative, "correction": correction, "exact": exact,
        "statistic": float(r.statistic), "p": float(r.pvalue), "ranks": stats.rankdata(x).tolist(),
    })
print(json.dumps({"scipy": scipy.__version__, "cases": cases}))
