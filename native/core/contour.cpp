#include <cmath>
#include <cstring>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** Directions of travel: east, south, west, north. */
constexpr std::int32_t kStepX[] = {1, 0, -1, 0};
constexpr std::int32_t kStepY[] = {0, 1, 0, -1};

bool isInGrid(GridSize size, std::int32_t x, std::int32_t y) {
  return x >= 0 && y >= 0 && x < size.width && y < size.height;
}

bool isInside(const float* field, GridSize size, std::int32_t x, std::int32_t y) {
  return isInGrid(size, x, y) && field[static_cast<std::ptrdiff_t>(y) * size.width + x] > 0;
}

std::int32_t farthestFromFirst(const float* points, std::int32_t count) {
  std::int32_t best = 0;
  double bestDistance = -1;
  for (std::int32_t index = 0; index < count; ++index) {
    const double dx = static_cast<double>(points[2 * index]) - points[0];
    const double dy = static_cast<double>(points[2 * index + 1]) - points[1];
    const double distance = dx * dx + dy * dy;
    if (distance > bestDistance) {
      best = index;
      bestDistance = distance;
    }
  }
  return best;
}

/** The point between two kept ones that is farthest from their line, or -1 when all are near. */
std::int32_t worstBetween(const float* points, std::int32_t count, std::int32_t first,
                          std::int32_t last, double tolerance) {
  const std::int32_t end = last == count ? 0 : last;
  const double x0 = points[2 * first];
  const double y0 = points[2 * first + 1];
  const double dx = points[2 * end] - x0;
  const double dy = points[2 * end + 1] - y0;
  const double length = std::sqrt(dx * dx + dy * dy);
  std::int32_t worst = -1;
  double worstDistance = tolerance;
  for (std::int32_t index = first + 1; index < last; ++index) {
    const double px = points[2 * index] - x0;
    const double py = points[2 * index + 1] - y0;
    const double distance =
        length > 0 ? std::fabs(px * dy - py * dx) / length : std::sqrt(px * px + py * py);
    if (distance > worstDistance) {
      worst = index;
      worstDistance = distance;
    }
  }
  return worst;
}

}  // namespace

std::int32_t traceContour(const float* field, GridSize size, std::int32_t startCell, float* points,
                          std::int32_t pointsMax) noexcept {
  const std::int32_t startX = startCell % size.width;
  const std::int32_t startY = startCell / size.width;
  std::int32_t x = startX;
  std::int32_t y = startY;
  std::int32_t direction = 0;
  std::int32_t count = 0;
  do {
    if (count >= pointsMax) return count;
    const std::int32_t left = (direction + 3) & 3;
    const std::int32_t outX = x + kStepX[left];
    const std::int32_t outY = y + kStepY[left];
    const double inside = field[static_cast<std::ptrdiff_t>(y) * size.width + x];
    const double outside = isInGrid(size, outX, outY)
                               ? field[static_cast<std::ptrdiff_t>(outY) * size.width + outX]
                               : -inside;
    const double share = inside / (inside - outside);
    points[2 * count] = static_cast<float>(x + share * (outX - x));
    points[2 * count + 1] = static_cast<float>(y + share * (outY - y));
    ++count;
    const std::int32_t aheadX = x + kStepX[direction];
    const std::int32_t aheadY = y + kStepY[direction];
    const std::int32_t leftX = aheadX + kStepX[left];
    const std::int32_t leftY = aheadY + kStepY[left];
    if (!isInside(field, size, aheadX, aheadY)) {
      direction = (direction + 1) & 3;
    } else if (!isInside(field, size, leftX, leftY)) {
      x = aheadX;
      y = aheadY;
    } else {
      x = leftX;
      y = leftY;
      direction = left;
    }
  } while (x != startX || y != startY || direction != 0);
  return count;
}

// The reference divides recursively. What is kept between two kept points depends on those two
// only, so going from left to right gives the same and needs no stack, however deep.
std::int32_t simplifyContour(const float* points, std::int32_t count, double tolerance,
                             std::uint8_t* keep) noexcept {
  if (count == 0) return 0;
  std::memset(keep, 0, static_cast<std::size_t>(count));
  keep[0] = 1;
  keep[farthestFromFirst(points, count)] = 1;
  std::int32_t kept = 0;
  std::int32_t first = 0;
  while (first < count) {
    std::int32_t last = first + 1;
    while (last < count && keep[last] == 0) ++last;
    const std::int32_t worst = worstBetween(points, count, first, last, tolerance);
    if (worst >= 0) {
      keep[worst] = 1;
      continue;
    }
    ++kept;
    first = last;
  }
  return kept;
}

}  // namespace echoline
