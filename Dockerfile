# Build a virtual environment with the locked dependencies, checked by hash, and Dateline.
FROM python:3.11-slim AS builder
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
RUN python -m venv --without-pip /opt/venv
COPY requirements-charts.lock ./
RUN pip --python /opt/venv/bin/python install --quiet --no-deps --require-hashes -r requirements-charts.lock
COPY LICENSE README.md pyproject.toml ./
COPY bot bot
COPY config config
COPY seeds seeds
RUN pip --python /opt/venv/bin/python install --quiet --no-deps .

FROM python:3.11-slim
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
