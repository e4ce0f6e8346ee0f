#pragma once

#include <napi.h>

namespace echoline::addon {

/** Each adds its functions to `exports`; src/kernels/native-addon.ts declares them. */
void registerImageKernels(Napi::Env env, Napi::Object exports);
void registerMotionKernels(Napi::Env env, Napi::Object exports);
void registerGridKernels(Napi::Env env, Napi::Object exports);
void registerJpeg(Napi::Env env, Napi::Object exports);
void registerSharedMemory(Napi::Env env, Napi::Object exports);
void registerThreadTime(Napi::Env env, Napi::Object exports);

}  // namespace echoline::addon
