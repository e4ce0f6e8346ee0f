#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

namespace echoline {

/**
 * The system's libjpeg-turbo, loaded at run time so that a binary built where it is there also
 * starts where it is not. Built without its header there is never one.
 */
class JpegLibrary {
 public:
  /** Loads the library. Null when it is not there; `reason` then says why. */
  static std::unique_ptr<JpegLibrary> open(std::string& reason);
  ~JpegLibrary();
  JpegLibrary(const JpegLibrary&) = delete;
  JpegLibrary& operator=(const JpegLibrary&) = delete;

  struct Functions;
  const Functions& functions() const noexcept { return *functions_; }
  /** e.g. "libjpeg.so.62" */
  const std::string& name() const noexcept { return name_; }

 private:
  JpegLibrary();
  void* handle_ = nullptr;
  std::unique_ptr<Functions> functions_;
  std::string name_;
};

enum class JpegOutcome {
  decoded,
  /** Colour, progressive, arithmetic coding, or a size that is not the expected one. */
  unsupported,
  /** The library complained; half an image is no image, so warnings count. */
  corrupt,
};

/** What to decode and where to. */
struct JpegTask {
  const std::uint8_t* data;
  std::size_t length;
  /** Size that the image has to have. */
  std::int32_t width;
  std::int32_t height;
  /** 1, 2, 4 or 8: the image is made that many times smaller while its blocks are transformed. */
  std::int32_t reduction;
  /** ⌈width / reduction⌉ × ⌈height / reduction⌉, tight. */
  std::uint8_t* target;
};

/** Decodes a baseline JPEG with one component. Never throws. */
JpegOutcome decodeGrayJpeg(const JpegLibrary& library, const JpegTask& task) noexcept;

}  // namespace echoline
