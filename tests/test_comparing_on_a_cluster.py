"""A cluster of two worker processes draws the same bits; what is wrong with it is a sentence."""

from __future__ import annotations

import os
import pickle
import signal
import time
from collections.abc import Iterator
from typing import Any

import pytest
from distributed import LocalCluster
from typer.testing import CliRunner

import mixwijzer as mw
from mixwijzer.cli import app
from mixwijzer.engine.errors import RegimeError, SteeringError
from mixwijzer.exchange.ahead import Choice, Contest, drawing
from mixwijzer.exchange.answers import inquiry_of
from mixwijzer.exchange.wording import error_text

TOWN = mw.synthesize(seed=7, homes=400)
SHORT: dict[str, Any] = {"regimes": ("waiting_list", "experiment", "score"), "years": 3}
IMPATIENT = 0.5


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as made:
        yield made


def address(cluster: LocalCluster) -> str:
    return "dask://" + cluster.scheduler_address.removeprefix("tcp://")


def contest(runs: int) -> Contest:
    asked = inquiry_of(TOWN, norms=None, day=None, scheme=None, known=None)
    return Contest.of(asked, Choice(**SHORT, runs=runs))


def worker_ids(cluster: LocalCluster) -> set[int]:
    return {each.process.pid for each in cluster.workers.values()}


def test_a_cluster_draws_the_same_bits_also_when_a_worker_dies_on_the_way(
    cluster: LocalCluster,
) -> None:
    here = mw.compare(TOWN, **SHORT, runs=640)
    there = mw.compare(TOWN, **SHORT, runs=640, engine=address(cluster))
    assert list(there.table) == list(here.table)
    before = worker_ids(cluster)
    assert len(before) == 2
    made = contest(640)
    with drawing(None, 1) as (over, at_once):
        *_, expected = made.drawn({}, over=over, at_once=at_once)
    with drawing(address(cluster), 1) as (over, at_once):
        drawn = made.drawn({}, over=over, at_once=at_once)
        next(drawn)
        os.kill(min(before), signal.SIGKILL)
        *_, last = drawn
    assert last.keys() == expected.keys()
    for owner, part in last.items():
        assert (part.sums == expected[owner].sums).all()
        assert (part.products == expected[owner].products).all()


def test_a_cluster_that_goes_away_is_a_sentence_and_what_was_drawn_stays(
    cluster: LocalCluster,
) -> None:
    with drawing(address(cluster), 1, patience=IMPATIENT) as (over, at_once):
        drawn = contest(1280).drawn({}, over=over, at_once=at_once)
        first = next(drawn)
        cluster.close()
        with pytest.raises(RegimeError, match="cluster_lost") as lost:
            list(drawn)
    assert sum(each.runs for each in first.values()) > 0
    assert "viel onderweg weg" in error_text(lost.value, "nl")


def test_a_cluster_without_workers_is_told() -> None:
    with (
        LocalCluster(n_workers=0, processes=True, dashboard_address=None) as empty,
        pytest.raises(RegimeError, match="cluster_empty"),
        drawing(address(empty), 1, patience=IMPATIENT),
    ):
        pass


def test_a_scheduler_that_does_not_answer_is_told_in_time() -> None:
    start = time.monotonic()
    with (
        pytest.raises(RegimeError, match="cluster_unreachable"),
        drawing("dask://127.0.0.1:1", 1, patience=IMPATIENT),
    ):
        pass
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("engine", ["ray://127.0.0.1:8786", "dask://somewhere", "threads"])
def test_another_engine_is_refused_with_the_way_out(engine: str, tmp_path) -> None:
    mw.export(TOWN, tmp_path / "town")
    words = ["compare", str(tmp_path / "town"), "--engine", engine, "--language", "nl"]
    told = CliRunner().invoke(app, words)
    assert told.exit_code != 0
    assert "dask://host:poort" in told.output.replace("\n", " ")


def test_an_error_arrives_whole_from_another_process() -> None:
    given = SteeringError("promises_impossible", "portfolio", owed=3.5, most=80)
    made = pickle.loads(pickle.dumps(given))  # noqa: S301 (made here)
    assert type(made) is SteeringError
    assert (made.code, made.subject, made.facts) == (given.code, given.subject, given.facts)
    assert str(made) == str(given)
