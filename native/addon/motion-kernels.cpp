#include <cstring>

#include "arguments.h"
#include "register.h"

namespace echoline::addon {
namespace {

constexpr std::int32_t kSideMin = 32;
constexpr std::int32_t kShiftMax = 1 << 20;

/** width, height of pyramids: sides of at least 32. */
GridSize pyramidSize(Arguments& arguments) {
  const GridSize size = arguments.gridSize();
  if (size.width < kSideMin || size.height < kSideMin) {
    refuseRange(arguments.env(), "A pyramid needs sides of at least 32.");
  }
  return size;
}

GridSize levelSize(GridSize size, int level) { return {size.width >> level, size.height >> level}; }

/** width, height, image, then the pyramid's four levels */
void callBuildPyramid(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const GridSize size = pyramidSize(arguments);
  const std::uint8_t* image = arguments.arrayOf<std::uint8_t>("image", size.cells());
  std::uint8_t* levels[kPyramidLevels];
  for (int level = 0; level < kPyramidLevels; ++level) {
    levels[level] = arguments.arrayOf<std::uint8_t>("level", levelSize(size, level).cells());
  }
  std::memmove(levels[0], image, size.cells());
  for (int level = 1; level < kPyramidLevels; ++level) {
    const GridSize from = levelSize(size, level - 1);
    const GridSize to = levelSize(size, level);
    halve({levels[level - 1], from.width, from.height, from.width},
          {to.width, 0, 0, to.width, to.height}, levels[level]);
  }
}

Pyramid pyramidArgument(Arguments& arguments, GridSize size) {
  Pyramid pyramid{{}, size};
  for (int level = 0; level < kPyramidLevels; ++level) {
    pyramid.levels[level] =
        arguments.arrayOf<std::uint8_t>("level", levelSize(size, level).cells());
  }
  return pyramid;
}

/** width, height, four levels of the previous image, four of the current one, result (x, y) */
Napi::Value callEstimateShift(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const GridSize size = pyramidSize(arguments);
  const Pyramid previous = pyramidArgument(arguments, size);
  const Pyramid current = pyramidArgument(arguments, size);
  double* result = arguments.arrayOf<double>("result", 2);
  const GlobalShift shift = estimateShift(previous, current);
  result[0] = shift.xPx;
  result[1] = shift.yPx;
  return Napi::Boolean::New(info.Env(), shift.isReliable);
}

double finiteArgument(Arguments& arguments, const char* name) {
  const double value = arguments.number(name);
  if (!std::isfinite(value)) refuseRange(arguments.env(), std::string(name) + " is not finite.");
  return value;
}

/** The current image, which fills its grid exactly: the reference goes by its length. */
const std::uint8_t* currentArgument(Arguments& arguments, GridSize size) {
  const Span<std::uint8_t> current = arguments.array<std::uint8_t>("current");
  if (current.length != size.cells()) {
    refuseRange(arguments.env(), "current has to have exactly width x height elements.");
  }
  return current.data;
}

/** width, height, current, previous, xPx, yPx, gain, neutral, target */
void callShiftedDifference(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const GridSize size = arguments.gridSize();
  const std::uint8_t* current = currentArgument(arguments, size);
  const std::uint8_t* previous = arguments.arrayOf<std::uint8_t>("previous", size.cells());
  const double shiftX = finiteArgument(arguments, "xPx");
  const double shiftY = finiteArgument(arguments, "yPx");
  const double gain = finiteArgument(arguments, "gain");
  const std::uint8_t neutral = arguments.byte("neutral");
  std::uint8_t* target = arguments.arrayOf<std::uint8_t>("target", size.cells());
  shiftedDifference(current, previous, size, shiftX, shiftY, gain, neutral, target);
}

/** width, height, current, background, xPx, yPx, weight, neutral, target, next */
void callBackgroundDifference(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const GridSize size = arguments.gridSize();
  const std::uint8_t* current = currentArgument(arguments, size);
  const std::uint16_t* background = arguments.arrayOf<std::uint16_t>("background", size.cells());
  const std::int32_t shiftX = arguments.integer("xPx", -kShiftMax, kShiftMax);
  const std::int32_t shiftY = arguments.integer("yPx", -kShiftMax, kShiftMax);
  const double weight = finiteArgument(arguments, "weight");
  const std::uint8_t neutral = arguments.byte("neutral");
  std::uint8_t* target = arguments.arrayOf<std::uint8_t>("target", size.cells());
  std::uint16_t* next = arguments.arrayOf<std::uint16_t>("next", size.cells());
  backgroundDifference(current, background, size, shiftX, shiftY, weight, neutral, target, next);
}

}  // namespace

void registerMotionKernels(Napi::Env env, Napi::Object exports) {
  exports.Set("buildPyramid", Napi::Function::New<callBuildPyramid>(env, "buildPyramid"));
  exports.Set("estimateShift", Napi::Function::New<callEstimateShift>(env, "estimateShift"));
  exports.Set("shiftedDifference",
              Napi::Function::New<callShiftedDifference>(env, "shiftedDifference"));
  exports.Set("backgroundDifference",
              Napi::Function::New<callBackgroundDifference>(env, "backgroundDifference"));
}

}  // namespace echoline::addon
