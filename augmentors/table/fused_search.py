"""A compiled search of candidates: distances are compared in the registers they are computed in.

Most of a search over all pairs is moving distances: written by a matrix
product, read to compare them, read again for the other row of the pair. Here a
few rows meet a few points, and only what is near enough leaves the processor.
Importing this module imports numba; `compiled_search` knows when that pays.
"""

from typing import Any, NamedTuple

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from augmentors.table.single_precision import EPSILON, FARTHEST

# So many rows meet so many points at once: their distances fill the registers of AVX2, and those of others suffice.
ROWS, LANES, VECTORS = 4, 8, 3
POINTS = LANES * VECTORS
# Two blocks and the candidates of their rows stay in the cache while they meet.
BLOCK = 28 * POINTS
# Nothing is as near as this: the bound of a row that is given up.
NEVER = np.float32(-FARTHEST)

_FLOAT, _INT = ir.FloatType(), ir.IntType(64)
_VECTOR = ir.VectorType(_FLOAT, LANES)


_compiled = njit(nogil=True, cache=True)


class Kept(NamedTuple):
    """The candidates of each query, and how far it looks for more.

    Parameters
    ----------
    squares : ndarray of float32, shape (q,)
        Squared lengths of the queries.
    bounds : ndarray of float32, shape (at least q,)
        Threads share them: every value that one writes is a true bound.
    sizes, points, values : ndarray of int32, int32 and float32, shapes (q,), (q, capacity), (q, capacity)
        Of one thread alone. A size of -1: too many to keep, the row is given up.
    spare : ndarray of float32, shape (capacity,)
    """

    squares: np.ndarray
    bounds: np.ndarray
    sizes: np.ndarray
    points: np.ndarray
    values: np.ndarray
    spare: np.ndarray


class _Code:
    """What the intrinsic below is written with: vectors of single precision."""

    def __init__(self, builder: Any) -> None:
        self.builder = builder

    def address(self, pointer: Any, *offsets: Any) -> Any:
        """Return a pointer moved by some numbers of floats."""
        for offset in offsets:
            pointer = self.builder.gep(pointer, [_INT(offset) if isinstance(offset, int) else offset])
        return pointer

    def vectors(self, pointer: Any) -> list[Any]:
        """Load what one row of points needs."""
        loaded = []
        for v in range(VECTORS):
            at = self.builder.bitcast(self.address(pointer, v * LANES), _VECTOR.as_pointer())
            loaded.append(self.builder.load(at))
            loaded[-1].align = 4
        return loaded

    def store(self, vector: Any, pointer: Any) -> None:
        """Store one vector."""
        self.builder.store(vector, self.builder.bitcast(pointer, _VECTOR.as_pointer())).align = 4

    def in_all_lanes(self, pointer: Any) -> Any:
        """Load one number into all lanes of a vector."""
        empty, lane = ir.Constant(_VECTOR, ir.Undefined), ir.IntType(32)
        first = self.builder.insert_element(empty, self.builder.load(pointer), lane(0))
        return self.builder.shuffle_vector(first, empty, ir.Constant(ir.VectorType(lane, LANES), [0] * LANES))

    def products(self, query: Any, points: Any, length: Any) -> list[list[Any]]:
        """Return the products of ROWS rows with POINTS points, vectors by rows; the sums stay in registers."""
        b = self.builder
        before, loop, after = b.block, b.append_basic_block("sum"), b.append_basic_block("summed")
        b.branch(loop)
        b.position_at_end(loop)
        at = b.phi(_INT)
        sums = [[b.phi(_VECTOR) for _ in range(VECTORS)] for _ in range(ROWS)]
        loaded = self.vectors(self.address(points, b.mul(at, _INT(POINTS))))
        step, zero = b.add(at, _INT(1)), ir.Constant(_VECTOR, [0.0] * LANES)
        known = [(at, _INT(0), step)]
        for i, row in enumerate(sums):
            factor = self.in_all_lanes(self.address(query, b.mul(length, _INT(i)), at))
            # "contract" lets both become one instruction where there is one; any rounding is within the bound.
            parts = [b.fmul(factor, vector, flags=("contract",)) for vector in loaded]
            known += [(s, zero, b.fadd(s, part, flags=("contract",))) for s, part in zip(row, parts, strict=True)]
        for phi, first, following in known:
            phi.add_incoming(first, before)
            phi.add_incoming(following, loop)
        b.cbranch(b.icmp_unsigned("<", step, length), loop, after)
        b.position_at_end(after)
        summed = [following for _, _, following in known[1:]]
        return [summed[i * VECTORS : (i + 1) * VECTORS] for i in range(ROWS)]

    def bits(self, truths: list[Any]) -> Any:
        """Return truth vectors as the bits of one integer, the first lane lowest."""
        bits = _INT(0)
        for v, truth in enumerate(truths):
            lanes = self.builder.zext(self.builder.bitcast(truth, ir.IntType(LANES)), _INT)
            bits = self.builder.or_(bits, self.builder.shl(lanes, _INT(v * LANES)))
        return bits


def _hits_in_registers(
    typing: Any, queries: Any, row: Any, tiles: Any, tile: Any, bounds: Any, others: Any, at: Any, out: Any, hits: Any
) -> Any:
    """Write the distances of ROWS queries to a tile of points, and which are near enough; return whether any is.

    Near enough is what exceeds not both the row's bound and the point's
    (`others`, from `at` on). `hits` gets one number per row: a bit per point.
    """

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        code = _Code(builder)
        arrays = {i: make_array(signature.args[i])(context, builder, values[i]) for i in (0, 2, 4, 5, 7, 8)}
        length = cgutils.unpack_tuple(builder, arrays[0].shape)[1]
        row, tile, at = values[1], values[3], values[6]
        query = code.address(arrays[0].data, builder.mul(row, length))
        points = code.address(arrays[2].data, builder.mul(tile, builder.mul(length, _INT(POINTS))))
        distances = code.products(query, points, length)
        theirs = code.vectors(code.address(arrays[5].data, at))
        found = _INT(0)
        for i, vectors in enumerate(distances):
            own, near = code.in_all_lanes(code.address(arrays[4].data, row, i)), []
            for v, vector in enumerate(vectors):
                farther = builder.select(builder.fcmp_ordered(">", own, theirs[v]), own, theirs[v])
                near.append(builder.fcmp_ordered("<=", vector, farther))
                code.store(vector, code.address(arrays[7].data, i * POINTS + v * LANES))
            bits = code.bits(near)
            builder.store(bits, builder.gep(arrays[8].data, [_INT(i)]))
            found = builder.or_(found, bits)
        return found

    return types.int64(queries, types.int64, tiles, types.int64, bounds, others, types.int64, out, hits), generate


def _count_trailing_zeros(typing: Any, bits: Any) -> Any:
    """Return the place of the lowest bit that is set; one is."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        return builder.cttz(values[0], ir.IntType(1)(1))

    return types.int64(types.int64), generate


_hits: Any = intrinsic(_hits_in_registers)
_lowest_bit: Any = intrinsic(_count_trailing_zeros)


@_compiled
def _kth_smallest(values: np.ndarray, size: int, k: int, spare: np.ndarray) -> float:
    """Return the k-th smallest of the first `size` values: Hoare's selection, in spare memory."""
    for i in range(size):
        spare[i] = values[i]
    low, high, k = 0, size - 1, k - 1
    while low < high:
        pivot = spare[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while spare[i] < pivot:
                i += 1
            while pivot < spare[j]:
                j -= 1
            if i <= j:
                spare[i], spare[j] = spare[j], spare[i]
                i, j = i + 1, j - 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return spare[k]


@_compiled
def _bound(nearest: float, square: float, width: int) -> np.float32:
    """Return what `SinglePrecision.bound` returns, for one row."""
    length = np.sqrt(np.float64(square))
    reach = length + np.sqrt(max(np.float64(nearest), 0.0))
    error = 4 * (width + 4) * EPSILON * (reach * reach + 2 * length * reach + np.float64(square))
    return np.float32(min(np.float64(nearest) + error + 1e-37, FARTHEST))


@_compiled
def _tighten(row: int, kept: Kept, count: int, width: int) -> None:
    """Bound a row by the candidates it has, and keep those within."""
    values, size = kept.values[row], 0
    nearest = _kth_smallest(values, kept.sizes[row], count, kept.spare)
    bound = min(kept.bounds[row], _bound(nearest, kept.squares[row], width))
    for i in range(kept.sizes[row]):
        if values[i] <= bound:
            values[size] = values[i]
            kept.points[row, size] = kept.points[row, i]
            size += 1
    # A row that is nearly full again would be tightened all the time.
    given_up = 4 * size > 3 * len(values)
    kept.bounds[row] = NEVER if given_up else bound
    kept.sizes[row] = -1 if given_up else size


@_compiled
def first_bounds(
    begin: int, end: int, count: int, sample: int, queries: np.ndarray, tiles: np.ndarray, kept: Kept
) -> None:
    """Bound some queries by a sample of the points, without keeping any.

    Of the minima of as many groups, the count-th smallest bounds the count-th
    smallest distance.

    Parameters
    ----------
    begin, end : int
        Which queries; multiples of ROWS.
    sample : int
        How many tiles; with twice as many points as are wanted, or all.
    queries, tiles, kept
        As `search_blocks` gets them.
    """
    out, hits = np.empty((ROWS, POINTS), dtype=np.float32), np.zeros(ROWS, dtype=np.int64)
    nothing = np.full(len(queries), NEVER, dtype=np.float32)
    groups = min(-(-2 * count // POINTS), sample)
    minima, spare = np.empty((groups, ROWS, POINTS), np.float32), np.empty(groups * POINTS, np.float32)
    of_row = np.empty(groups * POINTS, np.float32)
    for row in range(begin, end, ROWS):
        minima[:] = np.inf
        for tile in range(sample):
            _hits(queries, row, tiles, tile, nothing, nothing, 0, out, hits)
            least = minima[tile % groups]
            for i in range(ROWS):
                for c in range(POINTS):
                    least[i, c] = out[i, c] if out[i, c] < least[i, c] else least[i, c]
        for i in range(ROWS):
            if kept.bounds[row + i] != NEVER:
                for group in range(groups):
                    for c in range(POINTS):
                        of_row[group * POINTS + c] = minima[group, i, c]
                nearest = _kth_smallest(of_row, len(of_row), count, spare)
                kept.bounds[row + i] = _bound(nearest, kept.squares[row + i], queries.shape[1])


@_compiled
def search_blocks(
    blocks: np.ndarray, themselves: bool, count: int, queries: np.ndarray, tiles: np.ndarray, kept: Kept
) -> None:
    """Offer the points of some blocks to the queries of others; among themselves, each pair once to both.

    Parameters
    ----------
    blocks : ndarray of int64, shape (b, 2)
        Blocks of BLOCK queries and of BLOCK points that meet.
    themselves : bool
        Whether the points are the queries; then no block of points comes after that of its queries.
    count : int
        How many nearest are wanted.
    queries : ndarray of float32, shape (q, m + 2)
        See `single_precision.halves`; q is a multiple of ROWS.
    tiles : ndarray of float32, shape (t, m + 2, POINTS)
    kept : Kept
        Written.
    """
    out, hits = np.empty((ROWS, POINTS), dtype=np.float32), np.zeros(ROWS, dtype=np.int64)
    nothing = np.full(POINTS, NEVER, dtype=np.float32)
    bounds, width = kept.bounds, queries.shape[1]
    for b in range(len(blocks)):
        begin, end = blocks[b, 0] * BLOCK, min((blocks[b, 0] + 1) * BLOCK, len(queries))
        first = blocks[b, 1] * BLOCK
        for tile in range(first // POINTS, min((first + BLOCK) // POINTS, len(tiles))):
            # Where a block meets itself, rows before the tile have met its points already.
            start = tile * POINTS
            others, at = (bounds, start) if themselves else (nothing, 0)
            for row in range(max(begin, start) if themselves else begin, end, ROWS):
                if _hits(queries, row, tiles, tile, bounds, others, at, out, hits):
                    _offer(row, start, themselves, out, hits, kept, count, width)


@_compiled
def _offer(
    row: int, start: int, themselves: bool, out: np.ndarray, hits: np.ndarray, kept: Kept, count: int, width: int
) -> None:
    """Let rows keep the points within their bounds; among themselves, and points the rows."""
    bounds, sizes, points, values = kept.bounds, kept.sizes, kept.points, kept.values
    for i in range(ROWS):
        bits = hits[i]
        while bits:
            c = _lowest_bit(bits)
            bits &= bits - 1
            distance = out[i, c]
            to, other = row + i, start + c
            # Rows of the tile itself meet each pair twice, and themselves.
            for _ in range(2 if themselves and other < to else other <= to or not themselves):
                if distance <= bounds[to]:
                    if sizes[to] == values.shape[1]:
                        _tighten(to, kept, count, width)
                    size = sizes[to]
                    # Another thread may raise the bound of a row that this one has given up.
                    if size >= 0 and distance <= bounds[to]:
                        points[to, size] = other
                        values[to, size] = distance
                        sizes[to] = size + 1
                to, other = other, to


@_compiled
def candidates(
    count: int, width: int, squares: np.ndarray, sizes: np.ndarray, points: np.ndarray, values: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return how many candidates each query is left with (none when given up), and these, query by query.

    Parameters
    ----------
    count, width, squares
        As before.
    sizes, points, values : ndarray, shapes (threads, q), (threads, q, capacity), (threads, q, capacity)
        What each thread kept.
    """
    threads, rows, capacity = points.shape
    left = np.zeros(rows, dtype=np.int64)
    found = np.empty(np.maximum(sizes, 0).sum(), dtype=np.int64)
    near, spare = np.empty(threads * capacity, dtype=np.float32), np.empty(threads * capacity, dtype=np.float32)
    total = 0
    for row in range(rows):
        if sizes[:, row].min() < 0:
            continue
        size = 0
        for thread in range(threads):
            for i in range(sizes[thread, row]):
                near[size] = values[thread, row, i]
                size += 1
        bound = _bound(_kth_smallest(near, size, count, spare), squares[row], width)
        for thread in range(threads):
            for i in range(sizes[thread, row]):
                if values[thread, row, i] <= bound:
                    found[total] = points[thread, row, i]
                    left[row] += 1
                    total += 1
    return left, found[:total]


@_compiled
def ranked(sizes: np.ndarray, distance: np.ndarray, point: np.ndarray, count: int) -> np.ndarray:
    """Return each owner's `count` nearest points by distance, then position; owners follow each other.

    Parameters
    ----------
    sizes : ndarray of int64, shape (owners,)
        How many candidates each has: none, or at least `count`. Owners with none get -1.
    distance, point : ndarray of float64 and int64, shape (sum of sizes,)
    """
    nearest = np.full((len(sizes), count), -1, dtype=np.int64)
    far = np.empty(count, dtype=np.float64)
    start = 0
    for owner in range(len(sizes)):
        row, filled = nearest[owner], 0
        for at in range(start, start + sizes[owner]):
            d, p = distance[at], point[at]
            if filled == count and (d > far[count - 1] or (d == far[count - 1] and p > row[count - 1])):
                continue
            place = min(filled, count - 1)
            while place > 0 and (far[place - 1] > d or (far[place - 1] == d and row[place - 1] > p)):
                far[place], row[place] = far[place - 1], row[place - 1]
                place -= 1
            far[place], row[place] = d, p
            filled = min(filled + 1, count)
        start += sizes[owner]
    return nearest
