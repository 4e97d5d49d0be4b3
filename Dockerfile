# Reign's image: what runs, as an ordinary user, on a root file system that may be read-only.
#   docker build -t reign .
# Without a network: `npm run build && node scripts/assemble-image.mjs image` first; an image/ that is there is taken.
# Any base with Node 20.20 or newer, sh and (for packages that are not there yet) apt will do.
ARG NODE_IMAGE=node:20.20.2-bookworm-slim@sha256:2cf067cfed83d5ea958367df9f966191a942351a2df77d6f0193e162b5febfc0
ARG BUILD_IMAGE=${NODE_IMAGE}

FROM ${BUILD_IMAGE} AS build
WORKDIR /source
COPY . .
RUN [ -d image ] || { npm ci --ignore-scripts && npm run build && node scripts/assemble-image.mjs image; }
# Programs that operations use, each only where "URL SHA256" is given: of a file, a .tar.gz or a .zip.
ARG HELM
ARG KUBECTL
ARG TERRAFORM
RUN mkdir /programs \
  && node scripts/fetch-program.mjs /programs helm $HELM \
  && node scripts/fetch-program.mjs /programs kubectl $KUBECTL \
  && node scripts/fetch-program.mjs /programs terraform $TERRAFORM

FROM ${NODE_IMAGE}
# Empty for a base that carries them.
ARG PACKAGES="bubblewrap ca-certificates git"
RUN { [ -z "$PACKAGES" ] || { apt-get update && apt-get install -y --no-install-recommends $PACKAGES && rm -rf /var/lib/apt/lists/*; }; } \
  && echo 'reign:x:10001:10001::/var/lib/reign:/bin/sh' >> /etc/passwd \
  && echo 'reign:x:10001:' >> /etc/group \
  && mkdir -p /etc/reign /var/lib/reign /usr/local/bin \
  && chown 10001:10001 /var/lib/reign \
  && ln -s /opt/reign/bin/reign.js /usr/local/bin/reign
COPY --from=build /programs/ /usr/local/bin/
COPY --from=build /source/image/ /opt/reign/
ARG REVISION
LABEL org.opencontainers.image.title="Reign" \
  org.opencontainers.image.description="The chat-ops general: plain words in, previewed and approved infrastructure work out." \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.revision="$REVISION"
# The configuration is mounted at /etc/reign, the data folder at /var/lib/reign; /tmp must be writable.
ENV NODE_ENV=production HOME=/var/lib/reign REIGN_DATA_DIR=/var/lib/reign
WORKDIR /etc/reign
USER 10001:10001
EXPOSE 7373
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s CMD ["reign", "health"]
ENTRYPOINT ["reign"]
CMD ["start", "--no-install"]
