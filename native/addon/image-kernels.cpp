#include "arguments.h"
#include "register.h"

namespace echoline::addon {
namespace {

/** data, width, height, strideBytes. */
GrayImage imageArgument(Arguments& arguments) {
  const Span<std::uint8_t> data = arguments.array<std::uint8_t>("data");
  GrayImage image{data.data, 0, 0, 0};
  image.width = arguments.side("width");
  image.height = arguments.side("height");
  image.strideBytes = arguments.integer("strideBytes", image.width, INT32_MAX);
  const std::int64_t needed =
      static_cast<std::int64_t>(image.height - 1) * image.strideBytes + image.width;
  if (static_cast<std::int64_t>(data.length) < needed) {
    refuseRange(arguments.env(), "The image has " + std::to_string(data.length) +
                                     " bytes, needs " + std::to_string(needed) + ".");
  }
  return image;
}

/** source, sourceStrideBytes, width, height, isRgba, target */
void callGrayFromColour(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<std::uint8_t> source = arguments.array<std::uint8_t>("source");
  const std::int32_t stride = arguments.integer("sourceStrideBytes", 0, INT32_MAX);
  const GridSize size = arguments.gridSize();
  const bool isRgba = arguments.integer("isRgba", 0, 1) == 1;
  std::uint8_t* target = arguments.arrayOf<std::uint8_t>("target", size.cells());
  const std::int64_t rowBytes = std::int64_t{4} * size.width;
  const std::int64_t needed = static_cast<std::int64_t>(size.height - 1) * stride + rowBytes;
  if (stride < rowBytes || static_cast<std::int64_t>(source.length) < needed) {
    refuseRange(arguments.env(), "The source is shorter than its size and stride say.");
  }
  grayFromColour(source.data, stride, size, isRgba, target);
}

/** data, width, height, strideBytes, lagPx, cellPx, cells */
void callActivity(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const GrayImage image = imageArgument(arguments);
  const std::int32_t lag = arguments.integer("lagPx", 1, Arguments::kSideMax);
  const std::int32_t cell = arguments.integer("cellPx", 1, Arguments::kSideMax);
  const auto columns = static_cast<std::size_t>((image.width - 1) / cell + 1);
  const auto rows = static_cast<std::size_t>((image.height - 1) / cell + 1);
  activity(image, lag, cell, arguments.arrayOf<std::uint8_t>("cells", columns * rows));
}

/** intensity, widthPx, xPx, yPx, placedWidth, placedHeight, result */
void callTextureSums(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<std::uint8_t> intensity = arguments.array<std::uint8_t>("intensity");
  Placement placement{};
  placement.targetWidth = arguments.side("widthPx");
  placement.x = arguments.integer("xPx", 0, placement.targetWidth);
  placement.y = arguments.integer("yPx", 0, Arguments::kSideMax);
  placement.width = arguments.integer("placedWidth", 0, placement.targetWidth - placement.x);
  placement.height = arguments.integer("placedHeight", 0, Arguments::kSideMax);
  double* result = arguments.arrayOf<double>("result", 6);
  const std::int64_t rows = std::int64_t{placement.y} + placement.height;
  if (static_cast<std::int64_t>(intensity.length) < rows * placement.targetWidth) {
    refuseRange(arguments.env(), "The placement leads out of the image.");
  }
  const TextureSums sums = textureSums(intensity.data, placement);
  const std::int64_t values[] = {sums.pixels,  sums.levels,    sums.squares,
                                 sums.changes, sums.litBlocks, sums.evenBlocks};
  for (std::size_t i = 0; i < 6; ++i) result[i] = static_cast<double>(values[i]);
}

/** data, from, pairs, step, lagPx */
Napi::Value callActivePairs(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<std::uint8_t> data = arguments.array<std::uint8_t>("data");
  const std::int32_t from = arguments.integer("from", 0, INT32_MAX);
  const std::int32_t pairs = arguments.integer("pairs", 0, Arguments::kSideMax);
  const std::int32_t step = arguments.integer("step", 1, INT32_MAX);
  const std::int32_t lag = arguments.integer("lagPx", 1, Arguments::kSideMax);
  const std::int64_t lagBytes = static_cast<std::int64_t>(lag) * step;
  const std::int64_t last = from + static_cast<std::int64_t>(pairs - 1) * step + lagBytes;
  if (pairs == 0) return Napi::Number::New(info.Env(), 0);
  if (last >= static_cast<std::int64_t>(data.length)) {
    refuseRange(arguments.env(), "The line leads out of the image.");
  }
  return Napi::Number::New(info.Env(), activePairs(data.data + from, pairs, step, lagBytes));
}

/** Whether every tap of an axis lies within the source. */
bool areTapsInside(const Span<std::int32_t>& start, const Span<std::int32_t>& offset,
                   const Span<float>& weights, std::int32_t targetLength,
                   std::int32_t sourceLength) {
  const auto length = static_cast<std::size_t>(targetLength);
  if (start.length < length || offset.length < length + 1) return false;
  if (offset.data[0] < 0) return false;
  for (std::size_t index = 0; index < length; ++index) {
    const std::int64_t taps =
        static_cast<std::int64_t>(offset.data[index + 1]) - offset.data[index];
    if (taps < 1 || start.data[index] < 0 || start.data[index] + taps > sourceLength) return false;
  }
  return static_cast<std::size_t>(offset.data[length]) <= weights.length;
}

AxisTaps axisArgument(Arguments& arguments, std::int32_t targetLength, std::int32_t sourceLength) {
  const Span<std::int32_t> start = arguments.array<std::int32_t>("start");
  const Span<std::int32_t> offset = arguments.array<std::int32_t>("offset");
  const Span<float> weights = arguments.array<float>("weights");
  if (!areTapsInside(start, offset, weights, targetLength, sourceLength)) {
    refuseRange(arguments.env(), "The resize plan's taps lead out of its source.");
  }
  return {start.data, offset.data, weights.data};
}

/**
 * data, strideBytes, originBytes, geometry (sourceWidth, sourceHeight, targetWidth, x, y, width,
 * height, boxFactor), target, then for a box factor that is neither 1 nor 2: column start, offset,
 * weights, row start, offset, weights, scratch
 */
void callResize(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<std::uint8_t> data = arguments.array<std::uint8_t>("data");
  const std::int32_t stride = arguments.integer("strideBytes", 1, INT32_MAX);
  const std::int32_t origin = arguments.integer("originBytes", 0, INT32_MAX);
  const std::int32_t* geometry = arguments.arrayOf<std::int32_t>("geometry", 8);
  const GrayImage source{data.data + origin, geometry[0], geometry[1], stride};
  const Placement placement{geometry[2], geometry[3], geometry[4], geometry[5], geometry[6]};
  const std::int32_t factor = geometry[7];
  const auto isSide = [](std::int32_t side) { return side >= 1 && side <= Arguments::kSideMax; };
  const bool isSized = isSide(source.width) && isSide(source.height) && isSide(placement.width) &&
                       isSide(placement.height) && isSide(placement.targetWidth) &&
                       placement.x >= 0 && placement.y >= 0 && placement.y <= Arguments::kSideMax &&
                       placement.x <= placement.targetWidth - placement.width;
  const bool isFactor = factor >= 0 && factor <= Arguments::kSideMax &&
                        (factor == 0 || (source.width == static_cast<std::int64_t>(factor) *
                                                             placement.width &&
                                         source.height == static_cast<std::int64_t>(factor) *
                                                              placement.height));
  if (!isSized || !isFactor) refuseRange(arguments.env(), "The resize plan contradicts itself.");
  const std::int64_t needed =
      origin + static_cast<std::int64_t>(source.height - 1) * stride + source.width;
  if (stride < source.width || static_cast<std::int64_t>(data.length) < needed) {
    refuseRange(arguments.env(), "The rectangle leads out of the image.");
  }
  const std::size_t targetRows = static_cast<std::size_t>(placement.y + placement.height - 1);
  const std::size_t targetEnd = targetRows * static_cast<std::size_t>(placement.targetWidth) +
                                static_cast<std::size_t>(placement.x + placement.width);
  std::uint8_t* target = arguments.arrayOf<std::uint8_t>("target", targetEnd);
  if (factor == 1) return copyRows(source, placement, target);
  if (factor == 2) return halve(source, placement, target);
  const AxisTaps columns = axisArgument(arguments, placement.width, source.width);
  const AxisTaps rows = axisArgument(arguments, placement.height, source.height);
  float* scratch =
      arguments.arrayOf<float>("scratch", resizeScratch(source.width, placement.width));
  resizeByTaps(source, placement, columns, rows, scratch, target);
}

}  // namespace

void registerImageKernels(Napi::Env env, Napi::Object exports) {
  exports.Set("grayFromColour", Napi::Function::New<callGrayFromColour>(env, "grayFromColour"));
  exports.Set("activity", Napi::Function::New<callActivity>(env, "activity"));
  exports.Set("activePairs", Napi::Function::New<callActivePairs>(env, "activePairs"));
  exports.Set("textureSums", Napi::Function::New<callTextureSums>(env, "textureSums"));
  exports.Set("resize", Napi::Function::New<callResize>(env, "resize"));
}

}  // namespace echoline::addon
