#include "jpeg.h"

#ifdef ECHOLINE_HAS_JPEG

#include <dlfcn.h>

#include <csetjmp>
#include <cstdio>
// libjpeg's header needs size_t and FILE.
#include <jpeglib.h>

namespace echoline {

/** What is used of the library. */
struct JpegLibrary::Functions {
  decltype(&jpeg_std_error) stdError;
  decltype(&jpeg_CreateDecompress) createDecompress;
  decltype(&jpeg_mem_src) memorySource;
  decltype(&jpeg_read_header) readHeader;
  decltype(&jpeg_start_decompress) startDecompress;
  decltype(&jpeg_read_scanlines) readScanlines;
  decltype(&jpeg_finish_decompress) finishDecompress;
  decltype(&jpeg_destroy_decompress) destroyDecompress;
};

namespace {

#if JPEG_LIB_VERSION >= 80
#define ECHOLINE_JPEG_NUMBER "8"
#else
#define ECHOLINE_JPEG_NUMBER "62"
#endif
#ifdef __APPLE__
constexpr const char* kLibraryName = "libjpeg." ECHOLINE_JPEG_NUMBER ".dylib";
#else
constexpr const char* kLibraryName = "libjpeg.so." ECHOLINE_JPEG_NUMBER;
#endif

template <typename Function>
bool find(void* handle, const char* name, Function& function) {
  function = reinterpret_cast<Function>(dlsym(handle, name));
  return function != nullptr;
}

/** libjpeg's error manager with the place to jump to; must begin with libjpeg's own struct. */
struct ErrorExit {
  jpeg_error_mgr manager;
  std::jmp_buf exit;
};

[[noreturn]] void leave(j_common_ptr info) {
  std::longjmp(reinterpret_cast<ErrorExit*>(info->err)->exit, 1);
}

/** Levels below 0 are warnings: data were missing or made up. */
void onMessage(j_common_ptr info, int level) {
  if (level < 0) leave(info);
}

void ignoreOutput(j_common_ptr) {}

bool isSupported(const jpeg_decompress_struct& info, const JpegTask& task) {
  return info.num_components == 1 && info.progressive_mode == FALSE && info.arith_code == FALSE &&
         info.image_width == static_cast<JDIMENSION>(task.width) &&
         info.image_height == static_cast<JDIMENSION>(task.height);
}

}  // namespace

JpegLibrary::JpegLibrary() : functions_(std::make_unique<Functions>()), name_(kLibraryName) {}

JpegLibrary::~JpegLibrary() {
  if (handle_ != nullptr) dlclose(handle_);
}

std::unique_ptr<JpegLibrary> JpegLibrary::open(std::string& reason) {
  std::unique_ptr<JpegLibrary> library(new JpegLibrary());
  void* handle = dlopen(kLibraryName, RTLD_NOW | RTLD_LOCAL);
  if (handle == nullptr) {
    reason = std::string(kLibraryName) + " is not installed";
    return nullptr;
  }
  library->handle_ = handle;
  Functions& f = *library->functions_;
  const bool isWhole = find(handle, "jpeg_std_error", f.stdError) &&
                       find(handle, "jpeg_CreateDecompress", f.createDecompress) &&
                       find(handle, "jpeg_mem_src", f.memorySource) &&
                       find(handle, "jpeg_read_header", f.readHeader) &&
                       find(handle, "jpeg_start_decompress", f.startDecompress) &&
                       find(handle, "jpeg_read_scanlines", f.readScanlines) &&
                       find(handle, "jpeg_finish_decompress", f.finishDecompress) &&
                       find(handle, "jpeg_destroy_decompress", f.destroyDecompress);
  if (!isWhole) {
    reason = std::string(kLibraryName) + " lacks a function";
    return nullptr;
  }
  return library;
}

// No object with a destructor lives in here: libjpeg leaves by longjmp.
JpegOutcome decodeGrayJpeg(const JpegLibrary& library, const JpegTask& task) noexcept {
  const JpegLibrary::Functions& f = library.functions();
  ErrorExit error;
  jpeg_decompress_struct info;
  info.err = f.stdError(&error.manager);
  error.manager.error_exit = leave;
  error.manager.emit_message = onMessage;
  error.manager.output_message = ignoreOutput;
  // So that destroying works if creating fails: a library of another layout.
  info.mem = nullptr;
  if (setjmp(error.exit) != 0) {
    f.destroyDecompress(&info);
    return JpegOutcome::corrupt;
  }
  f.createDecompress(&info, JPEG_LIB_VERSION, sizeof info);
  f.memorySource(&info, task.data, static_cast<unsigned long>(task.length));
  f.readHeader(&info, TRUE);
  if (!isSupported(info, task)) {
    f.destroyDecompress(&info);
    return JpegOutcome::unsupported;
  }
  info.out_color_space = JCS_GRAYSCALE;
  info.scale_num = 1;
  info.scale_denom = static_cast<unsigned>(task.reduction);
  info.dct_method = JDCT_ISLOW;
  f.startDecompress(&info);
  while (info.output_scanline < info.output_height) {
    JSAMPROW row = task.target + static_cast<std::size_t>(info.output_scanline) * info.output_width;
    f.readScanlines(&info, &row, 1);
  }
  f.finishDecompress(&info);
  f.destroyDecompress(&info);
  return JpegOutcome::decoded;
}

}  // namespace echoline

#else

namespace echoline {

struct JpegLibrary::Functions {};

JpegLibrary::JpegLibrary() = default;
JpegLibrary::~JpegLibrary() = default;

std::unique_ptr<JpegLibrary> JpegLibrary::open(std::string& reason) {
  reason = "built without libjpeg-turbo's header";
  return nullptr;
}

JpegOutcome decodeGrayJpeg(const JpegLibrary&, const JpegTask&) noexcept {
  return JpegOutcome::unsupported;
}

}  // namespace echoline

#endif
