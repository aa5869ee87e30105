"""Losses against closed forms, limits, published numbers and independent implementations."""

import math

import numpy as np
import pytest
import torch
from torch.autograd import gradcheck
from torch.nn.functional import cross_entropy

from augmentors.learners.losses import (
    balanced_softmax,
    class_balanced_weights,
    effective_numbers,
    focal,
    ldam,
    ldam_margins,
    log_priors,
    logit_adjusted,
)

LOGITS = torch.tensor([[2.0, -1.0, 0.5], [0.3, 0.1, -0.2], [-1.5, 0.0, 3.0], [0.2, 0.9, -0.4]], dtype=torch.float64)
TARGETS = torch.tensor([0, 2, 1, 1])
COUNTS = np.array([600, 150, 12])
PRIOR = torch.tensor(log_priors(COUNTS))
WEIGHT = torch.tensor([0.5, 1.0, 4.0], dtype=torch.float64)


def at(p: float) -> torch.Tensor:
    """Return the logits of one sample whose target, class 0, has this probability."""
    return torch.tensor([[p, 1 - p]], dtype=torch.float64).log()


ZERO = torch.tensor([0])


@pytest.mark.parametrize(("p", "times"), [(0.9, 100), (0.968, 976.6), (0.5, 4)])
def test_focal_published_ratios(p, times):
    """Lin et al., section 3.2: at γ = 2 the loss is 100 times lower at p = 0.9, about 1000 times at 0.968, 4 at 0.5."""
    plain, light = focal(at(p), ZERO, gamma=0), focal(at(p), ZERO, gamma=2)
    assert plain.item() == pytest.approx(-math.log(p))
    assert plain.item() / light.item() == pytest.approx(times, rel=1e-3)


def test_focal_by_hand():
    losses = [-((1 - p) ** 1.5) * math.log(p) for p in (0.7, 0.2)]
    both = torch.cat([at(0.7), at(0.2)])
    assert focal(both, torch.tensor([0, 0]), 1.5).item() == pytest.approx(sum(losses) / 2)
    # The second sample as class 1, three times the weight: −(1 − 0.8)^1.5 log 0.8.
    losses[1] = -(0.2**1.5) * math.log(0.8)
    weight = torch.tensor([1.0, 3.0], dtype=torch.float64)
    assert focal(both, torch.tensor([0, 1]), 1.5, weight).item() == pytest.approx((losses[0] + 3 * losses[1]) / 4)


def test_focal_without_focus_is_cross_entropy():
    for weight in (None, WEIGHT):
        expected = cross_entropy(LOGITS, TARGETS, weight=weight)
        assert focal(LOGITS, TARGETS, 0.0, weight).item() == pytest.approx(expected.item(), abs=1e-15)


def test_focal_as_independent_implementations_have_it():
    # The code of Cao et al. (their FocalLoss) on the same numbers.
    assert focal(LOGITS, TARGETS, 2.0).item() == pytest.approx(0.9192624051621081, abs=1e-12)
    assert focal(LOGITS, TARGETS, 0.5).item() == pytest.approx(1.168635515551762, abs=1e-12)
    # The sigmoid form of object detection is the softmax of (0, z).
    from transformers.loss.loss_for_object_detection import sigmoid_focal_loss

    z = torch.tensor([[1.3], [-0.4], [2.2]], dtype=torch.float64)
    is_object = torch.tensor([[1.0], [0.0], [0.0]], dtype=torch.float64)
    theirs = sigmoid_focal_loss(z, is_object, num_boxes=3, alpha=-1, gamma=2)
    ours = focal(torch.cat([torch.zeros_like(z), z], dim=1), is_object[:, 0].long(), 2.0)
    assert ours.item() == pytest.approx(float(theirs), abs=1e-12)


def test_focal_is_finite_where_the_net_is_sure():
    sure = torch.tensor([[800.0, -800.0]], dtype=torch.float64, requires_grad=True)
    for target in (0, 1):
        loss = focal(sure, torch.tensor([target]), 2.0)
        (gradient,) = torch.autograd.grad(loss, sure)
        assert torch.isfinite(loss) and torch.isfinite(gradient).all()


def test_effective_numbers_by_hand_and_limits():
    # 1, 1 + β, 1 + β + β²: each further sample is worth β of the last.
    assert effective_numbers(np.array([1, 2, 3]), 0.9) == pytest.approx([1, 1.9, 2.71])
    # β = (N − 1) / N of N distinct samples: never more than N.
    assert effective_numbers(np.array([10**9]), 0.999) == pytest.approx([1000])
    assert effective_numbers(np.array([5, 500]), 0).tolist() == [1, 1]
    assert effective_numbers(np.array([5, 500]), 1 - 1e-12) == pytest.approx([5, 500], rel=1e-6)
    for beta in (-0.1, 1.0):
        with pytest.raises(ValueError, match="beta must be in"):
            effective_numbers(np.array([5]), beta)


def test_class_balanced_weights_run_from_none_to_inverse_frequency():
    assert class_balanced_weights(COUNTS, 0).tolist() == [1, 1, 1]
    inverse = 1 / COUNTS
    assert class_balanced_weights(COUNTS, 1 - 1e-12) == pytest.approx(inverse / inverse.mean(), rel=1e-6)
    # As the code of Cui et al. and of Cao et al. have them.
    published = [0.05610606, 0.2194617, 2.72443224]
    assert class_balanced_weights(COUNTS, 0.9999) == pytest.approx(published, abs=1e-8)


def test_class_balanced_cross_entropy_as_balanced_loss_has_it():
    """balanced-loss 0.1.1 divides by the number of samples; the weights are what is compared."""
    weight = torch.tensor(class_balanced_weights(COUNTS, 0.999))
    mean = cross_entropy(LOGITS, TARGETS, weight=weight) * weight[TARGETS].sum() / len(TARGETS)
    assert mean.item() == pytest.approx(1.148626446723938, abs=1e-6)


def test_balanced_softmax_by_hand_and_with_equal_counts():
    logits, target = torch.tensor([[1.0, 2.0]], dtype=torch.float64), torch.tensor([1])
    prior = torch.tensor(log_priors(np.array([90, 10])))
    expected = -math.log(10 * math.exp(2) / (90 * math.exp(1) + 10 * math.exp(2)))
    assert balanced_softmax(logits, target, prior).item() == pytest.approx(expected)
    equal = torch.tensor(log_priors(np.array([7, 7, 7])))
    assert balanced_softmax(LOGITS, TARGETS, equal).item() == pytest.approx(cross_entropy(LOGITS, TARGETS).item())
    # The code of Ren et al. adds log counts, not log shares: a softmax does not feel the difference.
    assert balanced_softmax(LOGITS, TARGETS, PRIOR).item() == pytest.approx(1.744732679006353, abs=1e-12)


def test_adjusted_logits_rank_by_likelihood():
    """p(x | y) ∝ p(y | x) / p(y): 0.8 : 0.2 under priors 0.9 : 0.1 are odds of 0.89 : 2."""
    logits = np.log([[0.8, 0.2]])
    adjusted = np.exp(logit_adjusted(logits, log_priors(np.array([90, 10]))))
    assert adjusted == pytest.approx(np.array([[0.8 / 0.9, 0.2 / 0.1]]))
    assert np.array_equal(logit_adjusted(logits, log_priors(np.array([9, 1])), tau=0.0), logits)


def test_minimising_balanced_softmax_gives_the_balanced_posterior():
    """One feature, two values: the net's own softmax ends at p(y | x) of equally frequent classes."""
    counts = np.array([[60, 20], [5, 15]])  # class × value
    logits = torch.zeros((2, 2), dtype=torch.float64, requires_grad=True)  # value × class
    prior = torch.tensor(log_priors(counts.sum(axis=1)))
    value = torch.tensor(np.repeat([0, 1, 0, 1], counts.ravel()))
    target = torch.tensor(np.repeat([0, 0, 1, 1], counts.ravel()))
    search = torch.optim.LBFGS([logits], max_iter=200, tolerance_grad=1e-10)

    def closure():
        search.zero_grad()
        loss = balanced_softmax(logits[value], target, prior)
        loss.backward()
        return loss

    search.step(closure)
    given_class = counts / counts.sum(axis=1, keepdims=True)
    balanced = (given_class / given_class.sum(axis=0)).T
    assert logits.detach().softmax(1).numpy() == pytest.approx(balanced, abs=1e-5)


def test_ldam_margins_by_hand():
    assert ldam_margins(np.array([10, 160, 810])) == pytest.approx([0.5, 0.25, 0.5 / 3])
    assert ldam_margins(np.array([4, 4]), max_margin=0.3).tolist() == [0.3, 0.3]


def test_ldam_by_hand_and_without_margins():
    cosines, target = torch.tensor([[0.6, 0.2]], dtype=torch.float64), torch.tensor([0])
    margins = torch.tensor([0.5, 0.25], dtype=torch.float64)
    # 10 · (0.6 − 0.5) = 1 against 2.
    assert ldam(cosines, target, margins, scale=10).item() == pytest.approx(math.log(1 + math.e))
    none = torch.zeros(3, dtype=torch.float64)
    assert ldam(LOGITS, TARGETS, none, scale=1).item() == pytest.approx(cross_entropy(LOGITS, TARGETS).item())


def test_ldam_as_published():
    """The code of Cao et al. on the same numbers, before and after re-weighting sets in."""
    margins = torch.tensor(ldam_margins(COUNTS))
    assert ldam(LOGITS / 4, TARGETS, margins).item() == pytest.approx(13.058417323936748, abs=1e-9)
    weight = torch.tensor(class_balanced_weights(COUNTS, 0.9999))
    assert ldam(LOGITS / 4, TARGETS, margins, weight=weight).item() == pytest.approx(18.305987086619577, abs=1e-9)


@pytest.mark.parametrize("weight", [None, WEIGHT])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 2.0])
def test_gradient_of_focal(gamma, weight):
    logits = LOGITS.clone().requires_grad_()
    assert gradcheck(lambda z: focal(z, TARGETS, gamma, weight), (logits,))


@pytest.mark.parametrize("weight", [None, WEIGHT])
def test_gradients_of_the_others(weight):
    logits = (LOGITS / 4).clone().requires_grad_()
    assert gradcheck(lambda z: balanced_softmax(z, TARGETS, PRIOR, weight), (logits,))
    margins = torch.tensor(ldam_margins(COUNTS))
    assert gradcheck(lambda z: ldam(z, TARGETS, margins, weight=weight), (logits,))
