#include <napi.h>

#include <cerrno>
#include <cstring>
#include <string>

#include "register.h"

#if defined(__linux__) || defined(__APPLE__)
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#define ECHOLINE_HAS_SHARED_MEMORY 1
#endif

/**
 * Memory that two processes map. It never has a name that outlives the call that makes it: both
 * processes may be killed at any time, and the kernel then takes the memory back.
 */
namespace echoline::addon {
namespace {

#ifdef ECHOLINE_HAS_SHARED_MEMORY

[[noreturn]] void refuse(Napi::Env env, const char* call) {
  throw Napi::Error::New(env, std::string(call) + ": " + std::strerror(errno));
}

/** Bytes to map, in `info[index]`. */
std::size_t bytesOf(const Napi::CallbackInfo& info, std::size_t index) {
  const double bytes = info[index].IsNumber() ? info[index].As<Napi::Number>().DoubleValue() : 0;
  if (!(bytes >= 1 && bytes <= 4294967296.0)) {
    throw Napi::RangeError::New(info.Env(), "bytes has to be from 1 to 2^32.");
  }
  return static_cast<std::size_t>(bytes);
}

/** A file descriptor of memory without a name; -1 with errno. */
int openAnonymous() {
#ifdef __linux__
  return memfd_create("echoline-frames", MFD_CLOEXEC | MFD_ALLOW_SEALING);
#else
  const std::string name = "/echoline-" + std::to_string(getpid());
  const int descriptor = shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  if (descriptor >= 0) shm_unlink(name.c_str());
  return descriptor;
#endif
}

/** bytes → file descriptor, closed by the caller. Pages cost memory only once they are written. */
Napi::Value callCreate(const Napi::CallbackInfo& info) {
  const std::size_t bytes = bytesOf(info, 0);
  const int descriptor = openAnonymous();
  if (descriptor < 0) refuse(info.Env(), "memfd_create");
  bool isSized = ftruncate(descriptor, static_cast<off_t>(bytes)) == 0;
#ifdef __linux__
  // Nobody can shrink it under the other process, which would end that one by SIGBUS.
  isSized = isSized && fcntl(descriptor, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW) == 0;
#endif
  if (!isSized) {
    const int why = errno;
    close(descriptor);
    errno = why;
    refuse(info.Env(), "ftruncate");
  }
  return Napi::Number::New(info.Env(), descriptor);
}

/** descriptor, bytes, isWritable → ArrayBuffer, unmapped when it is detached or collected. */
Napi::Value callMap(const Napi::CallbackInfo& info) {
  if (!info[0].IsNumber()) throw Napi::TypeError::New(info.Env(), "descriptor has to be a number.");
  const int descriptor = info[0].As<Napi::Number>().Int32Value();
  const std::size_t bytes = bytesOf(info, 1);
  const int access = info[2].ToBoolean() ? PROT_READ | PROT_WRITE : PROT_READ;
  void* memory = mmap(nullptr, bytes, access, MAP_SHARED, descriptor, 0);
  if (memory == MAP_FAILED) refuse(info.Env(), "mmap");
  return Napi::ArrayBuffer::New(
      info.Env(), memory, bytes,
      [](Napi::Env, void* data, std::size_t* length) {
        munmap(data, *length);
        delete length;
      },
      new std::size_t(bytes));
}

/** ArrayBuffer of `mapSharedMemory` → its memory is given back now. */
void callUnmap(const Napi::CallbackInfo& info) {
  if (!info[0].IsArrayBuffer()) throw Napi::TypeError::New(info.Env(), "memory has to be mapped.");
  info[0].As<Napi::ArrayBuffer>().Detach();
}

#endif

}  // namespace

void registerSharedMemory(Napi::Env env, Napi::Object exports) {
#ifdef ECHOLINE_HAS_SHARED_MEMORY
  exports.Set("createSharedMemory", Napi::Function::New<callCreate>(env, "createSharedMemory"));
  exports.Set("mapSharedMemory", Napi::Function::New<callMap>(env, "mapSharedMemory"));
  exports.Set("unmapSharedMemory", Napi::Function::New<callUnmap>(env, "unmapSharedMemory"));
#else
  (void)env;
  (void)exports;
#endif
}

}  // namespace echoline::addon
