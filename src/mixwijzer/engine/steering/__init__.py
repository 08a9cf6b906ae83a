"""Can we turn this complex, when and how, and what does a placement cost later and elsewhere?

`power` gives the six figures of steering power of one complex (`Block`), `room_index` the prices of
what is scarce and owed (`Pledge`), a bound that no policy beats, the room scores and a policy.
`simulate` runs policies over a portfolio with prices that `Follow` what is owed, to measure the
gap to the bound. `steer` does all of it for a portfolio; `ground_calendar` says which lettings lean
on a ground that ends.
"""

from mixwijzer.engine.steering._arm import middle
from mixwijzer.engine.steering._blocks import Block
from mixwijzer.engine.steering._grounds import ground_calendar
from mixwijzer.engine.steering._index import RoomIndex, room_index
from mixwijzer.engine.steering._portfolio import Steering, pledged, steer, unkept
from mixwijzer.engine.steering._power import HORIZON, Figures, SteeringPower, power
from mixwijzer.engine.steering._prices import Pledge
from mixwijzer.engine.steering._room import STRIDE, PlacementCost, Room, RoomScore
from mixwijzer.engine.steering._simulate import Follow, simulate

__all__ = [
    "HORIZON",
    "STRIDE",
    "Block",
    "Figures",
    "Follow",
    "PlacementCost",
    "Pledge",
    "Room",
    "RoomIndex",
    "RoomScore",
    "Steering",
    "SteeringPower",
    "ground_calendar",
    "middle",
    "pledged",
    "power",
    "room_index",
    "simulate",
    "steer",
    "unkept",
]
