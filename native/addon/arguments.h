#pragma once

#include <napi.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include "../core/kernels.h"

/**
 * Reads and checks the arguments of one call. Whatever does not fit throws a TypeError or
 * RangeError that names the argument, before anything is read or written.
 */
namespace echoline::addon {

/** The memory of a typed array, valid during the call. */
template <typename Element>
struct Span {
  Element* data;
  std::size_t length;
};

template <typename Element>
constexpr napi_typedarray_type elementType() {
  if constexpr (std::is_same_v<Element, std::uint8_t>) return napi_uint8_array;
  else if constexpr (std::is_same_v<Element, std::uint16_t>) return napi_uint16_array;
  else if constexpr (std::is_same_v<Element, std::int32_t>) return napi_int32_array;
  else if constexpr (std::is_same_v<Element, float>) return napi_float32_array;
  else {
    static_assert(std::is_same_v<Element, double>);
    return napi_float64_array;
  }
}

[[noreturn]] inline void refuseType(Napi::Env env, const char* name, const char* expected) {
  throw Napi::TypeError::New(env, std::string(name) + " has to be " + expected + ".");
}

[[noreturn]] inline void refuseRange(Napi::Env env, const std::string& what) {
  throw Napi::RangeError::New(env, what);
}

/** One call's arguments, read one after the other. */
class Arguments {
 public:
  explicit Arguments(const Napi::CallbackInfo& info) : info_(info) {}

  Napi::Env env() const { return info_.Env(); }

  /** A typed array of exactly this element type (a Buffer is a Uint8Array). */
  template <typename Element>
  Span<Element> array(const char* name) {
    const napi_value value = info_[index_++];
    napi_typedarray_type type{};
    std::size_t length = 0;
    void* data = nullptr;
    const napi_status status = napi_get_typedarray_info(info_.Env(), value, &type, &length, &data,
                                                        nullptr, nullptr);
    if (status != napi_ok || type != elementType<Element>()) {
      refuseType(env(), name, "a typed array of the declared type");
    }
    return {static_cast<Element*>(data), length};
  }

  /** The same, of at least `least` elements. */
  template <typename Element>
  Element* arrayOf(const char* name, std::size_t least) {
    const Span<Element> span = array<Element>(name);
    if (span.length < least) {
      refuseRange(env(), std::string(name) + " has " + std::to_string(span.length) +
                             " elements, needs " + std::to_string(least) + ".");
    }
    return span.data;
  }

  double number(const char* name) {
    double value = 0;
    if (napi_get_value_double(info_.Env(), info_[index_++], &value) != napi_ok) {
      refuseType(env(), name, "a number");
    }
    return value;
  }

  std::int32_t integer(const char* name, std::int32_t least, std::int32_t most) {
    const double value = number(name);
    if (!(value >= least && value <= most) || value != std::floor(value)) {
      refuseRange(env(), std::string(name) + " has to be an integer from " +
                             std::to_string(least) + " to " + std::to_string(most) + ".");
    }
    return static_cast<std::int32_t>(value);
  }

  /** A length of an image's side, 1 to kSideMax. */
  std::int32_t side(const char* name) { return integer(name, 1, kSideMax); }

  std::uint8_t byte(const char* name) {
    return static_cast<std::uint8_t>(integer(name, 0, 255));
  }

  /** Width and height of a grid whose cells 32 bits can count. */
  GridSize gridSize() {
    const GridSize size{side("width"), side("height")};
    if (size.cells() > kCellsMax) refuseRange(env(), "The grid has more than 2^30 cells.");
    return size;
  }

  static constexpr std::int32_t kSideMax = 65535;
  static constexpr std::size_t kCellsMax = std::size_t{1} << 30;

 private:
  const Napi::CallbackInfo& info_;
  std::size_t index_ = 0;
};

}  // namespace echoline::addon
