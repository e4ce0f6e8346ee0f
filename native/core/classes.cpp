#include <algorithm>
#include <bit>
#include <limits>

#include "dispatch.h"
#include "kernels.h"

namespace echoline {
namespace {

/** As in the reference (src/kernels/score-classes.ts), step by step. */
constexpr double kBelowMax = 16;
constexpr double kLog2E = 1.4426950408889634;
constexpr double kLn2 = 0.6931471805599453;
constexpr double kRounding = 6755399441055744.0;  // 1.5 · 2⁵²

/** Cells that are worked on at a time; what belongs to them lies on the stack. */
constexpr std::int32_t kBlock = 128;

/** The reference's exponential of −16 to 0; its integer ends up in the exponent's bits. */
ECHOLINE_BODY double exponential(double x) {
  const double rounded = x * kLog2E + kRounding;
  const double r = x - (rounded - kRounding) * kLn2;
  double sum = 1 + r * (1.0 / 9);
  sum = 1 + r * (1.0 / 8) * sum;
  sum = 1 + r * (1.0 / 7) * sum;
  sum = 1 + r * (1.0 / 6) * sum;
  sum = 1 + r * (1.0 / 5) * sum;
  sum = 1 + r * (1.0 / 4) * sum;
  sum = 1 + r * (1.0 / 3) * sum;
  sum = 1 + r * (1.0 / 2) * sum;
  sum = 1 + r * sum;
  const auto power = std::bit_cast<std::uint64_t>(rounded) << 52;
  return std::bit_cast<double>(std::bit_cast<std::uint64_t>(sum) + power);
}

ECHOLINE_BODY void raiseBody(const float* logits, std::int32_t count, float* largest) {
  for (std::int32_t i = 0; i < count; ++i) {
    largest[i] = logits[i] > largest[i] ? logits[i] : largest[i];
  }
}
ECHOLINE_DISPATCH(void, raise, (const float* logits, std::int32_t count, float* largest),
                  (logits, count, largest))

/** Adds a channel's exponentials to its class and to the total of all. */
ECHOLINE_BODY void addChannelBody(const float* logits, const float* largest, std::int32_t count,
                                  float* sums, double* totals) {
  double values[kBlock];
  // Three loops: in one the compiler makes branches of the conditions, and then uses no vectors.
  for (std::int32_t i = 0; i < count; ++i) {
    const double below = static_cast<double>(logits[i]) - static_cast<double>(largest[i]);
    values[i] = below > -kBelowMax ? below : -kBelowMax;
  }
  for (std::int32_t i = 0; i < count; ++i) values[i] = exponential(values[i]);
  for (std::int32_t i = 0; i < count; ++i) {
    const double below = static_cast<double>(logits[i]) - static_cast<double>(largest[i]);
    const double value = below >= -kBelowMax ? values[i] : 0.0;
    sums[i] = static_cast<float>(static_cast<double>(sums[i]) + value);
    totals[i] += value;
  }
}
ECHOLINE_DISPATCH(void, addChannel,
                  (const float* logits, const float* largest, std::int32_t count, float* sums,
                   double* totals),
                  (logits, largest, count, sums, totals))

/** Turns a class's sums into probabilities and compares them with the classes before. */
ECHOLINE_BODY void judgeBody(const double* scales, std::int32_t count, double index, float* sums,
                             double* most, double* next, double* labels) {
  for (std::int32_t i = 0; i < count; ++i) {
    const double probability = static_cast<double>(sums[i]) * scales[i];
    sums[i] = static_cast<float>(probability);
    const bool isBest = probability > most[i];
    const double before = most[i] > 0.0 ? most[i] : 0.0;
    const double behind = probability > next[i] ? probability : next[i];
    next[i] = isBest ? before : behind;
    labels[i] = isBest ? index : labels[i];
    most[i] = isBest ? probability : most[i];
  }
}
ECHOLINE_DISPATCH(void, judge,
                  (const double* scales, std::int32_t count, double index, float* sums,
                   double* most, double* next, double* labels),
                  (scales, count, index, sums, most, next, labels))

}  // namespace

void scoreClasses(const float* logits, const std::uint8_t* classOf, std::int32_t channels,
                  std::int32_t classes, std::int32_t cells, const ClassScores& scores) noexcept {
  float largest[kBlock];
  double totals[kBlock];
  double most[kBlock];
  double next[kBlock];
  double labels[kBlock];
  const std::ptrdiff_t plane = cells;
  for (std::int32_t from = 0; from < cells; from += kBlock) {
    const std::int32_t count = std::min(kBlock, cells - from);
    std::fill_n(largest, count, -std::numeric_limits<float>::infinity());
    std::fill_n(totals, count, 0.0);
    std::fill_n(most, count, -1.0);
    std::fill_n(next, count, 0.0);
    std::fill_n(labels, count, 0.0);
    for (std::int32_t index = 0; index < classes; ++index) {
      std::fill_n(scores.probabilities + index * plane + from, count, 0.0f);
    }
    for (std::int32_t channel = 0; channel < channels; ++channel) {
      raise(logits + channel * plane + from, count, largest);
    }
    for (std::int32_t channel = 0; channel < channels; ++channel) {
      addChannel(logits + channel * plane + from, largest, count,
                 scores.probabilities + classOf[channel] * plane + from, totals);
    }
    for (std::int32_t i = 0; i < count; ++i) totals[i] = 1 / totals[i];
    for (std::int32_t index = 0; index < classes; ++index) {
      judge(totals, count, index, scores.probabilities + index * plane + from, most, next, labels);
    }
    for (std::int32_t i = 0; i < count; ++i) {
      scores.labels[from + i] = static_cast<std::uint8_t>(labels[i]);
      scores.best[from + i] = static_cast<float>(most[i]);
      scores.second[from + i] = static_cast<float>(next[i]);
    }
  }
}

}  // namespace echoline
