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

ECHOLINE_BODY void sumColumns(const float* rowSums, const AxisTaps& columns, std::int32_t width,
                              std::uint8_t* out) {
  for (std::int32_t x = 0; x < width; ++x) {
    const std::int32_t end = columns.offset[x + 1];
    const float* sample = rowSums + columns.start[x];
    double sum = 0.5;
    for (std::int32_t tap = columns.offset[x]; tap < end; ++tap) {
      sum += static_cast<double>(*sample++) * columns.weights[tap];
    }
    // Weights add up to 1, so this holds nothing back; it keeps the conversion defined.
    out[x] = static_cast<std::uint8_t>(static_cast<int>(std::clamp(sum, 0.0, 255.9)));
  }
}

ECHOLINE_BODY void resizeRowBody(const GrayImage& source, const AxisTaps& columns,
                                 const AxisTaps& rows, std::int32_t y, std::int32_t width,
                                 float* rowSums, std::uint8_t* out) {
  sumRows(source, rows, y, rowSums);
  sumColumns(rowSums, columns, width, out);
}

ECHOLINE_DISPATCH(void, resizeRow,
                  (const GrayImage& source, const AxisTaps& columns, const AxisTaps& rows,
                   std::int32_t y, std::int32_t width, float* rowSums, std::uint8_t* out),
                  (source, columns, rows, y, width, rowSums, out))

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
                  const AxisTaps& rows, float* rowSums, std::uint8_t* target) noexcept {
  for (std::int32_t y = 0; y < placement.height; ++y) {
    std::uint8_t* out =
        target + static_cast<std::ptrdiff_t>(placement.y + y) * placement.targetWidth + placement.x;
    resizeRow(source, columns, rows, y, placement.width, rowSums, out);
  }
}

}  // namespace echoline
