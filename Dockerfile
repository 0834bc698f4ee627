# Viva's API and worker. Weights and index are made at build, so that a container starts without the package index.
# One image for both stages; name it with its digest (--build-arg PYTHON_IMAGE=python:3.11-slim-bookworm@sha256:...) to pin it.
ARG PYTHON_IMAGE=python:3.11-slim-bookworm

FROM ${PYTHON_IMAGE} AS build
# Where pip finds a CPU wheel of PyTorch; the default wheel brings several GB of CUDA packages.
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
WORKDIR /viva
RUN python -m venv .venv
# Packages first, beside an empty app: a change of the code installs none of them again.
COPY constraints.txt pyproject.toml ./
RUN .venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX_URL" "$(grep '^torch==' constraints.txt)"
RUN mkdir app migrations && touch app/__init__.py migrations/__init__.py README.md && .venv/bin/pip install --no-cache-dir -c constraints.txt -e .
COPY app app
RUN .venv/bin/python -m compileall -q app
# Before the corpus: a changed question compiles no WebAssembly.
RUN VIVA_DATA_DIR=/data .venv/bin/viva sandbox --prepare
COPY migrations migrations
COPY prompts prompts
COPY corpus corpus
# "none" for an image without the embedded model, for use with a hosted one.
ARG MODEL=embedded
RUN VIVA_DATA_DIR=/data VIVA_INTERVIEWER__PROVIDER=$MODEL VIVA_JUDGE__PROVIDER=$MODEL .venv/bin/viva setup

FROM ${PYTHON_IMAGE}
# The operating system's certificates are what the openai client trusts; llama.cpp and torch need OpenMP.
# The number of the user is fixed, so that a volume still belongs to it after the next build.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libgomp1 \
    && rm -rf /var/lib/apt/lists/* && useradd --uid 10001 --create-home viva
# What runs belongs to root, and what it writes to itself.
COPY --from=build /viva /viva
COPY --from=build --chown=viva:viva /data /viva/data
USER viva
WORKDIR /viva
# As it was built: an image without the embedded model does not fetch it at its first start.
ARG MODEL=embedded
ENV VIVA_INTERVIEWER__PROVIDER=$MODEL VIVA_JUDGE__PROVIDER=$MODEL
ENV PATH=/viva/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1
ENV VIVA_DATA_DIR=/viva/data VIVA_SERVER__HOST=0.0.0.0 VIVA_SERVER__API_KEYS=true VIVA_TELEMETRY__JSON_LINES=true
EXPOSE 8000
# Ready, and not only live: a container that cannot hold interviews should get no requests. Nothing restarts it for that.
HEALTHCHECK --interval=10s --timeout=5s --start-period=120s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('VIVA_SERVER__PORT', '8000') + '/v1/health/ready', timeout=4)"]
# A volume keeps the database and the index of the image before: they are brought up to date first, in seconds.
CMD ["sh", "-c", "viva setup && exec viva serve"]
