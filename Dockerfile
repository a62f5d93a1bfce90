# The API of Knowwho with its encoders and page built in, for a Neo4j elsewhere (docker-compose.yml).

FROM python:3.11-slim AS build

# An index with CPU wheels of torch. Empty: PyPI's, with the CUDA libraries that it links to.
ARG TORCH_INDEX=""

WORKDIR /src
ENV UV_LINK_MODE=copy UV_NO_CACHE=1 UV_PYTHON=/opt/knowwho/bin/python

COPY requirements.uv.lock requirements.run.lock ./
RUN python -m venv /opt/uv \
 && /opt/uv/bin/pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements.uv.lock \
 && python -m venv --without-pip /opt/knowwho

# Without torch and what it pulls in, the lock's hashes still hold for all the rest.
RUN if [ -z "$TORCH_INDEX" ]; then \
      /opt/uv/bin/uv pip sync --require-hashes requirements.run.lock; \
    else \
      awk '/^[a-z]/ { torch = /^(torch|triton|cuda-|nvidia-)/ } !torch' requirements.run.lock > without-torch.lock \
      && /opt/uv/bin/uv pip sync --require-hashes without-torch.lock \
      && /opt/uv/bin/uv pip install --no-deps --default-index "$TORCH_INDEX" \
           "$(grep -o '^torch==[0-9.]*' requirements.run.lock)"; \
    fi

COPY pyproject.toml README.md LICENSE requirements.lock ./
COPY graph graph
COPY ingest ingest
COPY api api
# The build backend is the one of the lock.
RUN /opt/uv/bin/uv pip install --no-deps --build-constraints requirements.lock .

# The encoders and the page; no engine, since a Neo4j is named.
RUN KNOWWHO_CACHE=/opt/knowwho/cache KNOWWHO_HOME=/tmp/home KNOWWHO_NEO4J_URI=bolt://neo4j:7687 \
    /opt/knowwho/bin/knowwho setup


FROM python:3.11-slim

RUN useradd --uid 10001 --user-group --home-dir /var/lib/knowwho --create-home --shell /usr/sbin/nologin knowwho
COPY --from=build /opt/knowwho /opt/knowwho
ENV PATH=/opt/knowwho/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    KNOWWHO_CACHE=/opt/knowwho/cache \
    KNOWWHO_HOME=/var/lib/knowwho

USER 10001:10001
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=2m --retries=6 \
  CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ.get(\"KNOWWHO_PORT\", \"8000\")}/readyz', timeout=4)"]
ENTRYPOINT ["knowwho"]
CMD ["serve"]
