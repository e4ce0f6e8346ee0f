#pragma once

#include <cstddef>
#include <cstdint>

/**
 * The kernels of src/kernels/kernels.ts in C++. That file says what they mean; the TypeScript
 * reference is the specification and these give the same results, bit by bit. No Node header, no
 * allocation, no state; all buffers belong to the caller, who has checked their lengths
 * (addon/ does). Nothing here throws.
 */
namespace echoline {

/** Size of a row-major grid without padding. */
struct GridSize {
  std::int32_t width;
  std::int32_t height;

  std::size_t cells() const noexcept {
    return static_cast<std::size_t>(width) * static_cast<std::size_t>(height);
  }
};

/** A gray image; rows lie `strideBytes` ≥ `width` apart. */
struct GrayImage {
  const std::uint8_t* data;
  std::int32_t width;
  std::int32_t height;
  std::ptrdiff_t strideBytes;
};

/** See `Kernels.grayFromColour`. `isRgba` false means BGRA. */
void grayFromColour(const std::uint8_t* source, std::ptrdiff_t sourceStrideBytes, GridSize size,
                    bool isRgba, std::uint8_t* target) noexcept;

/** See `Kernels.activity`. 1 ≤ lag; 1 ≤ cell. */
void activity(const GrayImage& image, std::int32_t lagPx, std::int32_t cellPx,
              std::uint8_t* cells) noexcept;

/** Number of pairs that `Kernels.lineActivity` counts among `pairs` ones. */
std::int32_t activePairs(const std::uint8_t* first, std::int32_t pairs, std::ptrdiff_t step,
                         std::ptrdiff_t lagBytes) noexcept;

/** Where a resized image goes: row length of the target, and the placement in it. */
struct Placement {
  std::int32_t targetWidth;
  std::int32_t x;
  std::int32_t y;
  std::int32_t width;
  std::int32_t height;
};

/** See `AxisTaps` in src/kernels/resize-plan.ts. */
struct AxisTaps {
  const std::int32_t* start;
  const std::int32_t* offset;
  const float* weights;
};

/** Copies the placement's size from `source`, whose data begins at the rectangle. */
void copyRows(const GrayImage& source, const Placement& placement, std::uint8_t* target) noexcept;

/** Means of 2 × 2 pixels. The source is twice the placement. */
void halve(const GrayImage& source, const Placement& placement, std::uint8_t* target) noexcept;

/** Eight rows of sums, the same side by side, and eight rows of levels; as in resize-plan.ts. */
constexpr std::size_t resizeScratch(std::int32_t sourceWidth, std::int32_t width) noexcept {
  return 16 * static_cast<std::size_t>(sourceWidth) + 2 * static_cast<std::size_t>(width);
}

/**
 * The general resize.
 *
 * @param scratch - of `resizeScratch` floats
 */
void resizeByTaps(const GrayImage& source, const Placement& placement, const AxisTaps& columns,
                  const AxisTaps& rows, float* scratch, std::uint8_t* target) noexcept;

/** See `TextureSums` in src/kernels/kernels.ts. */
struct TextureSums {
  std::int64_t pixels;
  std::int64_t levels;
  std::int64_t squares;
  std::int64_t changes;
  std::int64_t litBlocks;
  std::int64_t evenBlocks;
};

/** See `Kernels.textureSums`. The placement lies inside rows of `targetWidth`. */
TextureSums textureSums(const std::uint8_t* intensity, const Placement& placement) noexcept;

/** Number of levels of a pyramid; each has half the size of the one before. */
inline constexpr int kPyramidLevels = 4;

/** Level 0 has `size`; level n has size >> n. */
struct Pyramid {
  const std::uint8_t* levels[kPyramidLevels];
  GridSize size;
};

struct GlobalShift {
  double xPx;
  double yPx;
  bool isReliable;
};

/** See `Kernels.estimateShift`. Sides of at least 32. */
GlobalShift estimateShift(const Pyramid& previous, const Pyramid& current) noexcept;

/** See `Kernels.shiftedDifference`. */
void shiftedDifference(const std::uint8_t* current, const std::uint8_t* previous, GridSize size,
                       double shiftX, double shiftY, double gain, std::uint8_t neutral,
                       std::uint8_t* target) noexcept;

/** See `Kernels.backgroundDifference`; whole pixels. */
void backgroundDifference(const std::uint8_t* current, const std::uint16_t* background,
                          GridSize size, std::int32_t shiftX, std::int32_t shiftY, double weight,
                          std::uint8_t neutral, std::uint8_t* target,
                          std::uint16_t* next) noexcept;

/** Probabilities of a grid's classes; see `ClassScores` in src/kernels/kernels.ts. */
struct ClassScores {
  std::uint8_t* labels;
  float* probabilities;
  float* best;
  float* second;
};

/** See `Kernels.scoreClasses`. `classOf` has numbers below `classes`, which is at most 255. */
void scoreClasses(const float* logits, const std::uint8_t* classOf, std::int32_t channels,
                  std::int32_t classes, std::int32_t cells, const ClassScores& scores) noexcept;

/** See `Kernels.findPeaks`. */
std::int32_t findPeaks(const float* values, GridSize size, double threshold, std::int32_t* peaks,
                       std::int32_t peaksMax) noexcept;

/** See `Kernels.labelComponents`. */
std::int32_t labelComponents(const std::uint8_t* labels, GridSize size, std::int32_t* components,
                             std::int32_t* scratch) noexcept;

/** See `Kernels.traceContour`; `pointsMax` counts points, of two numbers each. */
std::int32_t traceContour(const float* field, GridSize size, std::int32_t startCell, float* points,
                          std::int32_t pointsMax) noexcept;

/** See `Kernels.simplifyContour`. */
std::int32_t simplifyContour(const float* points, std::int32_t count, double tolerance,
                             std::uint8_t* keep) noexcept;

/** `Math.round` of JavaScript: halves go up, also below zero. */
double roundHalfUp(double value) noexcept;

}  // namespace echoline
