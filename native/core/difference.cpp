#include <algorithm>
#include <cmath>
#include <cstring>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** Shifts below this many pixels are not worth an interpolation; as in the reference. */
constexpr double kShiftMinPx = 0.03;
/** Pixels whose motion-compensated values are worked out at a time; lie on the stack. */
constexpr std::int32_t kBlockPx = 1024;

/** Clipped neutral + gain × difference, for every difference of two bytes. */
struct GainTable {
  std::uint8_t values[511];
  float gain;
  float offset;
  /** Whether float arithmetic gives exactly the table; then no table has to be looked up. */
  bool isLinear;
};

/** neutral + gain × difference, rounded and clipped, in single precision. */
ECHOLINE_BODY std::uint8_t linearValue(int difference, float gain, float offset) {
  const float value = static_cast<float>(difference) * gain + offset;
  const float low = value > 0.0f ? value : 0.0f;
  const float clipped = low < 255.0f ? low : 255.0f;
  return static_cast<std::uint8_t>(static_cast<int>(clipped));
}

GainTable makeTable(double gain, std::uint8_t neutral) {
  GainTable table;
  table.gain = static_cast<float>(gain);
  table.offset = static_cast<float>(neutral) + 0.5f;
  table.isLinear = std::isfinite(gain);
  for (int difference = -255; difference <= 255; ++difference) {
    const double value = roundHalfUp(neutral + gain * difference);
    const double clipped = value > 0 ? std::min(value, 255.0) : 0;
    const auto entry = static_cast<std::uint8_t>(clipped);
    table.values[difference + 255] = entry;
    table.isLinear &= linearValue(difference, table.gain, table.offset) == entry;
  }
  return table;
}

ECHOLINE_BODY void linearRowBody(const std::uint8_t* current, const std::uint8_t* moved,
                                 std::int32_t count, float gain, float offset,
                                 std::uint8_t* target) {
  for (std::int32_t i = 0; i < count; ++i) {
    target[i] = linearValue(current[i] - moved[i], gain, offset);
  }
}

ECHOLINE_DISPATCH(void, linearRow,
                  (const std::uint8_t* current, const std::uint8_t* moved, std::int32_t count,
                   float gain, float offset, std::uint8_t* target),
                  (current, moved, count, gain, offset, target))

void differenceRow(const GainTable& table, const std::uint8_t* current, const std::uint8_t* moved,
                   std::int32_t count, std::uint8_t* target) {
  if (table.isLinear) {
    linearRow(current, moved, count, table.gain, table.offset, target);
    return;
  }
  for (std::int32_t i = 0; i < count; ++i) {
    target[i] = table.values[current[i] - moved[i] + 255];
  }
}

/** Bilinear weights in 1/256; they add up to 256, so that sums fit 16 bits. */
struct Weights {
  std::uint16_t w00;
  std::uint16_t w01;
  std::uint16_t w10;
  std::uint16_t w11;
};

Weights weightsOf(double fractionX, double fractionY) {
  const int fx = static_cast<int>(roundHalfUp(256 * fractionX));
  const int fy = static_cast<int>(roundHalfUp(256 * fractionY));
  const int w11 = (fx * fy + 128) >> 8;
  const auto narrow = [](int weight) { return static_cast<std::uint16_t>(weight); };
  return {narrow(256 - fx - fy + w11), narrow(fx - w11), narrow(fy - w11), narrow(w11)};
}

ECHOLINE_BODY void moveRowBody(const std::uint8_t* upper, const std::uint8_t* lower,
                               Weights weights, std::int32_t count, std::uint8_t* moved) {
  const auto [w00, w01, w10, w11] = weights;
  for (std::int32_t i = 0; i < count; ++i) {
    const auto sum = static_cast<std::uint16_t>(w00 * upper[i] + w01 * upper[i + 1] +
                                                w10 * lower[i] + w11 * lower[i + 1] + 128);
    moved[i] = static_cast<std::uint8_t>(sum >> 8);
  }
}

ECHOLINE_DISPATCH(void, moveRow,
                  (const std::uint8_t* upper, const std::uint8_t* lower, Weights weights,
                   std::int32_t count, std::uint8_t* moved),
                  (upper, lower, weights, count, moved))

void fill(std::uint8_t* target, std::int32_t count, std::uint8_t value) {
  std::memset(target, value, static_cast<std::size_t>(count));
}

/** Whole pixels of a shift, within what an image can be moved by. */
std::int32_t wholeShift(double shift, std::int32_t length) {
  return static_cast<std::int32_t>(std::clamp(shift, -2.0 * length - 2, 2.0 * length + 2));
}

void interpolatedDifference(const GainTable& table, const std::uint8_t* current,
                            const std::uint8_t* previous, GridSize size, double shiftX,
                            double shiftY, std::uint8_t neutral, std::uint8_t* target) {
  const auto [width, height] = size;
  const double floorX = std::floor(-shiftX);
  const double floorY = std::floor(-shiftY);
  const Weights weights = weightsOf(-shiftX - floorX, -shiftY - floorY);
  const std::int32_t wholeX = wholeShift(floorX, width);
  const std::int32_t wholeY = wholeShift(floorY, height);
  const std::int32_t xFirst = std::min(std::max(0, -wholeX), width);
  const std::int32_t xLast = std::max(xFirst, std::min(width, width - 1 - wholeX));
  std::uint8_t moved[kBlockPx];
  for (std::int32_t y = 0; y < height; ++y) {
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(y) * width;
    const std::int32_t from = y + wholeY;
    if (from < 0 || from + 1 >= height) {
      fill(target + row, width, neutral);
      continue;
    }
    fill(target + row, xFirst, neutral);
    fill(target + row + xLast, width - xLast, neutral);
    const std::ptrdiff_t source = static_cast<std::ptrdiff_t>(from) * width + wholeX;
    for (std::int32_t x = xFirst; x < xLast; x += kBlockPx) {
      const std::int32_t count = std::min(kBlockPx, xLast - x);
      const std::uint8_t* upper = previous + (source + x);
      moveRow(upper, upper + width, weights, count, moved);
      differenceRow(table, current + row + x, moved, count, target + row + x);
    }
  }
}

/** What one pixel of the background step makes. */
ECHOLINE_BODY void backgroundRowBody(const std::uint8_t* current, const std::uint16_t* background,
                                     std::int32_t count, std::int32_t weight256,
                                     std::int32_t neutral, std::uint8_t* target,
                                     std::uint16_t* next) {
  for (std::int32_t i = 0; i < count; ++i) {
    const std::int32_t old = background[i];
    const std::int32_t gap = (current[i] << 8) - old;
    const std::int32_t value = neutral + ((gap + 128) >> 8);
    target[i] = static_cast<std::uint8_t>(std::max(0, std::min(255, value)));
    next[i] = static_cast<std::uint16_t>(old + ((gap * weight256 + 128) >> 8));
  }
}

ECHOLINE_DISPATCH(void, backgroundRow,
                  (const std::uint8_t* current, const std::uint16_t* background,
                   std::int32_t count, std::int32_t weight256, std::int32_t neutral,
                   std::uint8_t* target, std::uint16_t* next),
                  (current, background, count, weight256, neutral, target, next))

void restart(const std::uint8_t* current, std::int32_t count, std::uint8_t neutral,
             std::uint8_t* target, std::uint16_t* next) {
  fill(target, count, neutral);
  for (std::int32_t i = 0; i < count; ++i) next[i] = static_cast<std::uint16_t>(current[i] << 8);
}

}  // namespace

void shiftedDifference(const std::uint8_t* current, const std::uint8_t* previous, GridSize size,
                       double shiftX, double shiftY, double gain, std::uint8_t neutral,
                       std::uint8_t* target) noexcept {
  const GainTable table = makeTable(gain, neutral);
  if (std::fabs(shiftX) >= kShiftMinPx || std::fabs(shiftY) >= kShiftMinPx) {
    interpolatedDifference(table, current, previous, size, shiftX, shiftY, neutral, target);
    return;
  }
  for (std::int32_t y = 0; y < size.height; ++y) {
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(y) * size.width;
    differenceRow(table, current + row, previous + row, size.width, target + row);
  }
}

void backgroundDifference(const std::uint8_t* current, const std::uint16_t* background,
                          GridSize size, std::int32_t shiftX, std::int32_t shiftY, double weight,
                          std::uint8_t neutral, std::uint8_t* target,
                          std::uint16_t* next) noexcept {
  const auto [width, height] = size;
  const auto weight256 =
      static_cast<std::int32_t>(roundHalfUp(std::clamp(weight, 0.0, 1.0) * 256));
  const std::int32_t xFirst = std::min(std::max(0, shiftX), width);
  const std::int32_t xLast = std::max(xFirst, std::min(width, width + shiftX));
  for (std::int32_t y = 0; y < height; ++y) {
    const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(y) * width;
    const std::int32_t from = y - shiftY;
    if (from < 0 || from >= height) {
      restart(current + row, width, neutral, target + row, next + row);
      continue;
    }
    restart(current + row, xFirst, neutral, target + row, next + row);
    const std::ptrdiff_t end = row + xLast;
    restart(current + end, width - xLast, neutral, target + end, next + end);
    if (xFirst == xLast) continue;
    const std::ptrdiff_t first = row + xFirst;
    const std::ptrdiff_t source = static_cast<std::ptrdiff_t>(from) * width + xFirst - shiftX;
    backgroundRow(current + first, background + source, xLast - xFirst, weight256, neutral, target + first,
                  next + first);
  }
}

}  // namespace echoline
