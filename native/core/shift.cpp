#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <limits>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** As in the reference, estimate-shift.ts. */
constexpr int kCoarseRadius = 3;
constexpr double kResidualMax = 24;
constexpr GlobalShift kStill{0, 0, false};

struct Level {
  const std::uint8_t* data;
  std::int32_t width;
  std::int32_t height;
};

struct Shift {
  double x;
  double y;
};

Level levelOf(const Pyramid& pyramid, int index) {
  return {pyramid.levels[index], pyramid.size.width >> index, pyramid.size.height >> index};
}

/** Pixels whose differences 32 bits can surely add up. */
constexpr std::ptrdiff_t kSumBlock = 1 << 20;

ECHOLINE_BODY std::int64_t absoluteSumBody(const std::uint8_t* a, const std::uint8_t* b,
                                           std::ptrdiff_t count) {
  std::int64_t sum = 0;
  for (std::ptrdiff_t from = 0; from < count; from += kSumBlock) {
    const std::ptrdiff_t end = std::min(count, from + kSumBlock);
    std::int32_t blockSum = 0;
    for (std::ptrdiff_t i = from; i < end; ++i) blockSum += std::abs(a[i] - b[i]);
    sum += blockSum;
  }
  return sum;
}

ECHOLINE_DISPATCH(std::int64_t, absoluteSum,
                  (const std::uint8_t* a, const std::uint8_t* b, std::ptrdiff_t count),
                  (a, b, count))

/**
 * Mean absolute difference where the images, shifted by whole pixels, overlap. Rows are short, so
 * all are summed in one go, and what that takes in between the rows is taken off again.
 */
double wholeDifference(const Level& previous, const Level& current, std::int32_t dx,
                       std::int32_t dy) {
  const std::int32_t xStart = std::max(0, dx);
  const std::int32_t xEnd = std::min(current.width, current.width + dx);
  const std::int32_t yStart = std::max(0, dy);
  const std::int32_t yEnd = std::min(current.height, current.height + dy);
  if (xEnd <= xStart || yEnd <= yStart) return std::numeric_limits<double>::infinity();
  const std::ptrdiff_t stride = current.width;
  const std::int32_t columns = xEnd - xStart;
  const std::int32_t rows = yEnd - yStart;
  const std::uint8_t* a = current.data + (yStart * stride + xStart);
  const std::uint8_t* b = previous.data + ((yStart - dy) * stride + (xStart - dx));
  std::int64_t sum = absoluteSum(a, b, (rows - 1) * stride + columns);
  for (std::ptrdiff_t row = 0; row < rows - 1; ++row) {
    for (std::ptrdiff_t gap = row * stride + columns; gap < (row + 1) * stride; ++gap) {
      sum -= std::abs(a[gap] - b[gap]);
    }
  }
  return static_cast<double>(sum) / (static_cast<double>(columns) * rows);
}

void searchAround(const Level& previous, const Level& current, Shift& shift, int radius) {
  const auto centreX = static_cast<std::int32_t>(shift.x);
  const auto centreY = static_cast<std::int32_t>(shift.y);
  double best = std::numeric_limits<double>::infinity();
  for (std::int32_t dy = centreY - radius; dy <= centreY + radius; ++dy) {
    for (std::int32_t dx = centreX - radius; dx <= centreX + radius; ++dx) {
      const double cost = wholeDifference(previous, current, dx, dy) + 1e-3 * (dx * dx + dy * dy);
      if (cost < best) {
        best = cost;
        shift = {static_cast<double>(dx), static_cast<double>(dy)};
      }
    }
  }
}

/** Whole and fractional part of where a pixel of the current image was. */
struct Split {
  std::int32_t whole;
  double fraction;
};

Split splitShift(double shift) {
  const double whole = std::floor(-shift);
  return {static_cast<std::int32_t>(whole), -shift - whole};
}

struct Window {
  std::int32_t first;
  std::int32_t last;
};

/** As in the reference: sample n of a row counts in lane n mod 4. */
constexpr int kLanes = 4;

/** Sums of the normal equations of one Gauss–Newton step, lane by lane. */
struct Sums {
  double xx[kLanes];
  double xy[kLanes];
  double yy[kLanes];
  double xr[kLanes];
  double yr[kLanes];
};

/** What one step looks at. */
struct Samples {
  const std::uint8_t* current;
  const std::uint8_t* previous;
  std::int32_t width;
  Split x;
  Split y;
  Window columns;
  Window rows;
};

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__

using Integers = std::int32_t __attribute__((vector_size(16)));
using Halves = std::uint16_t __attribute__((vector_size(8)));
using Doubles = double __attribute__((vector_size(32)));

/**
 * Every second or fourth byte from `data` on. With `isWhole` one for every lane, and 4 × step bytes
 * are read; otherwise for the first `lanes` only, and nothing else is read.
 */
template <int step, bool isWhole>
ECHOLINE_BODY Integers everyStep(const std::uint8_t* data, int lanes) {
  Integers result{};
  if constexpr (!isWhole) {
    for (int lane = 0; lane < lanes; ++lane) result[lane] = data[lane * step];
  } else if constexpr (step == 4) {
    std::memcpy(&result, data, sizeof result);
    result &= 0xff;
  } else {
    static_assert(step == 2);
    Halves halves;
    std::memcpy(&halves, data, sizeof halves);
    result = __builtin_convertvector(halves & 0xff, Integers);
  }
  return result;
}

struct LaneSums {
  Doubles xx{};
  Doubles xy{};
  Doubles yy{};
  Doubles xr{};
  Doubles yr{};
};

/** Adds one sample to each lane. Lanes without a sample have no gradient and add nothing. */
template <int step, bool isWhole>
ECHOLINE_BODY void addSamples(const std::uint8_t* p, const std::uint8_t* b, std::ptrdiff_t width,
                              double fx, double fy, int lanes, LaneSums& sums) {
  const Integers b00 = everyStep<step, isWhole>(b, lanes);
  const Integers b10 = everyStep<step, isWhole>(b + width, lanes);
  const Integers b01 = everyStep<step, isWhole>(b + 1, lanes) - b00;
  const Integers b11 = everyStep<step, isWhole>(b + width + 1, lanes) - b10;
  const Integers acrossX =
      everyStep<step, isWhole>(p + 1, lanes) - everyStep<step, isWhole>(p - 1, lanes);
  const Integers acrossY =
      everyStep<step, isWhole>(p + width, lanes) - everyStep<step, isWhole>(p - width, lanes);
  const Doubles gx = __builtin_convertvector(acrossX, Doubles);
  const Doubles gy = __builtin_convertvector(acrossY, Doubles);
  const Doubles upper =
      __builtin_convertvector(b00, Doubles) + fx * __builtin_convertvector(b01, Doubles);
  const Doubles lower =
      __builtin_convertvector(b10, Doubles) + fx * __builtin_convertvector(b11, Doubles);
  const Integers centre = everyStep<step, isWhole>(p, lanes);
  const Doubles residual =
      __builtin_convertvector(centre, Doubles) - upper - fy * (lower - upper);
  const Doubles size = residual < 0 ? -residual : residual;
  const Doubles weight = size > kResidualMax ? kResidualMax / size : Doubles{} + 1.0;
  const Doubles wx = weight * gx;
  const Doubles wy = weight * gy;
  sums.xx += wx * gx;
  sums.xy += wx * gy;
  sums.yy += wy * gy;
  sums.xr += wx * residual;
  sums.yr += wy * residual;
}

template <int step>
ECHOLINE_BODY void gatherSumsBody(const Samples& samples, Sums& result) {
  const auto [current, previous, imageWidth, x, y, columns, rows] = samples;
  const std::ptrdiff_t width = imageWidth;
  // Whole vectors are read where they end within their row, shifted or not.
  const std::int32_t safe = imageWidth - 1 - kLanes * step - std::max(0, x.whole);
  const std::int32_t last = std::min(safe, columns.last - 1 - (kLanes - 1) * step);
  LaneSums sums;
  for (std::int32_t row = rows.first; row < rows.last; row += step) {
    const std::uint8_t* p = current + row * width;
    const std::ptrdiff_t moved = (row + y.whole) * width + x.whole;
    std::int32_t column = columns.first;
    for (; column <= last; column += kLanes * step) {
      addSamples<step, true>(p + column, previous + (moved + column), width, x.fraction,
                             y.fraction, kLanes, sums);
    }
    for (; column < columns.last; column += kLanes * step) {
      const int lanes = std::min(kLanes, (columns.last - 1 - column) / step + 1);
      addSamples<step, false>(p + column, previous + (moved + column), width, x.fraction,
                              y.fraction, lanes, sums);
    }
  }
  for (int lane = 0; lane < kLanes; ++lane) {
    result.xx[lane] = sums.xx[lane];
    result.xy[lane] = sums.xy[lane];
    result.yy[lane] = sums.yy[lane];
    result.xr[lane] = sums.xr[lane];
    result.yr[lane] = sums.yr[lane];
  }
}

#else

template <int step>
ECHOLINE_BODY void gatherSumsBody(const Samples& samples, Sums& sums) {
  const auto [current, previous, imageWidth, x, y, columns, rows] = samples;
  const std::ptrdiff_t width = imageWidth;
  sums = {};
  for (std::int32_t row = rows.first; row < rows.last; row += step) {
    int lane = 0;
    for (std::int32_t column = columns.first; column < columns.last; column += step) {
      const std::uint8_t* p = current + (row * width + column);
      const std::uint8_t* b = previous + ((row + y.whole) * width + x.whole + column);
      const double gx = p[1] - p[-1];
      const double gy = p[width] - p[-width];
      const double upper = b[0] + x.fraction * (b[1] - b[0]);
      const double lower = b[width] + x.fraction * (b[width + 1] - b[width]);
      const double residual = p[0] - upper - y.fraction * (lower - upper);
      const double size = std::fabs(residual);
      const double weight = size > kResidualMax ? kResidualMax / size : 1.0;
      sums.xx[lane] += weight * gx * gx;
      sums.xy[lane] += weight * gx * gy;
      sums.yy[lane] += weight * gy * gy;
      sums.xr[lane] += weight * gx * residual;
      sums.yr[lane] += weight * gy * residual;
      lane = (lane + 1) % kLanes;
    }
  }
}

#endif

ECHOLINE_BODY void everySecondBody(const Samples& samples, Sums& sums) {
  gatherSumsBody<2>(samples, sums);
}

ECHOLINE_BODY void everyFourthBody(const Samples& samples, Sums& sums) {
  gatherSumsBody<4>(samples, sums);
}

ECHOLINE_DISPATCH(void, everySecond, (const Samples& samples, Sums& sums), (samples, sums))
ECHOLINE_DISPATCH(void, everyFourth, (const Samples& samples, Sums& sums), (samples, sums))

double total(const double (&lanes)[kLanes]) {
  return lanes[0] + lanes[1] + lanes[2] + lanes[3];
}

/** One robust Gauss–Newton step. False when the image has no texture to hold on to. */
bool refine(const Level& previous, const Level& current, Shift& shift, bool isFinest) {
  const Split x = splitShift(shift.x);
  const Split y = splitShift(shift.y);
  const Window columns{std::max(1, -x.whole),
                       std::min(current.width - 1, current.width - 1 - x.whole)};
  const Window rows{std::max(1, -y.whole),
                    std::min(current.height - 1, current.height - 1 - y.whole)};
  Sums sums;
  const Samples samples{current.data, previous.data, current.width, x, y, columns, rows};
  if (isFinest) everyFourth(samples, sums);
  else everySecond(samples, sums);
  const double xx = total(sums.xx);
  const double xy = total(sums.xy);
  const double yy = total(sums.yy);
  const double xr = total(sums.xr);
  const double yr = total(sums.yr);
  const double determinant = xx * yy - xy * xy;
  if (!(determinant > 1e-3 * (xx + yy) * (xx + yy)) || xx + yy < 64) return false;
  const double dx = (-2 * (yy * xr - xy * yr)) / determinant;
  const double dy = (-2 * (xx * yr - xy * xr)) / determinant;
  shift.x += std::clamp(dx, -1.0, 1.0);
  shift.y += std::clamp(dy, -1.0, 1.0);
  return std::fabs(shift.x) < current.width / 4.0 && std::fabs(shift.y) < current.height / 4.0;
}

/** NaN where the shift leads out of the image, as reading there gives in the reference. */
double meanDifference(const Level& previous, const Level& current, Shift shift) {
  const Split splitX = splitShift(shift.x);
  const Split splitY = splitShift(shift.y);
  const double fx = splitX.fraction;
  const double fy = splitY.fraction;
  const std::ptrdiff_t width = current.width;
  const std::int32_t yFirst = current.height >> 2;
  const std::int32_t xFirst = current.width >> 2;
  const std::int32_t yEnd = current.height - yFirst - 1;
  const std::int32_t xEnd = current.width - xFirst - 1;
  const std::int32_t yLast = yFirst + (yEnd - 1 - yFirst) / 4 * 4;
  const std::int32_t xLast = xFirst + (xEnd - 1 - xFirst) / 4 * 4;
  const std::ptrdiff_t lowest = (yFirst + splitY.whole) * width + xFirst + splitX.whole;
  const std::ptrdiff_t highest = (yLast + splitY.whole) * width + xLast + splitX.whole;
  if (lowest < 0 || highest + width + 1 >= width * current.height) {
    return std::numeric_limits<double>::quiet_NaN();
  }
  double sum = 0;
  std::int64_t samples = 0;
  for (std::int32_t y = yFirst; y < yEnd; y += 4) {
    for (std::int32_t x = xFirst; x < xEnd; x += 4) {
      const std::uint8_t* b =
          previous.data + ((y + splitY.whole) * width + x + splitX.whole);
      const double upper = b[0] + fx * (b[1] - b[0]);
      const double lower = b[width] + fx * (b[width + 1] - b[width]);
      sum += std::fabs(current.data[y * width + x] - upper - fy * (lower - upper));
      ++samples;
    }
  }
  return sum / static_cast<double>(samples);
}

}  // namespace

GlobalShift estimateShift(const Pyramid& previous, const Pyramid& current) noexcept {
  constexpr int coarsest = kPyramidLevels - 1;
  Shift shift{0, 0};
  searchAround(levelOf(previous, coarsest), levelOf(current, coarsest), shift, kCoarseRadius);
  shift = {2 * shift.x, 2 * shift.y};
  searchAround(levelOf(previous, coarsest - 1), levelOf(current, coarsest - 1), shift, 1);
  for (int index = coarsest - 2; index >= 0; --index) {
    shift = {2 * shift.x, 2 * shift.y};
    for (int iteration = 0; iteration < 3; ++iteration) {
      const bool isFinest = index == 0;
      if (!refine(levelOf(previous, index), levelOf(current, index), shift, isFinest)) {
        return kStill;
      }
    }
  }
  const double before = meanDifference(levelOf(previous, 0), levelOf(current, 0), {0, 0});
  const double after = meanDifference(levelOf(previous, 0), levelOf(current, 0), shift);
  if (!(after < before)) return {0, 0, true};
  return {shift.x, shift.y, true};
}

}  // namespace echoline
