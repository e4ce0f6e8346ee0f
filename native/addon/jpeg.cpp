#include "../core/jpeg.h"

#include "arguments.h"
#include "register.h"

namespace echoline::addon {
namespace {

/** What one Node environment holds on to. */
struct InstanceData {
  std::unique_ptr<JpegLibrary> jpeg;
};

/** data, width, height, reduction, target → 0 decoded, 1 unsupported, 2 corrupt */
Napi::Value callDecodeGrayJpeg(const Napi::CallbackInfo& info) {
  Arguments arguments(info);
  const Span<std::uint8_t> data = arguments.array<std::uint8_t>("data");
  const GridSize size = arguments.gridSize();
  const std::int32_t reduction = arguments.integer("reduction", 1, 8);
  if ((reduction & (reduction - 1)) != 0) {
    refuseRange(arguments.env(), "reduction has to be 1, 2, 4 or 8.");
  }
  const GridSize reduced{(size.width - 1) / reduction + 1, (size.height - 1) / reduction + 1};
  std::uint8_t* target = arguments.arrayOf<std::uint8_t>("target", reduced.cells());
  const auto* instance = info.Env().GetInstanceData<InstanceData>();
  if (instance->jpeg == nullptr) {
    return Napi::Number::New(info.Env(), static_cast<int>(JpegOutcome::unsupported));
  }
  const JpegTask task{data.data, data.length, size.width, size.height, reduction, target};
  return Napi::Number::New(info.Env(), static_cast<int>(decodeGrayJpeg(*instance->jpeg, task)));
}

}  // namespace

void registerJpeg(Napi::Env env, Napi::Object exports) {
  auto* instance = new InstanceData();
  std::string reason;
  instance->jpeg = JpegLibrary::open(reason);
  env.SetInstanceData(instance);
  const bool isThere = instance->jpeg != nullptr;
  exports.Set("decodeGrayJpeg", Napi::Function::New<callDecodeGrayJpeg>(env, "decodeGrayJpeg"));
  exports.Set("hasJpeg", Napi::Boolean::New(env, isThere));
  exports.Set("jpegReason", Napi::String::New(env, isThere ? instance->jpeg->name() : reason));
}

}  // namespace echoline::addon
