#include <algorithm>
#include <cstring>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/**
 * One row of 2 × 2 means. Sums of pairs are formed in 16-bit lanes, which hold two neighbouring
 * bytes each.
 */
ECHOLINE_BODY void halveRowBody(const std::uint8_t* upper, const std::uint8_t* lower,
                                std::int32_t width, std::uint8_t* out) {
  for (std::int32_t x = 0; x < width; ++x) {
    const unsigned sum = static_cast<unsigned>(upper[2 * x]) + upper[2 * x + 1] + lower[2 * x] +
                         lower[2 * x + 1];
    out[x] = static_cast<std::uint8_t>((sum + 2) >> 2);
  }
}

ECHOLINE_DISPATCH(void, halveRow,
                  (const std::uint8_t* upper, const std::uint8_t* lower, std::int32_t width,
                   std::uint8_t* out),
                  (upper, lower, width, out))

/** Rows of the target that are made together. */
constexpr std::int32_t kLanes = 8;

/** Three source rows and their weights. */
struct Rows {
  const std::uint8_t* row0;
  const std::uint8_t* row1;
  const std::uint8_t* row2;
  float weight0;
  float weight1;
  float weight2;
};

/** Weights are multiples of 2^-16 that add up to 1, so that these sums of bytes are exact. */
ECHOLINE_BODY void firstRows(const Rows& rows, std::int32_t width, float* sums) {
  const auto [row0, row1, row2, weight0, weight1, weight2] = rows;
  for (std::int32_t x = 0; x < width; ++x) {
    sums[x] = row0[x] * weight0 + row1[x] * weight1 + row2[x] * weight2;
  }
}

ECHOLINE_BODY void moreRows(const Rows& rows, std::int32_t width, float* sums) {
  const auto [row0, row1, row2, weight0, weight1, weight2] = rows;
  for (std::int32_t x = 0; x < width; ++x) {
    sums[x] += row0[x] * weight0 + row1[x] * weight1 + row2[x] * weight2;
  }
}

ECHOLINE_BODY void sumRows(const GrayImage& source, const AxisTaps& rows, std::int32_t y,
                           float* rowSums) {
  const std::int32_t first = rows.offset[y];
  const std::int32_t end = rows.offset[y + 1];
  const std::uint8_t* top = source.data + rows.start[y] * source.strideBytes;
  for (std::int32_t tap = first; tap < end; tap += 3) {
    const std::uint8_t* row0 = top + (tap - first) * source.strideBytes;
    const bool has1 = tap + 1 < end;
    const bool has2 = tap + 2 < end;
    const Rows three{
        row0,
        has1 ? row0 + source.strideBytes : row0,
        has2 ? row0 + 2 * source.strideBytes : row0,
        rows.weights[tap],
        has1 ? rows.weights[tap + 1] : 0.0f,
        has2 ? rows.weights[tap + 2] : 0.0f,
    };
    if (tap == first) firstRows(three, source.width, rowSums);
    else moreRows(three, source.width, rowSums);
  }
}

#if defined(__GNUC__)

using Sums = float __attribute__((vector_size(4 * kLanes)));
using WideSums = double __attribute__((vector_size(8 * kLanes)));
using Levels = std::int32_t __attribute__((vector_size(4 * kLanes)));
using Bytes = std::uint8_t __attribute__((vector_size(kLanes)));

/** By reference: how such a vector is returned depends on the instructions. */
ECHOLINE_BODY void load(const float* from, Sums& sums) { std::memcpy(&sums, from, sizeof sums); }

/** Eight columns of eight rows, the other way round. */
ECHOLINE_BODY void interleaveBlock(const float* rows, std::ptrdiff_t stride, float* lanes) {
  Sums pairs[kLanes];
  for (std::int32_t i = 0; i < kLanes; i += 2) {
    Sums upper;
    Sums lower;
    load(rows + i * stride, upper);
    load(rows + (i + 1) * stride, lower);
    pairs[i] = __builtin_shufflevector(upper, lower, 0, 8, 1, 9, 4, 12, 5, 13);
    pairs[i + 1] = __builtin_shufflevector(upper, lower, 2, 10, 3, 11, 6, 14, 7, 15);
  }
  Sums fours[kLanes];
  for (std::int32_t i = 0; i < kLanes; i += 4) {
    for (std::int32_t k = 0; k < 2; ++k) {
      const Sums upper = pairs[i + k];
      const Sums lower = pairs[i + k + 2];
      fours[i + 2 * k] = __builtin_shufflevector(upper, lower, 0, 1, 8, 9, 4, 5, 12, 13);
      fours[i + 2 * k + 1] = __builtin_shufflevector(upper, lower, 2, 3, 10, 11, 6, 7, 14, 15);
    }
  }
  for (std::int32_t x = 0; x < 4; ++x) {
    const Sums left = __builtin_shufflevector(fours[x], fours[x + 4], 0, 1, 2, 3, 8, 9, 10, 11);
    const Sums right = __builtin_shufflevector(fours[x], fours[x + 4], 4, 5, 6, 7, 12, 13, 14, 15);
    std::memcpy(lanes + x * kLanes, &left, sizeof left);
    std::memcpy(lanes + (x + 4) * kLanes, &right, sizeof right);
  }
}

ECHOLINE_BODY void sumColumn(const float* sample, const float* weights, std::int32_t taps,
                             std::uint8_t* out) {
  WideSums sums = WideSums{} + 0.5;
  for (std::int32_t tap = 0; tap < taps; ++tap) {
    Sums narrow;
    load(sample + tap * kLanes, narrow);
    sums += __builtin_convertvector(narrow, WideSums) * static_cast<double>(weights[tap]);
  }
  // Weights add up to 1, so that this holds nothing back; it keeps the conversion defined.
  sums = sums > 0.0 ? sums : WideSums{};
  sums = sums < 255.9 ? sums : WideSums{} + 255.9;
  const Bytes bytes = __builtin_convertvector(__builtin_convertvector(sums, Levels), Bytes);
  std::memcpy(out, &bytes, sizeof bytes);
}

#else

ECHOLINE_BODY void interleaveBlock(const float* rows, std::ptrdiff_t stride, float* lanes) {
  for (std::int32_t x = 0; x < kLanes; ++x) {
    for (std::int32_t lane = 0; lane < kLanes; ++lane) {
      lanes[x * kLanes + lane] = rows[lane * stride + x];
    }
  }
}

ECHOLINE_BODY void sumColumn(const float* sample, const float* weights, std::int32_t taps,
                             std::uint8_t* out) {
  for (std::int32_t lane = 0; lane < kLanes; ++lane) {
    double sum = 0.5;
    for (std::int32_t tap = 0; tap < taps; ++tap) {
      sum += static_cast<double>(sample[tap * kLanes + lane]) * weights[tap];
    }
    out[lane] = static_cast<std::uint8_t>(static_cast<std::int32_t>(std::clamp(sum, 0.0, 255.9)));
  }
}

#endif

/** The rows' sums side by side, a lane each, so that columns are added up without gathering. */
ECHOLINE_BODY void interleave(const float* rowSums, std::int32_t width, float* lanes) {
  std::int32_t x = 0;
  for (; x + kLanes <= width; x += kLanes) {
    interleaveBlock(rowSums + x, width, lanes + static_cast<std::ptrdiff_t>(x) * kLanes);
  }
  for (; x < width; ++x) {
    for (std::int32_t lane = 0; lane < kLanes; ++lane) {
      lanes[x * kLanes + lane] = rowSums[static_cast<std::ptrdiff_t>(lane) * width + x];
    }
  }
}

ECHOLINE_BODY void sumColumns(const float* lanes, const AxisTaps& columns, std::int32_t width,
                              std::uint8_t* out) {
  for (std::int32_t x = 0; x < width; ++x) {
    const std::int32_t first = columns.offset[x];
    const float* sample = lanes + static_cast<std::ptrdiff_t>(columns.start[x]) * kLanes;
    sumColumn(sample, columns.weights + first, columns.offset[x + 1] - first, out + x * kLanes);
  }
}

ECHOLINE_BODY void resizeRowsBody(const GrayImage& source, const AxisTaps& columns,
                                  const AxisTaps& rows, std::int32_t y, std::int32_t count,
                                  std::int32_t width, float* scratch, std::uint8_t* out) {
  float* lanes = scratch + static_cast<std::ptrdiff_t>(kLanes) * source.width;
  for (std::int32_t lane = 0; lane < kLanes; ++lane) {
    const std::int32_t row = y + std::min(lane, count - 1);
    sumRows(source, rows, row, scratch + static_cast<std::ptrdiff_t>(lane) * source.width);
  }
  interleave(scratch, source.width, lanes);
  sumColumns(lanes, columns, width, out);
}

ECHOLINE_DISPATCH(void, resizeRows,
                  (const GrayImage& source, const AxisTaps& columns, const AxisTaps& rows,
                   std::int32_t y, std::int32_t count, std::int32_t width, float* scratch,
                   std::uint8_t* out),
                  (source, columns, rows, y, count, width, scratch, out))

}  // namespace

void copyRows(const GrayImage& source, const Placement& placement, std::uint8_t* target) noexcept {
  for (std::int32_t y = 0; y < placement.height; ++y) {
    std::uint8_t* out =
        target + static_cast<std::ptrdiff_t>(placement.y + y) * placement.targetWidth + placement.x;
    std::memcpy(out, source.data + y * source.strideBytes,
                static_cast<std::size_t>(placement.width));
  }
}

void halve(const GrayImage& source, const Placement& placement, std::uint8_t* target) noexcept {
  for (std::int32_t y = 0; y < placement.height; ++y) {
    const std::uint8_t* upper = source.data + 2 * y * source.strideBytes;
    std::uint8_t* out =
        target + static_cast<std::ptrdiff_t>(placement.y + y) * placement.targetWidth + placement.x;
    halveRow(upper, upper + source.strideBytes, placement.width, out);
  }
}

void resizeByTaps(const GrayImage& source, const Placement& placement, const AxisTaps& columns,
                  const AxisTaps& rows, float* scratch, std::uint8_t* target) noexcept {
  const std::int32_t width = placement.width;
  const std::ptrdiff_t sums = 2 * static_cast<std::ptrdiff_t>(kLanes) * source.width;
  auto* levels = reinterpret_cast<std::uint8_t*>(scratch + sums);
  for (std::int32_t y = 0; y < placement.height; y += kLanes) {
    const std::int32_t count = std::min(kLanes, placement.height - y);
    resizeRows(source, columns, rows, y, count, width, scratch, levels);
    for (std::int32_t lane = 0; lane < count; ++lane) {
      std::uint8_t* out = target +
                          static_cast<std::ptrdiff_t>(placement.y + y + lane) *
                              placement.targetWidth +
                          placement.x;
      for (std::int32_t x = 0; x < width; ++x) out[x] = levels[x * kLanes + lane];
    }
  }
}

}  // namespace echoline
