# The product in a container: no root, no network needed once it is built.
#   docker build -t raredx .
#   docker run --rm --network none -i raredx diagnose - < letter.txt
#   docker run --rm -p 127.0.0.1:8080:8080 -v raredx:/data raredx        # the page; its token is in /data/token
FROM python:3.11-slim-bookworm AS build
WORKDIR /build
COPY pyproject.toml README.md LICENSE NOTICE ./
COPY src src
RUN pip wheel --no-cache-dir --no-deps --wheel-dir /wheels .

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="RareDxR1" \
      org.opencontainers.image.description="Rare-disease differentials from clinical notes, offline. For research; not a medical device." \
      org.opencontainers.image.licenses="Apache-2.0"
COPY constraints.txt /tmp/constraints.txt
RUN --mount=type=bind,from=build,source=/wheels,target=/wheels \
    pip install --no-cache-dir --constraint /tmp/constraints.txt "$(echo /wheels/raredxr1-*.whl)[pdf]" \
    && useradd --uid 10001 --create-home raredx \
    && install --directory --owner raredx --group raredx --mode 700 /data
USER 10001
ENV PYTHONUNBUFFERED=1 \
    RAREDX_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=60s --timeout=10s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8080/v1/health', timeout=5)"]
ENTRYPOINT ["raredx"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8080"]
