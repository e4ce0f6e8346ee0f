#pragma once

// Vector code without intrinsics: each hot loop is written once, as a body that is always inlined,
// and compiled twice on x86-64: for every machine (SSE2) and for machines with AVX2. Which of the
// two runs is decided at run time. Elsewhere (arm64: NEON) the compiler's baseline is all there is.

#if defined(__GNUC__) || defined(__clang__)
#define ECHOLINE_BODY static inline __attribute__((always_inline))
#else
#define ECHOLINE_BODY static inline
#endif

#if defined(__x86_64__) && defined(__GNUC__)
#define ECHOLINE_HAS_WIDE 1
#define ECHOLINE_WIDE __attribute__((target("avx2")))
#else
#define ECHOLINE_HAS_WIDE 0
#define ECHOLINE_WIDE
#endif

namespace echoline {

#if defined(ECHOLINE_CORE_TESTS)
/** The core's own tests run both variants in one process. */
inline bool mayBeWide = true;
#else
inline constexpr bool mayBeWide = true;
#endif

/** Whether the AVX2 variants may run on this machine. */
inline bool isWide() noexcept {
#if ECHOLINE_HAS_WIDE
  return mayBeWide && __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

}  // namespace echoline

/**
 * Defines `name` with `parameters`, which runs `nameBody` with `arguments` in the variant that fits
 * the machine.
 */
#if ECHOLINE_HAS_WIDE
#define ECHOLINE_DISPATCH(result, name, parameters, arguments)                          \
  ECHOLINE_WIDE static result name##Wide parameters { return name##Body arguments; }   \
  static result name##Baseline parameters { return name##Body arguments; }             \
  static inline result name parameters {                                               \
    return isWide() ? name##Wide arguments : name##Baseline arguments;                 \
  }
#else
#define ECHOLINE_DISPATCH(result, name, parameters, arguments) \
  static inline result name parameters { return name##Body arguments; }
#endif
