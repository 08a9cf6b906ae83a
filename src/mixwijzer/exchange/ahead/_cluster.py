"""Where are the runs of a comparison drawn: by threads of this process, or by a Dask cluster?

Which of them draws a chunk changes no bit of it: chunks are whole numbers, counted from a chance of
their own, and are put together in their order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any

from mixwijzer.engine import ENGINE_VERSION
from mixwijzer.engine.errors import RegimeError
from mixwijzer.engine.regimes import Over

if TYPE_CHECKING:
    from distributed import Client, Future

DASK = "dask://"
PATIENCE = 10.0  # for a scheduler that doesn't answer, and for a first or another worker [s]
_LOOK = 1.0  # [s]
_EACH = 2  # chunks handed out together per thread of a worker, so that none waits for the next


@contextmanager
def drawing(
    engine: str | None, workers: int, *, patience: float = PATIENCE
) -> Iterator[tuple[Over, int]]:
    """Yield something like `map` to draw chunks with, and how many chunks to hand it together.

    Parameters
    ----------
    engine
        `dask://host:port` of a scheduler; absent: threads of this process.
    workers
        How many threads.
    patience
        How long is waited for a scheduler or a worker that isn't there [s].

    Raises
    ------
    RegimeError
        `engine_unknown`, `cluster_package`, `cluster_unreachable`, `cluster_empty`,
        `cluster_other`, and, while drawing, `cluster_lost`.
    """
    if engine is None:
        with ThreadPoolExecutor(workers) as threads:
            yield threads.map, workers
        return
    if not engine.startswith(DASK) or not engine.removeprefix(DASK).rpartition(":")[2].isdecimal():
        raise RegimeError("engine_unknown", engine)
    with _client(engine, patience) as client:
        threads_there = _threads(client, within=patience)
        if not threads_there:
            raise RegimeError("cluster_empty", engine)
        _refuse_other(client, engine)
        yield _Handing(client, engine, patience), _EACH * threads_there


@contextmanager
def _client(engine: str, patience: float) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError as error:
        raise RegimeError("cluster_package", engine) from error
    try:
        client = Client(
            "tcp://" + engine.removeprefix(DASK), timeout=patience, set_as_default=False
        )
    except (OSError, ValueError) as error:  # a time-out is an OSError
        raise RegimeError("cluster_unreachable", engine) from error
    with client:
        yield client


def _threads(client: Client, *, within: float = 0.0) -> int:
    """Return how many threads the workers have; waits for the first worker."""
    start = monotonic()
    while not (threads := sum(client.nthreads().values())) and monotonic() - start < within:
        sleep(_LOOK / 4)
    return int(threads)


def itself(plan: object) -> object:
    """Return what a worker was sent."""
    return plan


def engine_here() -> str:
    """Return which engine draws in this process; asked of every worker."""
    return ENGINE_VERSION


def _refuse_other(client: Client, engine: str) -> None:
    """Refuse a worker without this engine: its bits would be other bits."""
    told = client.run(engine_here, on_error="return")
    for place, version in told.items():
        if version != ENGINE_VERSION:
            raise RegimeError("cluster_other", engine, worker=place, version=ENGINE_VERSION)


class _Handing:
    """What `map` does, by a cluster: chunks go out together and come back in their order."""

    def __init__(self, client: Client, engine: str, patience: float) -> None:
        self.client, self.engine, self.patience = client, engine, patience
        self._sent: tuple[object, Future] | None = None

    def __call__(self, draw: Callable[..., Any], *columns: Iterable[Any]) -> Iterator[Any]:
        """Yield what was drawn of each row of arguments; the first of them is sent once."""
        rows = list(zip(*columns, strict=True))
        try:
            there = [
                self.client.submit(draw, self._plan(first), *rest, pure=False)
                for first, *rest in rows
            ]
            for each in there:
                yield self._waited(each)
        except RegimeError:
            raise
        except Exception as error:
            raise RegimeError("cluster_lost", self.engine) from error

    def _plan(self, plan: object) -> Future:
        """Return the plan on the cluster, as a task: a worker that dies takes no data with it."""
        if self._sent is None or self._sent[0] is not plan:
            self._sent = plan, self.client.submit(itself, plan, pure=False)
        return self._sent[1]

    def _waited(self, each: Future) -> Any:  # noqa: ANN401 (whatever was drawn)
        """Return what came back; while nobody works, wait no longer than is reasonable."""
        alone = monotonic()
        while True:
            try:
                return each.result(timeout=_LOOK)
            except TimeoutError:
                if self.client.status == "running" and _threads(self.client):
                    alone = monotonic()
                elif monotonic() - alone > self.patience:
                    raise RegimeError("cluster_lost", self.engine) from None
