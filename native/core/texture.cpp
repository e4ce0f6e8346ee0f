#include <algorithm>
#include <cstdlib>

#include "kernels.h"

namespace echoline {
namespace {

/** As in the reference (src/kernels/texture-sums.ts). */
constexpr std::int32_t kBlock = 8;
constexpr std::int32_t kPairs = (kBlock - 1) * (kBlock - 1);
constexpr std::int32_t kLit = 12;
constexpr std::int32_t kLitMean = 30;
constexpr std::int32_t kBlack = 4;
constexpr double kEvenChange = 1.5;

void addBlock(const std::uint8_t* block, std::ptrdiff_t width, TextureSums& sums) {
  std::int32_t total = 0;
  std::int32_t change = 0;
  std::int32_t darkest = 255;
  // A block's sums fit 32 bits. By products, because speckle makes any branch a guess.
  std::int32_t pixels = 0;
  std::int32_t levels = 0;
  std::int32_t squares = 0;
  std::int32_t changes = 0;
  for (std::int32_t row = 0; row < kBlock - 1; ++row) {
    const std::uint8_t* from = block + row * width;
    for (std::int32_t i = 0; i < kBlock - 1; ++i) {
      const std::int32_t level = from[i];
      const std::int32_t next = from[i + 1];
      const std::int32_t step = next - level;
      total += level;
      change += std::abs(step) + std::abs(from[width + i] - level);
      darkest = std::min(darkest, level);
      const std::int32_t lit = std::min(level, next) >= kLit ? 1 : 0;
      pixels += lit;
      levels += lit * level;
      squares += lit * level * level;
      changes += lit * step * step;
    }
  }
  sums.pixels += pixels;
  sums.levels += levels;
  sums.squares += squares;
  sums.changes += changes;
  if (darkest < kBlack || total < kLitMean * kPairs) return;
  sums.litBlocks += 1;
  if (change < kEvenChange * kPairs) sums.evenBlocks += 1;
}

}  // namespace

TextureSums textureSums(const std::uint8_t* intensity, const Placement& placement) noexcept {
  TextureSums sums{};
  const std::ptrdiff_t width = placement.targetWidth;
  for (std::int32_t y = 0; y + kBlock <= placement.height; y += kBlock) {
    const std::uint8_t* row = intensity + (placement.y + y) * width + placement.x;
    for (std::int32_t x = y % (2 * kBlock); x + kBlock <= placement.width; x += 2 * kBlock) {
      addBlock(row + x, width, sums);
    }
  }
  return sums;
}

}  // namespace echoline
