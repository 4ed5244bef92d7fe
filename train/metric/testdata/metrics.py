#!/usr/bin/env python3
"""Writes metrics.json: random results with ties, missing labels and weights, with scikit-learn's metrics. Run: python3 metrics.py > metrics.json"""
import json
import warnings

import numpy
import sklearn
from sklearn import calibration, metrics

warnings.simplefilter("ignore")
random = numpy.random.default_rng(2017)
BINS = 15


def mean(values):
    values = [v for v in values if v is not None]
    return float(numpy.mean(values)) if values else None


def calibration_error(y, p):
    """The error of each bin of calibration_curve, weighted with the size of the bin."""
    observed, predicted = calibration.calibration_curve(y, p, n_bins=BINS)
    size = numpy.bincount(numpy.searchsorted(numpy.linspace(0, 1, BINS + 1)[1:-1], p), minlength=BINS)
    return float(numpy.sum(size[size > 0] * numpy.abs(observed - predicted)) / len(y))


def binary(y, p, w):
    """The metrics of one task, None where ours are not defined."""
    both, positive = len(set(y)) == 2, 1 in y
    sure = (p > 0.5).astype(int)
    w = {"sample_weight": w}
    out = {
        "ROC-AUC": metrics.roc_auc_score(y, p, **w) if both else None,
        "PR-AUC": metrics.average_precision_score(y, p, **w) if both else None,
        "delta PR-AUC": metrics.average_precision_score(y, p, **w) - numpy.average(y, weights=w["sample_weight"]) if both else None,
        "balanced accuracy": metrics.balanced_accuracy_score(y, sure, **w) if both else None,
        "MCC": metrics.matthews_corrcoef(y, sure, **w) if both else None,
        "F1": metrics.f1_score(y, sure, **w) if positive else None,
        "precision": metrics.precision_score(y, sure, **w) if positive else None,
        "recall": metrics.recall_score(y, sure, **w) if positive else None,
        "log loss": metrics.log_loss(y, p, labels=[0, 1], **w) if len(y) else None,
        "Brier score": metrics.brier_score_loss(y, p, pos_label=1, **w) if len(y) else None,
    }
    if w["sample_weight"] is None:  # calibration_curve has no weights
        out["calibration error"] = calibration_error(y, p) if len(y) else None
    return out


def curves(y, p, w):
    fpr, tpr, at = metrics.roc_curve(y, p, drop_intermediate=False, sample_weight=w)
    precision, recall, cut = metrics.precision_recall_curve(y, p, sample_weight=w)
    observed, predicted = calibration.calibration_curve(y, p, n_bins=5)
    if w is not None:
        observed, predicted = numpy.array([]), numpy.array([])
    return {"roc": [fpr.tolist(), tpr.tolist(), at[1:].tolist()], "pr": [precision.tolist(), recall.tolist(), cut.tolist()],
            "reliability": [observed.tolist(), predicted.tolist()]}


def some_weights(*shape):
    """Weights from 0 to 4, about a fifth of them 0."""
    return (random.random(shape) * 4 * (random.random(shape) < 0.8)).round(2)


def tasks(rows, outputs, digits, weighted=False):
    """Probabilities, rounded for ties, labels that follow them, and about a fifth missing. The last of several tasks has one class."""
    p = random.beta(0.5, 0.8, size=(rows, outputs)).round(digits)
    y = (random.random((rows, outputs)) < 0.8 * p + 0.1).astype(int)
    seen = (random.random((rows, outputs)) < 0.8).astype(int)
    y[:2], seen[:2] = [[0] * outputs, [1] * outputs], 1
    if outputs > 1:
        y[:, -1] = 0
    w = None
    if weighted:
        seen = some_weights(rows, outputs)
        seen[:2] = 1
        w = seen
    case = {"kind": "binary", "values": p, "labels": y, "weights": seen, "curves": []}
    each = []
    for t in range(outputs):
        yt, pt, wt = y[seen[:, t] > 0, t], p[seen[:, t] > 0, t], w[seen[:, t] > 0, t] if weighted else None
        each.append(binary(yt, pt, wt))
        case["curves"].append(curves(yt, pt, wt) if len(set(yt)) == 2 else None)
    case["want"] = {name: mean([e[name] for e in each]) for name in each[0]}
    all_weights = w[seen > 0] if weighted else None
    case["want"]["accuracy"] = metrics.accuracy_score(y[seen > 0], p[seen > 0] > 0.5, sample_weight=all_weights)
    case["want"]["micro F1"] = metrics.f1_score(y[seen > 0], p[seen > 0] > 0.5, sample_weight=all_weights)
    t = 0
    case["confusion"] = metrics.confusion_matrix(y[seen[:, t] > 0, t], p[seen[:, t] > 0, t] > 0.5,
                                                 sample_weight=w[seen[:, t] > 0, t] if weighted else None).tolist()
    return case


def classes(rows, outputs, sharp, weighted=False):
    """Probabilities of classes, and labels of all classes but the last if there are more than three."""
    logits = random.normal(0, sharp, size=(rows, outputs)).round(1)
    p = numpy.exp(logits) / numpy.exp(logits).sum(axis=1, keepdims=True)
    p = (p * 2**40).round() / 2**40  # without the last bits, in which exp differs from machine to machine
    p[:, -1] = 1 - p[:, :-1].sum(axis=1)
    used = outputs - 1 if outputs > 3 else outputs
    y = numpy.where(random.random(rows) < 0.6, numpy.minimum(p.argmax(axis=1), used - 1), random.integers(used, size=rows))
    y[:used] = range(used)
    sure = p.argmax(axis=1)
    w = None
    if weighted:
        w = some_weights(rows)
        w[:used] = 1
    case = {"kind": "classes", "values": p, "labels": y, "weights": w if weighted else []}
    if weighted:
        y, p, sure, w = y[w > 0], p[w > 0], sure[w > 0], w[w > 0]
    by = {"sample_weight": w}
    rest = [binary((y == k).astype(int), p[:, k], w) for k in range(outputs)]
    want = {name: mean([e[name] for e in rest]) for name in ["ROC-AUC", "PR-AUC"]}
    want |= {
        "accuracy": metrics.accuracy_score(y, sure, **by),
        "balanced accuracy": metrics.balanced_accuracy_score(y, sure, **by),
        "MCC": metrics.matthews_corrcoef(y, sure, **by),
        "F1": metrics.f1_score(y, sure, average="macro", **by),
        "micro F1": metrics.f1_score(y, sure, average="micro", **by),
        "precision": metrics.precision_score(y, sure, average="macro", **by),
        "recall": metrics.recall_score(y, sure, average="macro", **by),
        "log loss": metrics.log_loss(y, p, labels=range(outputs), **by),
        # scikit-learn 1.2 has the score of two classes only, as half of the sum over the classes
        "Brier score": 2 * metrics.brier_score_loss(y, p[:, 1], **by) if outputs == 2 else
        float(numpy.average(((p - numpy.eye(outputs)[y]) ** 2).sum(axis=1), weights=w)),
    }
    if outputs > 5:
        want["top-5 accuracy"] = metrics.top_k_accuracy_score(y, p, k=5, labels=range(outputs), **by)
    if not weighted:
        want["calibration error"] = calibration_error((sure == y).astype(int), p.max(axis=1))
    return case | {"want": want, "confusion": metrics.confusion_matrix(y, sure, labels=range(outputs), **by).tolist()}


def regression(rows, outputs, weighted=False):
    """Values, some labels missing."""
    y = random.normal(3, 2, size=(rows, outputs)).round(2)
    p = y + random.normal(0, 1, size=(rows, outputs)).round(2)
    seen = (random.random((rows, outputs)) < 0.8).astype(int)
    if weighted:
        seen = some_weights(rows, outputs)
    seen[:2] = 1
    each = []
    for t in range(outputs):
        yt, pt = y[seen[:, t] > 0, t], p[seen[:, t] > 0, t]
        w = {"sample_weight": seen[seen[:, t] > 0, t] if weighted else None}
        each.append({
            "RMSE": metrics.mean_squared_error(yt, pt, squared=False, **w),
            "MSE": metrics.mean_squared_error(yt, pt, **w),
            "MAE": metrics.mean_absolute_error(yt, pt, **w),
            "MAPE": metrics.mean_absolute_percentage_error(yt, pt, **w),
            "R2": metrics.r2_score(yt, pt, **w),
            "pinball loss at 0.9": metrics.mean_pinball_loss(yt, pt, alpha=0.9, **w),
        })
    return {"kind": "regression", "values": p, "labels": y, "weights": seen, "want": {name: mean([e[name] for e in each]) for name in each[0]}}


cases = [tasks(int(random.integers(12, 30)), outputs, digits) for outputs in [1, 3] for digits in [1, 1, 2, 2, 6]]
cases += [classes(int(random.integers(12, 25)), outputs, sharp) for outputs in [2, 3, 5] for sharp in [0.3, 1.0, 3.0]]
cases += [regression(int(random.integers(10, 25)), outputs) for outputs in [1, 1, 2, 3]]
cases += [classes(40, 8, sharp) for sharp in [0.3, 1.0]]
cases += [tasks(int(random.integers(12, 30)), outputs, digits, True) for outputs in [1, 3] for digits in [1, 2, 6]]
cases += [classes(int(random.integers(12, 25)), outputs, 1.0, True) for outputs in [2, 3, 5, 8]]
cases += [regression(int(random.integers(10, 25)), outputs, True) for outputs in [1, 3]]
for case in cases:
    case["rows"], case["outputs"] = case["values"].shape
    for name in ["values", "labels", "weights"]:
        case[name] = numpy.asarray(case[name]).ravel().tolist()
print(json.dumps({"scikit-learn": sklearn.__version__, "cases": cases}, separators=(",", ":")))
