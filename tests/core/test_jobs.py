"""The ledger of jobs."""

from __future__ import annotations

from copilot.core.events import JobEnded, Synthesise
from copilot.core.jobs import Jobs


def opened(jobs: Jobs, deadline: int = 1000) -> Synthesise:
    job = Synthesise(jobs.number(), "text", deadline)
    jobs.open(job)
    return job


def test_numbers_are_given_in_order_and_once() -> None:
    jobs = Jobs()
    first = opened(jobs)
    jobs.end(first.job, "done")
    assert [opened(jobs).job for _ in range(3)] == [2, 3, 4]


def test_a_job_is_open_until_it_ends() -> None:
    jobs = Jobs()
    job = opened(jobs)
    assert jobs.get(job.job) is job
    assert jobs.end(job.job, "failed") == [JobEnded(job.job, "failed")]
    assert jobs.get(job.job) is None


def test_a_job_ends_once() -> None:
    jobs = Jobs()
    job = opened(jobs)
    jobs.end(job.job, "cancelled")
    assert jobs.end(job.job, "done") == []
    assert jobs.end(99, "done") == []


def test_a_number_without_a_request_is_no_job() -> None:
    jobs = Jobs()
    assert jobs.get(jobs.number()) is None


def test_a_deadline_is_met_to_the_sample() -> None:
    jobs = Jobs()
    late, later = opened(jobs, 1000), opened(jobs, 2000)
    assert jobs.expired(999) == []
    assert jobs.expired(1000) == [late]
    assert jobs.expired(2000) == [late, later]


def test_expiry_ends_nothing_by_itself() -> None:
    jobs = Jobs()
    job = opened(jobs)
    jobs.expired(5000)
    assert jobs.pending() == [job]


def test_pending_jobs_are_in_order() -> None:
    jobs = Jobs()
    made = [opened(jobs) for _ in range(4)]
    jobs.end(made[1].job, "done")
    assert jobs.pending() == [made[0], made[2], made[3]]
