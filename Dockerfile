# One image for web, worker and beat; compose.yaml starts the three.
FROM python:3.11-slim

ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 PIP_DISABLE_PIP_VERSION_CHECK=1 \
    DJANGO_SETTINGS_MODULE=config.settings CASE_COACH_ENV=production \
    VAR_DIR=/srv/var STATIC_ROOT=/srv/static HOST=0.0.0.0 PORT=8000

WORKDIR /srv/app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt

COPY . .
# Settings are read here, so a key is needed; this one is used for nothing else.
RUN useradd --system --home-dir /srv coach && mkdir -p /srv/var /srv/static \
    && SECRET_KEY=only-while-building python manage.py collectstatic --no-input \
    && chown -R coach /srv/var /srv/static
USER coach
EXPOSE 8000
CMD ["gunicorn", "config.wsgi", "--config", "config/gunicorn.py"]
