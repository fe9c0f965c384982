"""The schedule and the promises of the task queue."""

import pytest

from portal import celery_config
from portal.celery import app


@pytest.mark.parametrize("name", celery_config.beat_schedule)
def test_scheduled_tasks_exist(name: str) -> None:
    app.loader.import_default_modules()

    assert celery_config.beat_schedule[name]["task"] in app.tasks


@pytest.mark.parametrize("name", celery_config.beat_schedule)
def test_scheduled_tasks_expire(name: str) -> None:
    """A worker that was away finds ten minutes of each at most, never a pile."""
    entry = celery_config.beat_schedule[name]

    assert entry["schedule"] < entry["options"]["expires"] <= max(600, 2 * entry["schedule"])
    assert entry["options"]["expires"] >= 600  # as far as the clocks of two machines may differ


def test_a_killed_child_of_a_worker_loses_no_task() -> None:
    assert app.conf.task_acks_late
    assert app.conf.task_reject_on_worker_lost
    assert app.conf.worker_prefetch_multiplier == 1


def test_a_lost_broker_holds_nobody_up() -> None:
    assert app.conf.broker_transport_options["socket_timeout"] <= 2
    assert app.conf.broker_transport_options["socket_connect_timeout"] <= 2
    assert app.conf.task_publish_retry_policy == {"max_retries": 0}
    assert app.conf.task_ignore_result
    assert celery_config.result_backend is None


def test_tasks_end_some_day() -> None:
    assert 0 < app.conf.task_soft_time_limit < app.conf.task_time_limit


def test_tasks_are_plain_data() -> None:
    assert app.conf.accept_content == ["json"]
    assert app.conf.task_serializer == "json"
