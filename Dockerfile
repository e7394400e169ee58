# The same steps as in README.md, without what only development needs. Node runs the TypeScript sources as they are; the
# console alone is built, with packages that the image then does without.
FROM node:24-slim AS console

WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY contracts ./contracts
COPY scripts ./scripts
COPY tsconfig.json ./
COPY src/console ./src/console
RUN npm run build

FROM node:24-slim

ENV NODE_ENV=production
WORKDIR /app

# Dependencies first: they change less often than the sources.
COPY package.json package-lock.json ./
COPY scripts/prepare.mjs ./scripts/
RUN npm ci --omit=dev && npm cache clean --force

COPY LICENSE ./
COPY connectors ./connectors
COPY contracts ./contracts
COPY migrations ./migrations
COPY src ./src
COPY --from=console /app/dist/console ./dist/console

# Generated keys, and the embedded database where DATABASE_URL is not set, are kept here: mount a volume.
RUN mkdir .data && chown node:node .data
VOLUME /app/.data
USER node

ENV PORT=3000
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/healthz`).then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))"]

# `start` also runs background work; use `serve` and `work` to scale them apart.
CMD ["node", "--max-semi-space-size=64", "--no-memory-reducer", "src/main.ts", "start"]
