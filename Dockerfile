# Viva's API and worker. Weights and index are made at build, so that a container starts without the package index.
FROM python:3.11-slim-bookworm AS build
# Where pip finds a CPU wheel of PyTorch; the default wheel of torch 2.13.0 brings several GB of CUDA packages.
ARG TORCH_INDEX_URL=https://download.pytorch.org/whl/cpu
WORKDIR /viva
RUN python -m venv .venv
COPY constraints.txt pyproject.toml ./
RUN .venv/bin/pip install --no-cache-dir --index-url "$TORCH_INDEX_URL" torch==2.13.0
COPY app app
COPY README.md ./
RUN .venv/bin/pip install --no-cache-dir -c constraints.txt -e .
COPY corpus corpus
COPY prompts prompts
COPY migrations migrations
# "none" for an image without the embedded model, for use with a hosted one.
ARG MODEL=embedded
RUN VIVA_DATA_DIR=/viva/data VIVA_INTERVIEWER__PROVIDER=$MODEL VIVA_JUDGE__PROVIDER=$MODEL .venv/bin/viva setup \
    && VIVA_DATA_DIR=/viva/data .venv/bin/viva sandbox --prepare

FROM python:3.11-slim-bookworm
# The operating system's certificates are what the openai client trusts; llama.cpp and torch need OpenMP.
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates libgomp1 \
    && rm -rf /var/lib/apt/lists/* && useradd --create-home viva
COPY --from=build --chown=viva:viva /viva /viva
USER viva
WORKDIR /viva
# As it was built: an image without the embedded model does not fetch it at its first start.
ARG MODEL=embedded
ENV VIVA_INTERVIEWER__PROVIDER=$MODEL VIVA_JUDGE__PROVIDER=$MODEL
ENV PATH=/viva/.venv/bin:$PATH VIVA_DATA_DIR=/viva/data VIVA_SERVER__HOST=0.0.0.0 VIVA_SERVER__API_KEYS=true VIVA_TELEMETRY__JSON_LINES=true
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/v1/health/ready', timeout=4)"]
CMD ["viva", "serve"]
