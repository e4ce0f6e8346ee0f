#pragma once

// Vector code without intrinsics: each hot loop is written once, as a body that is always inlined,
// and compiled three times on x86-64: for every machine (SSE2), for machines with AVX2 and for
// those with AVX-512. Which one runs is decided at run time. Elsewhere (arm64: NEON) the compiler's
// baseline is all there is.

#if defined(__GNUC__) || defined(__clang__)
#define ECHOLINE_BODY static inline __attribute__((always_inline))
#else
#define ECHOLINE_BODY static inline
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#define ECHOLINE_HAS_WIDE 1
#define ECHOLINE_WIDE __attribute__((target("avx2")))
#define ECHOLINE_WIDEST \
  __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,prefer-vector-width=512")))
#else
#define ECHOLINE_HAS_WIDE 0
#endif

namespace echoline {

/** What a body was compiled for. */
enum class Instructions { baseline, avx2, avx512 };

/** The widest that this machine can run. */
inline Instructions ofThisMachine() noexcept {
#if ECHOLINE_HAS_WIDE
  __builtin_cpu_init();
  const bool hasAvx512 =
      __builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512bw") != 0 &&
      __builtin_cpu_supports("avx512dq") != 0 && __builtin_cpu_supports("avx512vl") != 0;
  if (hasAvx512) return Instructions::avx512;
  if (__builtin_cpu_supports("avx2") != 0) return Instructions::avx2;
#endif
  return Instructions::baseline;
}

#if defined(ECHOLINE_CORE_TESTS)
/** The core's own tests run all variants in one process. */
inline Instructions instructions = ofThisMachine();
#else
inline const Instructions instructions = ofThisMachine();
#endif

/** Its name, for reports. */
constexpr const char* nameOf(Instructions which) noexcept {
  switch (which) {
    case Instructions::avx512: return "AVX-512";
    case Instructions::avx2: return "AVX2";
    default: return "baseline";
  }
}

}  // namespace echoline

/**
 * Defines `name` with `parameters`, which runs `nameBody` with `arguments` in the variant that fits
 * the machine.
 */
#if ECHOLINE_HAS_WIDE
#define ECHOLINE_DISPATCH(result, name, parameters, arguments)                              \
  ECHOLINE_WIDEST static result name##Widest parameters { return name##Body arguments; }   \
  ECHOLINE_WIDE static result name##Wide parameters { return name##Body arguments; }       \
  static result name##Baseline parameters { return name##Body arguments; }                 \
  static inline result name parameters {                                                   \
    switch (instructions) {                                                                \
      case Instructions::avx512: return name##Widest arguments;                            \
      case Instructions::avx2: return name##Wide arguments;                                \
      default: return name##Baseline arguments;                                            \
    }                                                                                      \
  }
#else
#define ECHOLINE_DISPATCH(result, name, parameters, arguments) \
  static inline result name parameters { return name##Body arguments; }
#endif
