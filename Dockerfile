# Echoline service image. NOT built where it was written (no Docker engine there): its steps were run
# by hand, on Debian 12 with Node 20 and npm 11, in empty folders with what each COPY names, and the
# service then started as another user. Report what does not work.
#
# The service refuses a non-loopback address without TLS and tokens, so the container needs
#   -e ECHOLINE_TLS_CERT=/tls/cert.pem -e ECHOLINE_TLS_KEY=/tls/key.pem -v /your/tls:/tls:ro
#   -e ECHOLINE_AUTH=tokens -e ECHOLINE_TOKENS=/tokens.json -v /your/tokens.json:/tokens.json:ro
# or, on a closed test network only, -e ECHOLINE_INSECURE=1, which waives both.

FROM node:24-bookworm-slim AS build
WORKDIR /build
ENV ONNXRUNTIME_NODE_INSTALL=skip
# For the native kernels; without them the image works on the TypeScript ones. The kernels decode
# JPEG only where they found libjpeg's headers.
RUN apt-get update \
 && apt-get install -y --no-install-recommends g++ make python3 pkg-config libjpeg62-turbo-dev \
 && rm -rf /var/lib/apt/lists/*
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev
COPY tsconfig.json tsconfig.base.json ./
COPY scripts ./scripts
COPY native ./native
COPY src ./src
RUN node scripts/build.mjs && mkdir -p native/prebuilds && node scripts/prebuild-native.mjs
RUN npm prune --omit=dev \
 && find node_modules/onnxruntime-node/bin -mindepth 2 -maxdepth 2 ! -name "$(node -p process.platform)" -exec rm -rf {} +

FROM node:24-bookworm-slim
ENV NODE_ENV=production ECHOLINE_HOST=0.0.0.0 ECHOLINE_PORT=8787
WORKDIR /opt/echoline
# ffmpeg reads films (`echoline infer FILM`), libjpeg gray JPEG frames; both are optional.
RUN apt-get update && apt-get install -y --no-install-recommends ffmpeg libjpeg62-turbo \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
COPY --from=build /build/native/prebuilds ./native/prebuilds
COPY package.json LICENSE README.md ./
COPY models/guidenet ./models/guidenet
COPY models/yardstick ./models/yardstick
COPY protocols ./protocols
USER node
EXPOSE 8787
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s CMD ["node", "-e", "const t=process.env.ECHOLINE_TLS_CERT?'https':'http';process.env.NODE_TLS_REJECT_UNAUTHORIZED='0';import('node:'+t).then(m=>m.get(`${t}://127.0.0.1:${process.env.ECHOLINE_PORT}/readyz`,r=>process.exit(r.statusCode===200?0:1)).on('error',()=>process.exit(1)))"]
ENTRYPOINT ["node", "dist/cli/main.js", "serve"]
