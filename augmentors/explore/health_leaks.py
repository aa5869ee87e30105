"""Findings about what makes results look better than they are."""

from augmentors.core.dataset import Dataset
from augmentors.core.job import NO_JOB, Job
from augmentors.core.split import Split
from augmentors.explore.duplicates import Pair
from augmentors.explore.giveaway import giveaways
from augmentors.explore.group_column import GroupProposal
from augmentors.explore.health import Finding, Severity, counted, percent
from augmentors.explore.oversampled import oversampled

MAX_IDS = 1000


def leak_findings(dataset: Dataset, pairs: list[Pair], job: Job = NO_JOB) -> list[Finding]:
    """Return columns that give the label away, and classes that were oversampled before the file was made."""
    return [*_giveaways(dataset, job), *_oversampled(dataset, pairs, job)]


def _giveaways(dataset: Dataset, job: Job) -> list[Finding]:
    found = []
    for one in giveaways(dataset, job):
        if one.label is not None:
            told = f"Whether '{one.column}' is filled in tells the class '{one.label}' from all others, almost always."
        else:
            told = (
                f"'{one.column}' alone gives the label away: it tells {percent(one.accuracy)} of each class right, all "
                f"other columns together {percent(one.others)}."
            )
        asked = " Is it known before the label is? If not, mark it as ignored: results would look better than they are."
        found.append(Finding("gives_label_away", "warning", told + asked, columns=(one.column,)))
    return found


def _oversampled(dataset: Dataset, pairs: list[Pair], job: Job) -> list[Finding]:
    found = []
    for one in oversampled(dataset, pairs, job):
        if one.how == "copies":
            how = "are exact copies of others"
            then = "Copies are kept on one side of the split here, but not by a split made elsewhere"
        else:
            how = "lie exactly between two others of their class, as SMOTE puts them"
            then = "Then new rows and their parents lie on both sides of any split"
        words = (
            f"{percent(one.share)} of the samples of '{one.label}' {how} ({percent(one.elsewhere)} in the class with "
            f"fewest). Was it oversampled before? {then}, and results look better than they are: start from the file "
            "as it was before."
        )
        ids = one.sample_ids[:MAX_IDS]
        found.append(Finding("oversampled_before", "warning", words, len(ids), ids, classes=(one.label,)))
    return found


def subject_findings(dataset: Dataset, split: Split | None, proposal: GroupProposal | None) -> list[Finding]:
    """Return subjects that lie on both sides of the split, where a column names them."""
    if split is None or proposal is None or proposal.column is None:
        return []
    named = dataset.frame[proposal.column]
    train, test = named.loc[split.train], named.loc[split.test]
    both = set(train.dropna()) & set(test.dropna())
    if not both:
        return []
    concerned = test[test.isin(both)]
    severity: Severity = "error" if proposal.alike else "warning"
    words = (
        f"{counted(len(both), 'value')} of '{proposal.column}' {'have' if len(both) > 1 else 'has'} rows on both sides "
        f"of the split ({len(concerned):,} test rows): a model may know the subject and not the class. Choose the "
        "column as the group column and split again."
    )
    ids = tuple(str(i) for i in concerned.index[:MAX_IDS])
    return [Finding("subjects_across_split", severity, words, len(concerned), ids, (proposal.column,))]
