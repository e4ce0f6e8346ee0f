#include <algorithm>
#include <cmath>
#include <limits>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** Cells that are compared with the threshold at once. */
constexpr std::int32_t kBlock = 16;

ECHOLINE_BODY bool reachesBody(const float* values, float threshold) {
  int reaching = 0;
  for (std::int32_t i = 0; i < kBlock; ++i) reaching |= values[i] >= threshold ? 1 : 0;
  return reaching != 0;
}

ECHOLINE_DISPATCH(bool, reaches, (const float* values, float threshold), (values, threshold))

/** Not below any of its eight neighbours; among equal neighbours the first in row order wins. */
bool isLocalMaximum(const float* values, GridSize size, std::int32_t x, std::int32_t y) {
  const std::int32_t cell = y * size.width + x;
  const float value = values[cell];
  for (std::int32_t j = std::max(0, y - 1); j <= std::min(size.height - 1, y + 1); ++j) {
    for (std::int32_t i = std::max(0, x - 1); i <= std::min(size.width - 1, x + 1); ++i) {
      const std::int32_t other = j * size.width + i;
      if (values[other] > value || (values[other] == value && other < cell)) return false;
    }
  }
  return true;
}

/** Keeps `peaks` sorted by falling value; the weakest drops out when it is full. */
std::int32_t insert(const float* values, std::int32_t* peaks, std::int32_t peaksMax,
                    std::int32_t count, std::int32_t cell) {
  const float value = values[cell];
  std::int32_t at = count;
  while (at > 0 && values[peaks[at - 1]] < value) {
    if (at < peaksMax) peaks[at] = peaks[at - 1];
    --at;
  }
  if (at < peaksMax) peaks[at] = cell;
  return std::min(count + 1, peaksMax);
}

/** The smallest float that is not below `threshold`: comparing floats then says the same. */
float floatThreshold(double threshold) {
  const auto nearest = static_cast<float>(threshold);
  return nearest < threshold ? std::nextafter(nearest, std::numeric_limits<float>::infinity())
                             : nearest;
}

}  // namespace

std::int32_t findPeaks(const float* values, GridSize size, double threshold, std::int32_t* peaks,
                       std::int32_t peaksMax) noexcept {
  const float least = floatThreshold(threshold);
  std::int32_t count = 0;
  for (std::int32_t y = 0; y < size.height; ++y) {
    const float* row = values + static_cast<std::ptrdiff_t>(y) * size.width;
    for (std::int32_t from = 0; from < size.width; from += kBlock) {
      const std::int32_t end = std::min(from + kBlock, size.width);
      if (end - from == kBlock && !reaches(row + from, least)) continue;
      for (std::int32_t x = from; x < end; ++x) {
        if (!(row[x] >= least) || !isLocalMaximum(values, size, x, y)) continue;
        count = insert(values, peaks, peaksMax, count, y * size.width + x);
      }
    }
  }
  return count;
}

}  // namespace echoline
