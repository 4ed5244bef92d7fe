"""Writes scikit.json.gz: data sets, and what scikit-learn 1.2.1 predicts on them. Run: python3 cases.py"""
import gzip, json, time
import numpy as np
from sklearn.datasets import make_classification, make_blobs, make_moons
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import GaussianNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.svm import SVC
from sklearn.tree import DecisionTreeClassifier


def sets():
    for seed, (n, d, k) in enumerate([(120, 4, 2), (150, 6, 3), (200, 10, 2), (200, 8, 4), (240, 12, 5), (180, 3, 2)]):
        x, y = make_classification(n, d, n_informative=max(2, d // 2 + (k > 2)), n_redundant=0, n_classes=k, n_clusters_per_class=1,
                                   flip_y=0.1, class_sep=0.8, random_state=seed)
        yield x, y
    yield make_blobs(200, 5, centers=4, cluster_std=3.0, random_state=7)
    yield make_moons(200, noise=0.25, random_state=8)
    x, y = make_classification(200, 6, n_informative=4, n_redundant=0, weights=[0.85], random_state=9)
    yield x, y
    x, y = make_classification(160, 5, n_informative=3, n_redundant=2, random_state=10)
    yield x * [1, 10, 0.1, 3, 1] + [5, 0, 0, -2, 1], y


def methods():
    yield 'neighbours', {}, KNeighborsClassifier()
    yield 'neighbours', {'k': 12}, KNeighborsClassifier(n_neighbors=12)
    yield 'bayes', {}, GaussianNB()
    yield 'logistic', {}, LogisticRegression(solver='newton-cg', tol=1e-12, max_iter=10000)
    yield 'logistic', {'c': 0.01}, LogisticRegression(C=0.01, solver='newton-cg', tol=1e-12, max_iter=10000)
    yield 'svm', {}, SVC(tol=1e-6)
    yield 'svm', {'c': 10, 'gamma': 0.2}, SVC(C=10, gamma=0.2, tol=1e-6)


def tree(x, y, settings, state):
    return DecisionTreeClassifier(criterion='entropy', max_depth=settings.get('depth'), min_samples_leaf=settings.get('leaf', 1),
                                  min_samples_split=settings.get('split', 2), random_state=state).fit(x, y)


def trees():
    """Sets on which scikit-learn, which takes equal splits in a random order, always grows the same tree."""
    seed, wanted = 100, [{'depth': 3}, {'leaf': 8, 'split': 20}, {'leaf': 5}, {'depth': 4, 'leaf': 3}, {'leaf': 12}] * 2
    for settings in wanted:
        while True:
            seed += 1
            k = 2 + seed % 3
            x, y = make_classification(300, 4 + seed % 5, n_informative=4, n_redundant=0, n_classes=k, n_clusters_per_class=1, flip_y=0.1,
                                       class_sep=0.7, random_state=seed)
            x = np.round(x, 12)
            grown = [tree(x[:200], y[:200], settings, s).predict_proba(x[200:]) for s in range(20)]
            if not any(not np.array_equal(a, grown[0]) for a in grown):
                yield x, y, settings
                break


cases = []
for x, y in sets():
    x = np.round(np.asarray(x, float), 12)
    half = len(x) // 2
    case = {'columns': x.shape[1], 'classes': int(y.max()) + 1, 'train': x[:half].ravel().tolist(), 'labels': y[:half].tolist(),
            'test': x[half:].ravel().tolist(), 'test_labels': y[half:].tolist(), 'methods': []}
    for name, settings, m in methods():
        m.fit(x[:half], y[:half])
        r = {'name': name, 'settings': settings, 'predicted': m.predict(x[half:]).tolist()}
        if hasattr(m, 'predict_proba') and name != 'svm':
            r['probabilities'] = m.predict_proba(x[half:]).ravel().tolist()
        case['methods'].append(r)
    case['forest'] = [float(RandomForestClassifier(random_state=s).fit(x[:half], y[:half]).score(x[half:], y[half:])) for s in range(10)]
    case['extra'] = [float(ExtraTreesClassifier(random_state=s).fit(x[:half], y[:half]).score(x[half:], y[half:])) for s in range(10)]
    cases.append(case)
for x, y, settings in trees():
    t = tree(x[:200], y[:200], settings, 0)
    cases.append({'columns': x.shape[1], 'classes': int(y.max()) + 1, 'train': x[:200].ravel().tolist(), 'labels': y[:200].tolist(),
                  'test': x[200:].ravel().tolist(), 'test_labels': y[200:].tolist(), 'methods': [
                      {'name': 'tree', 'settings': settings, 'predicted': t.predict(x[200:]).tolist(),
                       'probabilities': t.predict_proba(x[200:]).ravel().tolist()}]})
with gzip.GzipFile('scikit.json.gz', 'wb', mtime=0) as f:
    f.write(json.dumps({'scikit-learn': '1.2.1', 'cases': cases}).encode())
