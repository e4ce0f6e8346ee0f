#include <napi.h>

#include "../core/dispatch.h"
#include "register.h"

namespace {

/** Rises when arguments or results change; src/kernels/native-addon.ts expects this number. */
constexpr int kInterfaceVersion = 3;

Napi::Object initialise(Napi::Env env, Napi::Object exports) {
  exports.Set("interfaceVersion", Napi::Number::New(env, kInterfaceVersion));
  exports.Set("instructions", Napi::String::New(env, echoline::nameOf(echoline::instructions)));
  echoline::addon::registerImageKernels(env, exports);
  echoline::addon::registerMotionKernels(env, exports);
  echoline::addon::registerGridKernels(env, exports);
  echoline::addon::registerJpeg(env, exports);
  echoline::addon::registerSharedMemory(env, exports);
  echoline::addon::registerThreadTime(env, exports);
  return exports;
}

}  // namespace

NODE_API_MODULE(echoline, initialise)
