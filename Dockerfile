# The digest is that of Docker's record of its official images (docker-library/repo-info). An image with
# a digest never changes, so security fixes need a newer digest.
FROM python:3.11.15-slim-trixie@sha256:90744cff8f32887f075c47d747a173ff333e9e98801667af93c357fa9f5e28ff AS base

# Build a virtual environment with the locked dependencies, checked by hash, and Dateline.
FROM base AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/build
RUN python -m venv --without-pip /opt/venv
COPY requirements-build.lock requirements-charts.lock ./
# Only wheels: a source distribution would be built with the newest release of its build backend.
RUN pip --python /opt/build/bin/python install --quiet --no-deps --only-binary :all: --require-hashes -r requirements-build.lock
RUN pip --python /opt/venv/bin/python install --quiet --no-deps --only-binary :all: --require-hashes -r requirements-charts.lock
COPY LICENSE README.md pyproject.toml ./
COPY bot bot
COPY config config
COPY seeds seeds
# Without isolation, the wheel is built with what the lock pins, not with the newest release.
RUN pip --python /opt/build/bin/python wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .
RUN pip --python /opt/venv/bin/python install --quiet --no-deps dist/*.whl

FROM base
COPY --from=builder /opt/venv /opt/venv
# Dateline writes only to /data, so the root file system can be read-only.
ENV PATH="/opt/venv/bin:$PATH" \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    DATELINE_DATA_DIR=/data
RUN install --directory --owner=10001 --group=10001 /data
VOLUME /data
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --start-period=60s CMD ["dateline", "health"]
ENTRYPOINT ["dateline"]
CMD ["run"]
