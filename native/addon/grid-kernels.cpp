#include "arguments.h"
#include "register.h"

namespace echoline::addon {
namespace {

Napi::Value count(const Napi::CallbackInfo& info, std::int32_t value) {
  return Napi::Number::New(info.Env(), value);
}

std::int32_t shorter(std::size_t length) {
  return static_cast<std::int32_t>(length < INT32_MAX ? length : INT32_MAX);
}

/** logits, classOf, labels, probabilities, best, second */
void callScoreClasses(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<float> logits = arguments.array<float>("logits");
  const Span<std::uint8_t> classOf = arguments.array<std::uint8_t>("classOf");
  const Span<std::uint8_t> labels = arguments.array<std::uint8_t>("labels");
  const Span<float> probabilities = arguments.array<float>("probabilities");
  const std::size_t cells = labels.length;
  const ClassScores scores{labels.data, probabilities.data, arguments.arrayOf<float>("best", cells),
                           arguments.arrayOf<float>("second", cells)};
  const Napi::Env env = arguments.env();
  if (cells == 0 || cells > Arguments::kCellsMax) refuseRange(env, "labels has no cell or too many.");
  const std::size_t classes = probabilities.length / cells;
  if (classes * cells != probabilities.length || classes == 0 || classes > 255) {
    refuseRange(env, "probabilities has to have 1 to 255 numbers a cell.");
  }
  if (classOf.length == 0 || classOf.length > 255) refuseRange(env, "classOf names no channels.");
  if (logits.length < classOf.length * cells) refuseRange(env, "logits lacks channels or cells.");
  for (std::size_t channel = 0; channel < classOf.length; ++channel) {
    if (classOf.data[channel] >= classes) refuseRange(env, "classOf names a class that is not there.");
  }
  scoreClasses(logits.data, classOf.data, shorter(classOf.length), shorter(classes), shorter(cells),
               scores);
}

/** values, width, height, threshold, peaks */
Napi::Value callFindPeaks(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<float> values = arguments.array<float>("values");
  const GridSize size = arguments.gridSize();
  const double threshold = arguments.number("threshold");
  const Span<std::int32_t> peaks = arguments.array<std::int32_t>("peaks");
  if (values.length < size.cells()) refuseRange(arguments.env(), "values is shorter than its grid.");
  return count(info,
               findPeaks(values.data, size, threshold, peaks.data, shorter(peaks.length)));
}

/** labels, width, height, components, stack */
Napi::Value callLabelComponents(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<std::uint8_t> labels = arguments.array<std::uint8_t>("labels");
  const GridSize size = arguments.gridSize();
  std::int32_t* components = arguments.arrayOf<std::int32_t>("components", size.cells());
  std::int32_t* stack = arguments.arrayOf<std::int32_t>("stack", size.cells());
  if (labels.length < size.cells()) refuseRange(arguments.env(), "labels is shorter than its grid.");
  if (components == stack) refuseRange(arguments.env(), "stack has to be memory of its own.");
  return count(info, labelComponents(labels.data, size, components, stack));
}

/** field, width, height, startCell, points */
Napi::Value callTraceContour(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<float> field = arguments.array<float>("field");
  const GridSize size = arguments.gridSize();
  const auto last = static_cast<std::int32_t>(size.cells() - 1);
  const std::int32_t start = arguments.integer("startCell", 0, last);
  const Span<float> points = arguments.array<float>("points");
  if (field.length < size.cells()) refuseRange(arguments.env(), "field is shorter than its grid.");
  return count(info,
               traceContour(field.data, size, start, points.data, shorter(points.length / 2)));
}

/** points, count, tolerance, keep */
Napi::Value callSimplifyContour(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<float> points = arguments.array<float>("points");
  const std::int32_t points2 = shorter(points.length / 2);
  const std::int32_t pointCount = arguments.integer("count", 0, points2);
  const double tolerance = arguments.number("tolerance");
  std::uint8_t* keep =
      arguments.arrayOf<std::uint8_t>("keep", static_cast<std::size_t>(pointCount));
  return count(info, simplifyContour(points.data, pointCount, tolerance, keep));
}

}  // namespace

void registerGridKernels(Napi::Env env, Napi::Object exports) {
  exports.Set("scoreClasses", Napi::Function::New<callScoreClasses>(env, "scoreClasses"));
  exports.Set("findPeaks", Napi::Function::New<callFindPeaks>(env, "findPeaks"));
  exports.Set("labelComponents", Napi::Function::New<callLabelComponents>(env, "labelComponents"));
  exports.Set("traceContour", Napi::Function::New<callTraceContour>(env, "traceContour"));
  exports.Set("simplifyContour", Napi::Function::New<callSimplifyContour>(env, "simplifyContour"));
}

}  // namespace echoline::addon
