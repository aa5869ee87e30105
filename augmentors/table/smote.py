"""SMOTE: new rows between a row and one of its nearest rows of the same class."""

from augmentors.core.augmenter import Card
from augmentors.table.interpolating import InterpolatingAugmenter, InterpolatingParams


class Smote(InterpolatingAugmenter):
    """Place new rows on the line between a row and one of its nearest rows of the class.

    Examples
    --------
    >>> from augmentors.testing import toy_table
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> samples = Smote(k_neighbors=3).fit(toy_table(), rng).augment("rare", 2, rng)
    >>> samples.parents.shape
    (2, 2)
    """

    card = Card(
        key="smote",
        title="SMOTE",
        kind="table",
        family="oversampling",
        summary="Places new rows on the line between a row and one of its nearest rows of the same class.",
        avoid="Avoid when most columns are categories (use SMOTENC) or when a class overlaps the others widely.",
        references=("Chawla et al. (2002), SMOTE: Synthetic Minority Over-sampling Technique, JAIR 16:321-357.",),
    )

    class Params(InterpolatingParams):
        pass
