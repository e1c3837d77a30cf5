"""Deep checks of cases: do the numbers close, is everything there, does no hint give an answer.

`check_library` reads files and returns problems with file, line and remedy, never an exception.
Run as `python -m questions.case_check FILE...` it prints them.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path as FilePath

from questions import formula
from questions.case import Case
from questions.case_build import Path
from questions.case_check_cohorts import check_cohorts
from questions.case_check_numbers import Evaluate, check_numbers
from questions.case_check_substance import check_substance
from questions.case_check_text import check_facts, check_steps, check_traps
from questions.case_file import CaseFileError, CaseSource, Problem, read_source
from questions.playthrough import playthrough_path, read_playthrough
from questions.variant import variant_faults

Finding = tuple[Path, str, str]
Check = Callable[[CaseSource], Iterator[Finding]]

__all__ = ["Evaluate", "Problem", "check_case", "check_library"]


def check_library(
    paths: Sequence[FilePath], evaluate: Evaluate = formula.evaluate
) -> list[Problem]:
    """Return every problem of the case files, in the order of files and lines.

    `evaluate(formulas, given)` returns the value of each formula by symbol and may raise
    ValueError; the lab's own arithmetic is passed in where it is at hand.
    """
    problems: list[Problem] = []
    slugs: dict[str, FilePath] = {}
    for path in paths:
        problems += _check_file(path, evaluate, slugs)
    return problems


def check_case(source: CaseSource, evaluate: Evaluate = formula.evaluate) -> list[Problem]:
    """Return the problems of one case that was read without fault, first line first."""
    case = source.case
    findings: Iterable[Finding] = (
        *check_facts(case),
        *check_steps(case),
        *check_traps(case),
        *check_numbers(case, evaluate),
        *check_substance(case),
        *variant_faults(case),
        *check_cohorts(case),
    )
    problems = [source.problem(*finding) for finding in findings]
    return sorted(problems, key=lambda problem: problem.line)


def _check_file(path: FilePath, evaluate: Evaluate, slugs: dict[str, FilePath]) -> list[Problem]:
    try:
        source = read_source(path)
    except CaseFileError as error:
        return list(error.problems)
    except OSError as error:
        return [Problem(str(path), 1, f"cannot be opened: {error.strerror}", "check the name")]
    problems = check_case(source, evaluate)
    slug = source.case.slug
    if path.stem != slug:
        problems.append(
            source.problem(("slug",), f"slug {slug} is not the file's name", f"use {path.stem}")
        )
    first = slugs.setdefault(slug, path)
    if first != path:
        problems.append(
            source.problem(("slug",), f"{first} has the same slug", "give this case its own slug")
        )
    return [*problems, *_check_playthrough(path, source.case)]


def _check_playthrough(path: FilePath, case: Case) -> list[Problem]:
    """The problems of the playthrough beside a case; without one the case is a draft."""
    if not playthrough_path(path).is_file():
        return []
    try:
        read_playthrough(playthrough_path(path), case)
    except CaseFileError as error:
        return list(error.problems)
    return []


def main(names: Sequence[str]) -> int:
    """Print the problems of each file; return 1 when there is any."""
    problems = check_library([FilePath(name) for name in names])
    for problem in problems:
        print(problem)
    print(f"{len(names)} read, {len(problems)} to change.")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
