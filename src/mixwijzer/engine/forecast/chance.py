"""Chance for many runs side by side, compiled: a row of 32 random bits for every lane.

Generators: xoshiro128++ (Blackman and Vigna 2021), started by splitmix64 (Steele 2014).

What is compiled is kept by the file of who calls it: after a change here the kernel's own file has
to be touched too, or the old code goes on. The test that reads the kernel line by line notices.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numba import njit
from numpy.typing import NDArray

Words: TypeAlias = NDArray[np.uint32]

LANES = 64

_U32, _U64 = np.uint32, np.uint64
_STEP = _U64(0x9E3779B97F4A7C15)


@njit(cache=True, nogil=True, error_model="numpy")
def mixed(word: np.uint64) -> np.uint64:
    """Return 64 scrambled bits (the finish of splitmix64)."""
    word = (word ^ (word >> _U64(30))) * _U64(0xBF58476D1CE4E5B9)
    word = (word ^ (word >> _U64(27))) * _U64(0x94D049BB133111EB)
    return word ^ (word >> _U64(31))


@njit(cache=True, nogil=True, error_model="numpy")
def begin(words: Words, seed: int, block: int) -> None:
    """Start the streams of a block."""
    word = mixed(mixed(_U64(seed) + _STEP) + _U64(block))
    for place in range(4 * LANES):
        word += _STEP
        words[place] = _U32(mixed(word) >> _U64(32))


@njit(cache=True, nogil=True, error_model="numpy", forceinline=True)
def step(
    a: np.uint32, b: np.uint32, c: np.uint32, d: np.uint32
) -> tuple[np.uint32, np.uint32, np.uint32, np.uint32, np.uint32]:
    """Return 32 random bits, and where the generator of a lane stands then."""
    both = _U32(a + d)
    bits = _U32(_U32(_U32(both << _U32(7)) | (both >> _U32(25))) + a)
    shifted = _U32(b << _U32(9))
    c, d = _U32(c ^ a), _U32(d ^ b)
    a, b = _U32(a ^ d), _U32(b ^ c)
    return bits, a, b, _U32(c ^ shifted), _U32(_U32(d << _U32(11)) | (d >> _U32(21)))


@njit(cache=True, nogil=True, error_model="numpy")
def draw(words: Words, row: int) -> None:
    """Put the next 32 random bits of every lane in a row."""
    for lane in range(LANES):
        a, b = words[lane], words[LANES + lane]
        c, d = words[2 * LANES + lane], words[3 * LANES + lane]
        words[row + lane], a, b, c, d = step(a, b, c, d)
        words[lane], words[LANES + lane] = a, b
        words[2 * LANES + lane], words[3 * LANES + lane] = c, d


@njit(cache=True, nogil=True, error_model="numpy")
def draw_two(words: Words, row: int, next_row: int) -> None:
    """Put the next 64 random bits of every lane in two rows, without a stop between them."""
    for lane in range(LANES):
        a, b = words[lane], words[LANES + lane]
        c, d = words[2 * LANES + lane], words[3 * LANES + lane]
        words[row + lane], a, b, c, d = step(a, b, c, d)
        words[next_row + lane], a, b, c, d = step(a, b, c, d)
        words[lane], words[LANES + lane] = a, b
        words[2 * LANES + lane], words[3 * LANES + lane] = c, d
