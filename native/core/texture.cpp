#include <algorithm>
#include <cstdlib>
#include <cstring>

#include "dispatch.h"
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

/** What decides what a block is. */
struct Block {
  std::int32_t total = 0;
  std::int32_t change = 0;
  std::int32_t darkest = 255;
};

#if defined(__GNUC__)

using Bytes = std::uint8_t __attribute__((vector_size(8)));
using Levels = std::int16_t __attribute__((vector_size(16)));
using Squares = std::uint16_t __attribute__((vector_size(16)));
using Totals = std::int32_t __attribute__((vector_size(32)));

/** Sums of the lit pixels of a row of blocks, a column a lane: 32 bits hold those of any image. */
struct LitSums {
  Totals pixels{};
  Totals levels{};
  Totals squares{};
  Totals changes{};
};

ECHOLINE_BODY Levels levelsAt(const std::uint8_t* from) {
  Bytes bytes;
  std::memcpy(&bytes, from, sizeof bytes);
  return __builtin_convertvector(bytes, Levels);
}

ECHOLINE_BODY Levels sizeOf(Levels value) { return value < 0 ? -value : value; }

/** A row at a time, a column a lane. The last column is only the neighbour of the one before. */
ECHOLINE_BODY Block addBlock(const std::uint8_t* data, std::ptrdiff_t width, LitSums& sums) {
  constexpr Levels kInside{-1, -1, -1, -1, -1, -1, -1, 0};
  Levels total{};
  Levels change{};
  Levels darkest = Levels{} + 255;
  Levels pixels{};
  Levels levels{};
  Levels level = levelsAt(data);
  for (std::int32_t row = 0; row < kBlock - 1; ++row) {
    const Levels below = levelsAt(data + (row + 1) * width);
    const Levels next = __builtin_shufflevector(level, level, 1, 2, 3, 4, 5, 6, 7, 7);
    const Levels step = next - level;
    total += level;
    change += sizeOf(step) + sizeOf(below - level);
    darkest = level < darkest ? level : darkest;
    const Levels lit = (level >= kLit) & (next >= kLit) & kInside;
    pixels -= lit;
    levels += lit & level;
    const auto litLevel = reinterpret_cast<Squares>(lit & level);
    const auto litStep = reinterpret_cast<Squares>(lit & step);
    sums.squares += __builtin_convertvector(litLevel * litLevel, Totals);
    sums.changes += __builtin_convertvector(litStep * litStep, Totals);
    level = below;
  }
  sums.pixels += __builtin_convertvector(pixels, Totals);
  sums.levels += __builtin_convertvector(levels, Totals);
  Block block;
  for (std::int32_t lane = 0; lane < kBlock - 1; ++lane) {
    block.total += total[lane];
    block.change += change[lane];
    block.darkest = std::min<std::int32_t>(block.darkest, darkest[lane]);
  }
  return block;
}

ECHOLINE_BODY void addLit(const LitSums& row, TextureSums& sums) {
  for (std::int32_t lane = 0; lane < kBlock - 1; ++lane) {
    sums.pixels += row.pixels[lane];
    sums.levels += row.levels[lane];
    sums.squares += row.squares[lane];
    sums.changes += row.changes[lane];
  }
}

#else

using LitSums = TextureSums;

ECHOLINE_BODY Block addBlock(const std::uint8_t* data, std::ptrdiff_t width, LitSums& sums) {
  Block block;
  for (std::int32_t row = 0; row < kBlock - 1; ++row) {
    const std::uint8_t* from = data + row * width;
    for (std::int32_t i = 0; i < kBlock - 1; ++i) {
      const std::int32_t level = from[i];
      const std::int32_t next = from[i + 1];
      const std::int32_t step = next - level;
      block.total += level;
      block.change += std::abs(step) + std::abs(from[width + i] - level);
      block.darkest = std::min(block.darkest, level);
      // By products, because speckle makes any branch a guess.
      const std::int32_t lit = std::min(level, next) >= kLit ? 1 : 0;
      sums.pixels += lit;
      sums.levels += lit * level;
      sums.squares += lit * level * level;
      sums.changes += lit * step * step;
    }
  }
  return block;
}

ECHOLINE_BODY void addLit(const LitSums& row, TextureSums& sums) {
  sums.pixels += row.pixels;
  sums.levels += row.levels;
  sums.squares += row.squares;
  sums.changes += row.changes;
}

#endif

/** Adds every second block of a row of blocks that ends before `end`. */
ECHOLINE_BODY void addRowBody(const std::uint8_t* row, std::int32_t first, std::int32_t end,
                              std::ptrdiff_t width, TextureSums& sums) {
  LitSums lit{};
  for (std::int32_t x = first; x + kBlock <= end; x += 2 * kBlock) {
    const Block block = addBlock(row + x, width, lit);
    if (block.darkest < kBlack || block.total < kLitMean * kPairs) continue;
    sums.litBlocks += 1;
    if (block.change < kEvenChange * kPairs) sums.evenBlocks += 1;
  }
  addLit(lit, sums);
}

ECHOLINE_DISPATCH(void, addRow,
                  (const std::uint8_t* row, std::int32_t first, std::int32_t end,
                   std::ptrdiff_t width, TextureSums& sums),
                  (row, first, end, width, sums))

}  // namespace

TextureSums textureSums(const std::uint8_t* intensity, const Placement& placement) noexcept {
  TextureSums sums{};
  const std::ptrdiff_t width = placement.targetWidth;
  for (std::int32_t y = 0; y + kBlock <= placement.height; y += kBlock) {
    const std::uint8_t* row = intensity + (placement.y + y) * width + placement.x;
    addRow(row, y % (2 * kBlock), placement.width, width, sums);
  }
  return sums;
}

}  // namespace echoline
