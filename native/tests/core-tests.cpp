// Tests of the core without Node, meant to run under AddressSanitizer and UBSan: every buffer is a
// heap block of exactly the length that the kernel may touch, and results are compared with plain
// loops. Parity with the TypeScript reference is tested from there (tests/kernels/parity.test.ts).

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "../core/dispatch.h"
#include "../core/jpeg.h"
#include "../core/kernels.h"

using namespace echoline;
using Bytes = std::vector<std::uint8_t>;

namespace {

int failures = 0;
/** Small images may match elsewhere, too: most shifts are found, not all. */
int shiftsTried = 0;
int shiftsFound = 0;

void check(bool holds, const char* what, int line) {
  if (holds) return;
  std::fprintf(stderr, "core-tests.cpp:%d: %s\n", line, what);
  ++failures;
}

#define CHECK(condition) check(condition, #condition, __LINE__)

/** A seeded generator (xorshift). */
class Random {
 public:
  explicit Random(std::uint32_t seed) : state_(seed * 2654435761u + 1) {}
  std::uint32_t next() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }
  int below(int limit) { return static_cast<int>(next() % static_cast<std::uint32_t>(limit)); }
  /** A side: small ones and those near a vector's length come often. */
  int side() {
    static constexpr int kSpecial[] = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33};
    return below(2) == 0 ? kSpecial[below(12)] : 1 + below(150);
  }
  Bytes bytes(int length) {
    Bytes bytes(static_cast<std::size_t>(length));
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(next() >> 11);
    return bytes;
  }

 private:
  std::uint32_t state_;
};

std::uint8_t clip(double value) {
  return static_cast<std::uint8_t>(std::clamp(std::floor(value + 0.5), 0.0, 255.0));
}

void testGray(Random& random) {
  const int width = random.side();
  const int height = random.side();
  const int stride = 4 * width + random.below(9);
  const Bytes source = random.bytes(stride * (height - 1) + 4 * width);
  Bytes target(static_cast<std::size_t>(width * height));
  grayFromColour(source.data(), stride, {width, height}, true, target.data());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const std::uint8_t* p = source.data() + y * stride + 4 * x;
      CHECK(target[y * width + x] == (77 * p[0] + 150 * p[1] + 29 * p[2] + 128) >> 8);
    }
  }
}

void testActivity(Random& random) {
  const int width = random.side();
  const int height = random.side();
  const int stride = width + random.below(9);
  Bytes data = random.bytes(stride * (height - 1) + width);
  for (auto& byte : data) byte &= 3;
  const GrayImage image{data.data(), width, height, stride};
  const int cell = 1 + random.below(random.below(8) == 0 ? 700 : 40);
  const int lag = 1 + random.below(60);
  const int step = std::max(1, cell / 4);
  const int columns = (width - 1) / cell + 1;
  const int rows = (height - 1) / cell + 1;
  Bytes cells(static_cast<std::size_t>(columns * rows));
  activity(image, lag, cell, cells.data());
  const auto behind = [lag](int at, int length) {
    return at + lag < length ? lag : at >= lag ? -lag : 0;
  };
  for (int row = 0; row < rows; ++row) {
    for (int column = 0; column < columns; ++column) {
      int active = 0;
      int samples = 0;
      for (int y = row * cell; y < std::min((row + 1) * cell, height); y += step) {
        for (int x = column * cell; x < std::min((column + 1) * cell, width); x += step) {
          const int here = data[y * stride + x];
          const int right = data[y * stride + x + behind(x, width)];
          const int below = data[(y + behind(y, height)) * stride + x];
          active += std::abs(here - right) >= 2 || std::abs(here - below) >= 2;
          ++samples;
        }
      }
      CHECK(cells[row * columns + column] == clip(255.0 * active / samples));
    }
  }
  if (lag < width) {
    int expected = 0;
    for (int x = 0; x + lag < width; ++x) expected += std::abs(data[x] - data[x + lag]) >= 2;
    CHECK(activePairs(data.data(), width - lag, 1, lag) == expected);
  }
}

void testResize(Random& random) {
  const int width = random.side();
  const int height = random.side();
  const int stride = 2 * width + random.below(5);
  const Bytes data = random.bytes(stride * (2 * height - 1) + 2 * width);
  const GrayImage source{data.data(), 2 * width, 2 * height, stride};
  const int targetWidth = width + 3;
  const Placement placement{targetWidth, 1, 2, width, height};
  const std::size_t length = static_cast<std::size_t>(targetWidth) * (height + 1) + width + 1;
  Bytes halved(length, 9);
  halve(source, placement, halved.data());
  // The same by taps of a half each.
  std::vector<std::int32_t> starts[2];
  std::vector<std::int32_t> offsets[2];
  for (int axis = 0; axis < 2; ++axis) {
    offsets[axis].push_back(0);
    for (int i = 0; i < (axis == 0 ? width : height); ++i) {
      starts[axis].push_back(2 * i);
      offsets[axis].push_back(2 * i + 2);
    }
  }
  const std::vector<float> weights(static_cast<std::size_t>(2 * std::max(width, height)), 0.5f);
  std::vector<float> scratch(resizeScratch(2 * width, width));
  Bytes byTaps(length, 9);
  resizeByTaps(source, placement, {starts[0].data(), offsets[0].data(), weights.data()},
               {starts[1].data(), offsets[1].data(), weights.data()}, scratch.data(),
               byTaps.data());
  CHECK(halved == byTaps);
  CHECK(halved[0] == 9);
  const std::uint8_t* p = data.data();
  CHECK(halved[2 * targetWidth + 1] == (p[0] + p[1] + p[stride] + p[stride + 1] + 2) / 4);
  Bytes copied(length, 9);
  copyRows({data.data(), width, height, stride}, placement, copied.data());
  CHECK(copied[2 * targetWidth + 1] == data[0]);
}

void testShift(Random& random) {
  const int width = 32 + random.below(120);
  const int height = 32 + random.below(120);
  const int dx = random.below(9) - 4;
  const int dy = random.below(9) - 4;
  // Waves too long to be mistaken for their neighbours within the range of the search.
  const double phase = random.below(628) / 100.0;
  const auto valueAt = [phase](double u, double v) {
    const double sum = 50 * std::sin(0.13 * u + 0.05 * v + phase) +
                       50 * std::sin(0.15 * v - 0.04 * u) + 20 * std::sin(0.3 * u - 0.27 * v);
    return static_cast<std::uint8_t>(128 + sum);
  };
  Bytes levels[2][kPyramidLevels];
  Pyramid pyramids[2]{{{}, {width, height}}, {{}, {width, height}}};
  for (int image = 0; image < 2; ++image) {
    auto& base = levels[image][0];
    for (int y = 0; y < height; ++y) {
      for (int x = 0; x < width; ++x) {
        base.push_back(valueAt(x - image * dx, y - image * dy));
      }
    }
    for (int level = 1; level < kPyramidLevels; ++level) {
      const int w = width >> level;
      const int h = height >> level;
      levels[image][level].resize(static_cast<std::size_t>(w * h));
      const int wide = width >> (level - 1);
      halve({levels[image][level - 1].data(), wide, height >> (level - 1), wide},
            {w, 0, 0, w, h}, levels[image][level].data());
    }
    for (int level = 0; level < kPyramidLevels; ++level) {
      pyramids[image].levels[level] = levels[image][level].data();
    }
  }
  const GlobalShift shift = estimateShift(pyramids[0], pyramids[1]);
  CHECK(std::isfinite(shift.xPx) && std::isfinite(shift.yPx));
  const GlobalShift still = estimateShift(pyramids[0], pyramids[0]);
  CHECK(still.xPx == 0 && still.yPx == 0);
  if (!shift.isReliable || width < 64 || height < 64) return;
  ++shiftsTried;
  if (std::fabs(shift.xPx - dx) < 0.5 && std::fabs(shift.yPx - dy) < 0.5) ++shiftsFound;
}

void testDifferences(Random& random) {
  const int width = random.side();
  const int height = random.side();
  const int length = width * height;
  const Bytes current = random.bytes(length);
  const Bytes previous = random.bytes(length);
  Bytes target(static_cast<std::size_t>(length));
  const double gain = random.below(200) / 100.0;
  shiftedDifference(current.data(), previous.data(), {width, height}, 0, 0, gain, 128,
                    target.data());
  for (int i = 0; i < length; ++i) {
    CHECK(target[i] == clip(128 + gain * (current[i] - previous[i])));
  }
  const int dx = random.below(40) - 20;
  const int dy = random.below(40) - 20;
  shiftedDifference(current.data(), previous.data(), {width, height}, dx + 0.5, dy - 0.25, gain,
                    128, target.data());
  shiftedDifference(current.data(), previous.data(), {width, height}, 1e300, -1e300, gain, 128,
                    target.data());
  CHECK(std::all_of(target.begin(), target.end(), [](auto value) { return value == 128; }));
  std::vector<std::uint16_t> background(static_cast<std::size_t>(length));
  for (auto& value : background) value = static_cast<std::uint16_t>(random.next() >> 9);
  std::vector<std::uint16_t> next(static_cast<std::size_t>(length));
  backgroundDifference(current.data(), background.data(), {width, height}, dx, dy, 0.25, 100,
                       target.data(), next.data());
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      const int i = y * width + x;
      const bool reaches = x - dx >= 0 && x - dx < width && y - dy >= 0 && y - dy < height;
      const int old = reaches ? background[(y - dy) * width + x - dx] : current[i] * 256;
      const int gap = current[i] * 256 - old;
      CHECK(next[i] == old + ((gap * 64 + 128) >> 8));
      CHECK(target[i] == std::clamp(100 + ((gap + 128) >> 8), 0, 255));
    }
  }
}

void testGrids(Random& random) {
  const GridSize size{random.side(), random.side()};
  const auto cells = size.cells();
  Bytes labels(cells);
  for (auto& label : labels) label = static_cast<std::uint8_t>(random.below(3));
  std::vector<std::int32_t> components(cells);
  std::vector<std::int32_t> stack(cells);
  const int count = labelComponents(labels.data(), size, components.data(), stack.data());
  int most = 0;
  for (std::size_t cell = 0; cell < cells; ++cell) {
    const int x = static_cast<int>(cell) % size.width;
    CHECK((labels[cell] == 0) == (components[cell] == 0));
    CHECK(components[cell] <= most + 1);
    most = std::max(most, components[cell]);
    if (x > 0 && labels[cell] == labels[cell - 1]) CHECK(components[cell] == components[cell - 1]);
    if (static_cast<int>(cell) >= size.width && labels[cell] == labels[cell - size.width]) {
      CHECK(components[cell] == components[cell - size.width]);
    }
  }
  CHECK(most == count);

  std::vector<float> field(cells);
  for (auto& value : field) value = static_cast<float>(random.below(2000) - 1000) / 1000;
  std::vector<std::int32_t> peaks(static_cast<std::size_t>(random.below(6)));
  const int found = findPeaks(field.data(), size, 0.5, peaks.data(), static_cast<int>(peaks.size()));
  for (int i = 0; i < found; ++i) {
    CHECK(field[peaks[i]] >= 0.5f);
    if (i > 0) CHECK(field[peaks[i]] <= field[peaks[i - 1]]);
  }
  const auto start = std::find_if(field.begin(), field.end(), [](float v) { return v > 0; });
  if (start == field.end()) return;
  std::vector<float> points(2 * static_cast<std::size_t>(1 + random.below(400)));
  const int traced = traceContour(field.data(), size, static_cast<int>(start - field.begin()),
                                  points.data(), static_cast<int>(points.size() / 2));
  CHECK(traced >= 1 && traced <= static_cast<int>(points.size() / 2));
  Bytes keep(static_cast<std::size_t>(traced));
  const int kept = simplifyContour(points.data(), traced, 0.3, keep.data());
  CHECK(kept == std::count(keep.begin(), keep.end(), 1));
}

/** The texture of a random image, and of one that is lit and even everywhere. */
void testTexture(Random& random) {
  const int width = random.side();
  const int height = random.side();
  Placement placement{width, random.below(width), random.below(height), 0, 0};
  placement.width = width - placement.x;
  placement.height = height - placement.y;
  const int blocksAcross = (placement.width / 8 + 1) / 2;
  const int blocksBetween = placement.width / 8 / 2;
  const int rows = placement.height / 8;
  const int blocks = (rows + 1) / 2 * blocksAcross + rows / 2 * blocksBetween;
  const Bytes data = random.bytes(width * height);
  const TextureSums sums = textureSums(data.data(), placement);
  CHECK(sums.pixels <= 49 * blocks && sums.litBlocks <= blocks);
  CHECK(sums.levels >= 12 * sums.pixels && sums.levels <= 255 * sums.pixels);
  const Bytes even(static_cast<std::size_t>(width) * height, 100);
  const TextureSums all = textureSums(even.data(), placement);
  CHECK(all.pixels == 49 * blocks && all.levels == 4900 * blocks && all.changes == 0);
  CHECK(all.squares == 490000 * blocks && all.litBlocks == blocks && all.evenBlocks == blocks);
}

/** Softmax against the library's exponential; some channels are a class of their own. */
void testClasses(Random& random) {
  const int cells = 1 + random.below(300);
  const int channels = 1 + random.below(9);
  const int classes = 1 + random.below(channels);
  Bytes classOf(static_cast<std::size_t>(channels));
  for (int channel = 0; channel < channels; ++channel) {
    classOf[channel] = static_cast<std::uint8_t>(channel % classes);
  }
  std::vector<float> logits(static_cast<std::size_t>(channels) * cells);
  for (auto& logit : logits) logit = static_cast<float>(random.below(30000) - 15000) / 1000;
  Bytes labels(static_cast<std::size_t>(cells));
  std::vector<float> probabilities(static_cast<std::size_t>(classes) * cells);
  std::vector<float> best(static_cast<std::size_t>(cells));
  std::vector<float> second(static_cast<std::size_t>(cells));
  scoreClasses(logits.data(), classOf.data(), channels, classes, cells,
               {labels.data(), probabilities.data(), best.data(), second.data()});
  for (int cell = 0; cell < cells; ++cell) {
    double total = 0;
    std::vector<double> sums(static_cast<std::size_t>(classes));
    for (int channel = 0; channel < channels; ++channel) {
      const double value = std::exp(static_cast<double>(logits[channel * cells + cell]));
      sums[classOf[channel]] += value;
      total += value;
    }
    for (int index = 0; index < classes; ++index) {
      CHECK(std::fabs(probabilities[index * cells + cell] - sums[index] / total) < 1e-6);
      CHECK(probabilities[index * cells + cell] <= best[cell]);
    }
    CHECK(labels[cell] < classes && probabilities[labels[cell] * cells + cell] == best[cell]);
    CHECK(second[cell] <= best[cell]);
  }
}

/** Whatever bytes come, the decoder stays within its buffers. Wrong ones are never decoded. */
void testJpeg(Random& random, const JpegLibrary& library) {
  Bytes data = random.bytes(200 + random.below(300));
  data[0] = 0xff;
  data[1] = 0xd8;
  data[2] = 0xff;
  Bytes target(16 * 16);
  const JpegTask task{data.data(), data.size(), 16, 16, 1, target.data()};
  CHECK(decodeGrayJpeg(library, task) != JpegOutcome::decoded);
}

/** Runs everything in one variant. */
void testVariant(Instructions variant, const JpegLibrary* library, const std::string& jpeg) {
  instructions = variant;
  shiftsTried = 0;
  shiftsFound = 0;
  for (std::uint32_t seed = 1; seed <= 150; ++seed) {
    Random random(seed);
    testGray(random);
    testActivity(random);
    testResize(random);
    testDifferences(random);
    testGrids(random);
    testTexture(random);
    testClasses(random);
    if (seed % 5 == 0) testShift(random);
    if (library != nullptr) testJpeg(random, *library);
  }
  CHECK(shiftsTried > 10 && 4 * shiftsFound >= 3 * shiftsTried);
  std::printf("shifts found: %d of %d\n", shiftsFound, shiftsTried);
  std::printf("core tests (%s, JPEG %s): %d failures\n", nameOf(variant), jpeg.c_str(), failures);
}

}  // namespace

int main() {
  std::string reason;
  const auto library = JpegLibrary::open(reason);
  const std::string jpeg = library != nullptr ? library->name() : reason;
  const Instructions widest = instructions;
  for (const auto variant : {Instructions::baseline, Instructions::avx2, Instructions::avx512}) {
    if (variant <= widest) testVariant(variant, library.get(), jpeg);
  }
  return failures == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
