#include <utility>

#include "kernels.h"

namespace echoline {
namespace {

/** The root of a run; halves the path on the way. */
std::int32_t rootOf(std::int32_t* parents, std::int32_t run) {
  while (parents[run] != run) {
    parents[run] = parents[parents[run]];
    run = parents[run];
  }
  return run;
}

/** Joins two runs under the earlier one, which is where the component's first cell is. */
void join(std::int32_t* parents, std::int32_t a, std::int32_t b) {
  std::int32_t rootA = rootOf(parents, a);
  std::int32_t rootB = rootOf(parents, b);
  if (rootA > rootB) std::swap(rootA, rootB);
  parents[rootB] = rootA;
}

}  // namespace

// The reference fills each component from its first cell. Here runs of equal labels are numbered
// row by row and joined with the runs above; the numbers come out the same, because both count
// components by their first cells.
std::int32_t labelComponents(const std::uint8_t* labels, GridSize size, std::int32_t* components,
                             std::int32_t* scratch) noexcept {
  std::int32_t* parents = scratch;
  std::int32_t runs = 0;
  const std::ptrdiff_t width = size.width;
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::uint8_t* row = labels + y * width;
    std::int32_t* ids = components + y * width;
    std::uint8_t before = 0;
    std::uint8_t beforeAbove = 0;
    for (std::ptrdiff_t x = 0; x < width; ++x) {
      const std::uint8_t label = row[x];
      if (label == 0) {
        ids[x] = 0;
        before = 0;
        beforeAbove = 0;
        continue;
      }
      const std::uint8_t above = y > 0 ? row[x - width] : 0;
      if (label == before) {
        ids[x] = ids[x - 1];
        // The run above has been joined already when the cell to the left touched it.
        if (above == label && beforeAbove != label) join(parents, ids[x] - 1, ids[x - width] - 1);
      } else if (above == label) {
        ids[x] = ids[x - width];
      } else {
        parents[runs] = runs;
        ids[x] = ++runs;
      }
      before = label;
      beforeAbove = above;
    }
  }
  // Parents come before their children: one pass turns them into the components' numbers.
  std::int32_t count = 0;
  for (std::int32_t run = 0; run < runs; ++run) {
    parents[run] = parents[run] == run ? ++count : parents[parents[run]];
  }
  const std::size_t cells = size.cells();
  for (std::size_t cell = 0; cell < cells; ++cell) {
    if (components[cell] != 0) components[cell] = parents[components[cell] - 1];
  }
  return count;
}

}  // namespace echoline
