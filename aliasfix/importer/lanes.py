"""Blocks of an export, read two at a time: numpy and Arrow leave the interpreter to others while they compute."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import cycle
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from concurrent.futures import Future

Job = TypeVar("Job")
Result = TypeVar("Result")

LANES = 2


def taken_in_turn(jobs: Iterable[Job], readers: Sequence[Callable[[Job], Result]]) -> Iterator[tuple[Job, Result]]:
    """The jobs in their order, each with what a reader made of it; none of the readers has two jobs at a time.

    What a reader raises is raised here, in the place of its job.
    """
    with ExitStack() as stack:
        lanes = [(stack.enter_context(ThreadPoolExecutor(max_workers=1)), reader) for reader in readers]
        waiting: deque[tuple[Job, Future[Result]]] = deque()
        for job, (lane, reader) in zip(jobs, cycle(lanes)):
            waiting.append((job, lane.submit(reader, job)))
            if len(waiting) > len(lanes):
                yield _done(waiting)
        while waiting:
            yield _done(waiting)


def _done(waiting: deque[tuple[Job, Future[Result]]]) -> tuple[Job, Result]:
    job, result = waiting.popleft()
    return job, result.result()
