# The image of docker-compose.yml: the locked packages, the fonts of the briefings, this repository.
FROM python:3.11-slim

RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/*

# The packages change less often than the code: a layer of their own.
COPY requirements/run.txt /opt/shouxian/requirements/run.txt
RUN pip install --no-cache-dir --require-hashes --requirement /opt/shouxian/requirements/run.txt

# Volumes take over the owner of the folders they are mounted on.
RUN useradd --uid 10001 --create-home shouxian \
    && install --directory --owner=shouxian --mode=700 \
       /var/lib/shouxian /var/lib/shouxian-keys /var/lib/airflow
COPY . /opt/shouxian
RUN python -m compileall -q /opt/shouxian

ENV AIRFLOW_HOME=/var/lib/airflow \
    AIRFLOW__CORE__DAGS_FOLDER=/opt/shouxian/dags \
    PYTHONPATH=/opt/shouxian \
    PYTHONUNBUFFERED=1 \
    SHOUXIAN_HOME=/var/lib/shouxian \
    SHOUXIAN_KEYS=/var/lib/shouxian-keys
USER shouxian
WORKDIR /opt/shouxian
EXPOSE 8080
