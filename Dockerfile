# KireMisu in one image: the server, its job workers and, without DATABASE_URL, its database.
FROM python:3.13-slim-bookworm AS build
ENV UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.8
WORKDIR /app
COPY pyproject.toml .python-version README.md LICENSE ./
RUN uv sync --no-dev --extra apprise --no-install-project --compile-bytecode

FROM python:3.13-slim-bookworm
RUN useradd --uid 1000 --create-home --shell /usr/sbin/nologin kiremisu \
    && install -d -o kiremisu -g kiremisu /data /library
WORKDIR /app
COPY --from=build /app/.venv .venv
COPY . .
ENV PATH=/app/.venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 KIREMISU_DATA_DIR=/data
USER 1000
VOLUME /data
EXPOSE 5473
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:5473/healthz', timeout=4)"]
ENTRYPOINT ["python", "manage.py"]
CMD ["up", "--host", "0.0.0.0", "/library"]
