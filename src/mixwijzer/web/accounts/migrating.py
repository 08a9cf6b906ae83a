"""How are the tables made without making every model again after every step?

Between two steps of a migration Django makes the model that changed again, and with it all that are
related to it, however far. Here nearly everything has an owner, so that was every model, 222 times:
four fifths of the time that a new, restored or verified database took. The tables only ask for the
model itself and its neighbours. Django knows models that wait to be made again
(`is_delayed`) and makes them before code of a migration (`RunPython`) sees any.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db.migrations.state import ProjectState, get_related_models_tuples

from mixwijzer.web.accounts.isolation import whole_installation

__all__ = ["changing_tables"]

_MADE_AGAIN = "_find_reload_model"  # Django has no public place for it


@contextmanager
def changing_tables() -> Iterator[None]:
    """Migrate in here: for every organisation, and without making models that nobody asks for."""
    djangos = getattr(ProjectState, _MADE_AGAIN)
    setattr(ProjectState, _MADE_AGAIN, _neighbours)
    try:
        with whole_installation():
            yield
    finally:
        setattr(ProjectState, _MADE_AGAIN, djangos)


def _neighbours(
    state: ProjectState, app: str, model: str, *_: object, **__: object
) -> set[tuple[str, str]]:
    """Return a model and those it is related to, as it was before this step."""
    state.is_delayed = True
    try:
        before = state.apps.get_model(app, model)
    except LookupError:  # it is new: nobody refers to it yet
        return {(app, model)}
    return {(app, model), *get_related_models_tuples(before)}
