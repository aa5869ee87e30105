"""How well probabilities can be believed: log loss, parts of the Brier score, calibration curve and error.

References
----------
Murphy (1973), A new vector partition of the probability score, J. Applied Meteorology 12, 595–600.
Stephenson, Coelho & Jolliffe (2008), Two extra components in the Brier score decomposition, Weather and
Forecasting 23, 752–757.
Guo, Pleiss, Sun & Weinberger (2017), On calibration of modern neural networks, ICML (expected calibration error).
"""

import numpy as np

CURVE_BINS, ECE_BINS = 10, 15
EPS = float(np.finfo(np.float64).eps)


def log_loss_terms(codes: np.ndarray, proba: np.ndarray) -> np.ndarray:
    """Return −log of the probability of each sample's own class, shape (n,); 0 counts as 2.2e-16."""
    return -np.log(np.maximum(proba[np.arange(len(codes)), codes], EPS))


def reliability_bins(codes: np.ndarray, proba: np.ndarray, bins: int = CURVE_BINS) -> np.ndarray:
    """Return what a calibration curve is drawn from; sums of several fits may be added up.

    Parameters
    ----------
    codes : ndarray of int, shape (n,)
    proba : ndarray, shape (n, k)
    bins : int
        Of equal width between 0 and 1; a probability on an edge belongs to the upper bin.

    Returns
    -------
    ndarray, shape (k, bins, 3)
        Per class and bin: samples, sum of their probabilities, how many are of the class.
    """
    at = bin_of(proba, bins)
    sums = np.zeros((proba.shape[1], bins, 3))
    for i in range(proba.shape[1]):
        for part, weights in enumerate((None, proba[:, i], codes == i)):
            sums[i, :, part] = np.bincount(at[:, i], weights, minlength=bins)
    return sums


def bin_of(proba: np.ndarray, bins: int) -> np.ndarray:
    """Return the number of the bin of equal width that each probability lies in, shape of `proba`."""
    return np.clip((proba * bins).astype(np.int64), 0, bins - 1)


def brier_parts(codes: np.ndarray, proba: np.ndarray) -> dict[str, float]:
    """Return the parts of the (halved) Brier score, summed over classes.

    ``reliability`` (how far the bins' probabilities are from what happened;
    lower is better), ``resolution`` (how far what happened in the bins is from
    the classes' shares; higher is better), ``uncertainty`` (the shares alone)
    and ``within_bins`` (what is lost by putting probabilities into 10 bins):
    Brier = reliability − resolution + uncertainty + within_bins, exactly.
    """
    n = len(codes)
    if not n:
        return dict.fromkeys(("reliability", "resolution", "uncertainty", "within_bins"), float("nan"))
    count, predicted, happened = np.moveaxis(reliability_bins(codes, proba), 2, 0)
    share = happened.sum(axis=1, keepdims=True) / n
    safe = np.maximum(count, 1)
    reliability = float((count * (predicted / safe - happened / safe) ** 2).sum() / n / 2)
    resolution = float((count * (happened / safe - share) ** 2).sum() / n / 2)
    uncertainty = float((share * (1 - share)).sum() / 2)
    hit = codes[:, None] == np.arange(proba.shape[1])
    whole = float(((proba - hit) ** 2).sum() / n / 2)
    return {
        "reliability": reliability,
        "resolution": resolution,
        "uncertainty": uncertainty,
        "within_bins": whole - (reliability - resolution + uncertainty),
    }


def confidence_gaps(codes: np.ndarray, proba: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return each sample's bin of confidence and whether it was right minus that confidence.

    Confidence is the probability of the most probable class. With these, the
    expected calibration error is Σ over bins of |sum of gaps| / n.
    """
    confidence = proba.max(axis=1)
    return bin_of(confidence, ECE_BINS), (proba.argmax(axis=1) == codes) - confidence


def expected_calibration_error(codes: np.ndarray, proba: np.ndarray) -> float:
    """Return the mean distance of confidence from the share that was right, over 15 bins of equal width."""
    at, gap = confidence_gaps(codes, proba)
    return float(np.abs(np.bincount(at, gap, minlength=ECE_BINS)).sum() / len(codes))


def tempered(proba: np.ndarray, temperature: float) -> np.ndarray:
    """Return probabilities whose logarithms are divided by a temperature, shape of `proba`.

    Examples
    --------
    >>> tempered(np.array([[0.9, 0.1]]), 2.0).round(3).tolist()
    [[0.75, 0.25]]
    """
    logs = np.log(np.maximum(proba, EPS)) / temperature
    powers = np.exp(logs - logs.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def best_temperature(codes: np.ndarray, proba: np.ndarray) -> float:
    """Return the temperature, from 1/20 to 20, of the least log loss on samples that the model had not seen.

    Above 1 the model was too sure of itself, below 1 not sure enough.
    """
    from scipy.optimize import minimize_scalar

    def loss(log_temperature: float) -> float:
        return float(log_loss_terms(codes, tempered(proba, float(np.exp(log_temperature)))).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-np.log(20), np.log(20)), method="bounded").x))
