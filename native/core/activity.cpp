#include <algorithm>
#include <cmath>
#include <cstdlib>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** `ACTIVITY_CONTRAST` of the reference. */
constexpr int kContrast = 2;
/** Pixels whose flags are worked out at a time; lie on the stack. */
constexpr std::int32_t kBlockPx = 512;

ECHOLINE_BODY std::uint8_t differs(std::uint8_t a, std::uint8_t b) {
  const std::uint8_t most = a > b ? a : b;
  const std::uint8_t least = a > b ? b : a;
  return static_cast<std::uint8_t>(most - least) >= kContrast ? 1 : 0;
}

/** flags[i] = whether here[i] differs from one of the other two. */
ECHOLINE_BODY void flagPixelsBody(const std::uint8_t* here, const std::uint8_t* right,
                                  const std::uint8_t* below, std::int32_t count,
                                  std::uint8_t* flags) {
  for (std::int32_t i = 0; i < count; ++i) {
    flags[i] = static_cast<std::uint8_t>(differs(here[i], right[i]) | differs(here[i], below[i]));
  }
}

ECHOLINE_DISPATCH(void, flagPixels,
                  (const std::uint8_t* here, const std::uint8_t* right, const std::uint8_t* below,
                   std::int32_t count, std::uint8_t* flags),
                  (here, right, below, count, flags))

ECHOLINE_BODY std::int32_t countPairsBody(const std::uint8_t* first, std::int32_t pairs,
                                          std::ptrdiff_t lag) {
  std::int32_t active = 0;
  for (std::int32_t i = 0; i < pairs; ++i) active += differs(first[i], first[i + lag]);
  return active;
}

ECHOLINE_DISPATCH(std::int32_t, countPairs,
                  (const std::uint8_t* first, std::int32_t pairs, std::ptrdiff_t lag),
                  (first, pairs, lag))

struct Scan {
  const GrayImage& image;
  std::int32_t lag;
  std::int32_t cell;
  std::int32_t step;
};

/** Bytes to the row that a row is compared with: below, else above, else itself. */
std::ptrdiff_t verticalLag(const Scan& scan, std::int32_t y) {
  const auto& image = scan.image;
  if (y + scan.lag < image.height) return scan.lag * image.strideBytes;
  return y >= scan.lag ? -scan.lag * image.strideBytes : 0;
}

/** Flags of a piece of a row, of at most kBlockPx pixels from `x` on. */
void flagRow(const Scan& scan, std::int32_t y, std::int32_t x, std::int32_t count,
             std::uint8_t* flags) {
  const auto& image = scan.image;
  const std::uint8_t* here = image.data + (y * image.strideBytes + x);
  const std::ptrdiff_t down = verticalLag(scan, y);
  // The neighbour lies to the right; near the right edge to the left; without either there is none.
  const std::int32_t ahead = std::clamp(image.width - scan.lag - x, 0, count);
  const std::int32_t alone = std::clamp(scan.lag - x, ahead, count);
  flagPixels(here, here + (ahead > 0 ? scan.lag : 0), here + down, ahead, flags);
  flagPixels(here + ahead, here + ahead, here + ahead + down, alone - ahead, flags + ahead);
  if (alone == count) return;
  here += alone;
  flagPixels(here, here - scan.lag, here + down, count - alone, flags + alone);
}

/** The cells from `column` to before `end` of one row of cells; together at most kBlockPx wide. */
void scanCells(const Scan& scan, std::int32_t row, std::int32_t column, std::int32_t end,
               std::uint8_t* shares) {
  std::uint8_t flags[kBlockPx];
  // Active pixels of each column of pixels: a cell has at most seven lines that count.
  std::uint8_t active[kBlockPx];
  const std::int32_t x0 = column * scan.cell;
  const std::int32_t x1 = std::min(end * scan.cell, scan.image.width);
  const std::int32_t y0 = row * scan.cell;
  const std::int32_t y1 = std::min(y0 + scan.cell, scan.image.height);
  flagRow(scan, y0, x0, x1 - x0, active);
  for (std::int32_t y = y0 + scan.step; y < y1; y += scan.step) {
    flagRow(scan, y, x0, x1 - x0, flags);
    for (std::int32_t i = 0; i < x1 - x0; ++i) active[i] += flags[i];
  }
  const std::int32_t lines = (y1 - y0 + scan.step - 1) / scan.step;
  for (std::int32_t index = 0; index < end - column; ++index) {
    const std::int32_t from = index * scan.cell;
    const std::int32_t to = std::min(from + scan.cell, x1 - x0);
    std::int32_t sum = 0;
    for (std::int32_t i = from; i < to; i += scan.step) sum += active[i];
    const std::int32_t samples = lines * ((to - from + scan.step - 1) / scan.step);
    shares[index] = static_cast<std::uint8_t>(roundHalfUp(255.0 * sum / samples));
  }
}

/** One cell that is wider than a block: pixel by pixel. */
std::uint8_t scanWideCell(const Scan& scan, std::int32_t row, std::int32_t column) {
  const auto& image = scan.image;
  const std::int32_t xEnd = std::min((column + 1) * scan.cell, image.width);
  const std::int32_t yEnd = std::min((row + 1) * scan.cell, image.height);
  std::int64_t active = 0;
  std::int64_t samples = 0;
  for (std::int32_t y = row * scan.cell; y < yEnd; y += scan.step) {
    for (std::int32_t x = column * scan.cell; x < xEnd; x += scan.step) {
      std::uint8_t flag = 0;
      flagRow(scan, y, x, 1, &flag);
      active += flag;
      ++samples;
    }
  }
  return static_cast<std::uint8_t>(roundHalfUp(255.0 * static_cast<double>(active) /
                                               static_cast<double>(samples)));
}

}  // namespace

void activity(const GrayImage& image, std::int32_t lagPx, std::int32_t cellPx,
              std::uint8_t* cells) noexcept {
  const Scan scan{image, lagPx, cellPx, std::max(1, cellPx >> 2)};
  const std::int32_t columns = (image.width - 1) / cellPx + 1;
  const std::int32_t rows = (image.height - 1) / cellPx + 1;
  const std::int32_t blockCells = kBlockPx / cellPx;
  for (std::int32_t row = 0; row < rows; ++row) {
    std::uint8_t* shares = cells + static_cast<std::ptrdiff_t>(row) * columns;
    if (blockCells == 0) {
      for (std::int32_t column = 0; column < columns; ++column) {
        shares[column] = scanWideCell(scan, row, column);
      }
      continue;
    }
    for (std::int32_t column = 0; column < columns; column += blockCells) {
      scanCells(scan, row, column, std::min(columns, column + blockCells), shares + column);
    }
  }
}

std::int32_t activePairs(const std::uint8_t* first, std::int32_t pairs, std::ptrdiff_t step,
                         std::ptrdiff_t lagBytes) noexcept {
  if (step == 1) return countPairs(first, pairs, lagBytes);
  std::int32_t active = 0;
  for (std::int32_t i = 0; i < pairs; ++i, first += step) {
    active += differs(first[0], first[lagBytes]);
  }
  return active;
}

double roundHalfUp(double value) noexcept {
  const double up = std::ceil(value);
  return up - 0.5 > value ? up - 1 : up;
}

}  // namespace echoline
