#include <cstring>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** BT.601 in 1/256, as the reference has it; fits 16 bits: 256 × 255 + 128 < 65,536. */
constexpr std::uint32_t kRed = 77;
constexpr std::uint32_t kGreen = 150;
constexpr std::uint32_t kBlue = 29;

#if defined(__GNUC__) && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define ECHOLINE_GRAY_VECTORS 1
// Eight pixels: as 32-bit numbers, and as pairs of 16-bit ones.
using Pixels = std::uint32_t __attribute__((vector_size(32)));
using Pairs = std::uint16_t __attribute__((vector_size(32)));
using Bytes = std::uint8_t __attribute__((vector_size(8)));
#endif

ECHOLINE_BODY void grayRowBody(const std::uint8_t* row, std::int32_t width, std::uint32_t first,
                               std::uint32_t third, std::uint8_t* out) {
  std::int32_t x = 0;
#ifdef ECHOLINE_GRAY_VECTORS
  const Pixels outer = Pixels{} + (first | third << 16);
  const Pixels inner = Pixels{} + kGreen;
  for (; x + 8 <= width; x += 8) {
    Pixels pixels;
    std::memcpy(&pixels, row + 4 * x, sizeof pixels);
    const Pixels even = pixels & 0x00ff00ffu;
    const Pixels odd = (pixels >> 8) & 0x000000ffu;
    const Pixels sums = reinterpret_cast<Pixels>(
        reinterpret_cast<Pairs>(even) * reinterpret_cast<Pairs>(outer) +
        reinterpret_cast<Pairs>(odd) * reinterpret_cast<Pairs>(inner));
    const Pixels gray = ((sums & 0xffffu) + (sums >> 16) + 128u) >> 8;
    const Bytes bytes = __builtin_convertvector(gray, Bytes);
    std::memcpy(out + x, &bytes, sizeof bytes);
  }
#endif
  for (; x < width; ++x) {
    const std::uint8_t* pixel = row + 4 * x;
    out[x] = static_cast<std::uint8_t>(
        (first * pixel[0] + kGreen * pixel[1] + third * pixel[2] + 128) >> 8);
  }
}

ECHOLINE_DISPATCH(void, grayRow,
                  (const std::uint8_t* row, std::int32_t width, std::uint32_t first,
                   std::uint32_t third, std::uint8_t* out),
                  (row, width, first, third, out))

}  // namespace

void grayFromColour(const std::uint8_t* source, std::ptrdiff_t sourceStrideBytes, GridSize size,
                    bool isRgba, std::uint8_t* target) noexcept {
  const std::uint32_t first = isRgba ? kRed : kBlue;
  const std::uint32_t third = isRgba ? kBlue : kRed;
  for (std::int32_t y = 0; y < size.height; ++y) {
    grayRow(source + y * sourceStrideBytes, size.width, first, third,
            target + static_cast<std::ptrdiff_t>(y) * size.width);
  }
}

}  // namespace echoline
