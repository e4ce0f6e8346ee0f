{
  "variables": {
    "jpeg_cflags%": "<!(pkg-config --cflags libjpeg 2>/dev/null || true)",
    "has_jpeg%": "<!(pkg-config --exists libjpeg 2>/dev/null && echo 1 || echo 0)"
  },
  "targets": [
    {
      "target_name": "echoline",
      "sources": [
        "core/activity.cpp",
        "core/components.cpp",
        "core/classes.cpp",
        "core/contour.cpp",
        "core/difference.cpp",
        "core/gray.cpp",
        "core/jpeg.cpp",
        "core/peaks.cpp",
        "core/resize.cpp",
        "core/shift.cpp",
        "core/texture.cpp",
        "addon/addon.cpp",
        "addon/grid-kernels.cpp",
        "addon/image-kernels.cpp",
        "addon/jpeg.cpp",
        "addon/motion-kernels.cpp",
        "addon/shared-memory.cpp",
        "addon/thread-time.cpp"
      ],
      "include_dirs": ["<!(node -p \"require('node-addon-api').include_dir\")"],
      "defines": ["NAPI_VERSION=8", "NAPI_CPP_EXCEPTIONS", "NODE_ADDON_API_DISABLE_DEPRECATED"],
      "cflags!": ["-fno-exceptions", "-O2"],
      "cflags_cc!": ["-fno-exceptions", "-std=gnu++17", "-std=gnu++20", "-O2"],
      "cflags_cc": [
        "-std=c++20", "-O3", "-fexceptions", "-ffp-contract=off", "-fvisibility=hidden",
        "-Wall", "-Wextra"
      ],
      "xcode_settings": {
        "GCC_ENABLE_CPP_EXCEPTIONS": "YES",
        "CLANG_CXX_LANGUAGE_STANDARD": "c++20",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "OTHER_CPLUSPLUSFLAGS": ["-ffp-contract=off", "-fvisibility=hidden"],
        "MACOSX_DEPLOYMENT_TARGET": "11.0"
      },
      "conditions": [
        ["has_jpeg==1", {
          "defines": ["ECHOLINE_HAS_JPEG"],
          "cflags_cc": ["<@(jpeg_cflags)"]
        }],
        ["OS==\"linux\"", { "libraries": ["-ldl"], "ldflags": ["-Wl,-s"] }]
      ]
    }
  ]
}
