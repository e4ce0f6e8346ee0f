#include <napi.h>

#include <ctime>

#include "register.h"

/** Processor time of the calling thread, which other threads and other processes do not lengthen. */
namespace echoline::addon {
namespace {

#ifdef CLOCK_THREAD_CPUTIME_ID
/** → µs since the thread began. */
Napi::Value callThreadTime(const Napi::CallbackInfo& info) {
  timespec now{};
  if (clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now) != 0) {
    throw Napi::Error::New(info.Env(), "clock_gettime: the system has no time of threads.");
  }
  const double us = 1e6 * static_cast<double>(now.tv_sec) + 1e-3 * static_cast<double>(now.tv_nsec);
  return Napi::Number::New(info.Env(), us);
}
#endif

}  // namespace

void registerThreadTime(Napi::Env env, Napi::Object exports) {
#ifdef CLOCK_THREAD_CPUTIME_ID
  exports.Set("threadTimeUs", Napi::Function::New<callThreadTime>(env, "threadTimeUs"));
#endif
}

}  // namespace echoline::addon
