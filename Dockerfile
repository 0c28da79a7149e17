# Heard with all it needs, for the app and for Chroma's server (compose.yaml); the versions are those of constraints.txt.
FROM python:3.11-slim-bookworm

RUN useradd --create-home heard
WORKDIR /app
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY research research
COPY ingest ingest
COPY heard heard
COPY heard_server.py streamlit_app.py ./
COPY .streamlit .streamlit
RUN pip install --no-cache-dir -c constraints.txt --extra-index-url https://download.pytorch.org/whl/cpu '.[servers]' \
    && mkdir /data && chown heard /data
USER heard
# The last two keep memory from growing under many users, as `heard serve` has them (docs/many-at-once.md).
ENV HEARD_HOME=/data ANONYMIZED_TELEMETRY=False PYTHONUNBUFFERED=1 MALLOC_MMAP_THRESHOLD_=131072 MALLOC_ARENA_MAX=2
VOLUME /data
EXPOSE 8501
# In a container the app has to be reached from outside of it; who may use it is decided by signing in (docs/scale.md).
CMD ["streamlit", "run", "heard_server.py", "--server.address", "0.0.0.0", "--server.port", "8501", \
     "--server.headless", "true", "--browser.gatherUsageStats", "false"]
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8501/healthz', timeout=4)"]
